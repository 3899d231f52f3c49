"""A past day's figures lead to the very checks that stood so on that day."""

import datetime as dt
import re

from backend.core.days import today
from tests.office.conftest import done


def test_every_figure_of_a_past_day_leads_to_as_many_checks(world, browse):
    day = today() - dt.timedelta(days=40)
    late = world.plan(since=today() - dt.timedelta(days=100))
    fine = world.plan(asset=world.asset(name="Second panel"), since=today() - dt.timedelta(days=42))
    done(fine, world.caretaker, days_ago=41)
    done(late, world.caretaker, days_ago=1)
    browser = browse(world.lead)
    for known in ("then", "now"):
        page = browser.get(f"/compliance/?as_of={day}&known={known}").content.decode()
        links = re.findall(r'<a href="(/plans/\?[^"]*)"><b><span[^>]*>[^<]*</span> ([\d,]+)</b>', page)
        assert len(links) >= 5
        assert any(number != "0" for _, number in links)
        for link, number in links:
            assert f"as_of={day}" in link
            listed = browser.get(link.replace("&amp;", "&"))
            assert listed.context["page"].paginator.count == int(number), link
    listed = browser.get(f"/plans/?status=overdue&as_of={day}&known=then")
    assert [plan.pk for plan in listed.context["page"]] == [late.pk]
    assert "As it stood on" in listed.content.decode() and "▲" in listed.content.decode()
    assert "Overdue" in b"".join(browser.get(f"/plans.csv?as_of={day}&known=then").streaming_content).decode()
    assert [plan.pk for plan in browser.get("/plans/?status=overdue").context["page"]] == [fine.pk]
