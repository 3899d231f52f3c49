"""Long lists as files: made by a worker as whoever asked may see them then, theirs alone, and gone after a day."""

import datetime as dt
from typing import Any, cast

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from backend.config.backup.making import unnamed
from backend.core.days import today
from backend.office.lists import exporting
from backend.office.models import ListExport
from backend.trust.models import Appointment
from tests.office.conftest import done
from tests.office.lists.test_downloads import sheet_of
from tests.office.test_pages_lists import rows_of

LONG_LISTS = (
    "assets", "plans", "records", "lapses", "problems", "people", "models", "contractors", "contractors/visits", "certificates",
    "work-orders", "proof", "notices", "not-applicable",
)  # fmt: skip


@pytest.fixture
def estate(world):
    """Two checks at Oakfield, one of them done, and one at Riverside."""
    done(world.plan(), world.caretaker, answers={})
    world.plan("loler-passenger-lift", since=today() - dt.timedelta(days=400))
    world.plan(site=world.riverside)
    return world


@pytest.fixture
def one_is_long(monkeypatch):
    """Every list with a row in it counts as long."""
    monkeypatch.setattr(exporting, "LONG", 0)


def asked(browser, address) -> ListExport:
    answer = browser.get(address)
    assert answer.status_code == 302, address
    assert answer.url.startswith("/exports/")
    return ListExport.objects.get(pk=answer.url.split("/")[2])


def at_riverside_too(estate, person) -> Appointment:
    start = today() - dt.timedelta(days=30)
    return Appointment.objects.create(person=person, role="site-manager", school=estate.riverside.school, starts_on=start)


def file_of(browser, row):
    return browser.get(f"/exports/{row.pk}/file/")


def test_a_long_list_is_made_by_a_worker_and_is_the_same_file(estate, browse, monkeypatch):
    browser = browse(estate.lead)
    at_once = {name: rows_of(browser.get(f"/{name}.csv?discipline=fire")) for name in ("plans", "records")}
    columns = [[cell.value for cell in row] for row in sheet_of(browser.get("/plans.xlsx?column=Check&column=Site")).rows]
    monkeypatch.setattr(exporting, "LONG", 0)
    for name, rows in at_once.items():
        row = asked(browser, f"/{name}.csv?discipline=fire")
        page = browser.get(f"/exports/{row.pk}/")
        assert page["Refresh"] == "2"
        assert "is being made" in page.text
        assert file_of(browser, row).status_code == 409
        assert "rows" in exporting.make_now(str(row.pk))
        assert exporting.make_now(str(row.pk)) == "nothing to do"
        page = browser.get(f"/exports/{row.pk}/")
        assert "is ready" in page.text
        assert f"/{name}/?discipline=fire" in page.text
        assert not page.has_header("Refresh")
        assert rows_of(file_of(browser, row)) == rows
        row.refresh_from_db()
        assert row.written == len(rows) - (name == "records")  # the chain's head below is no row
    row = asked(browser, "/plans.xlsx?column=Check&column=Site")
    exporting.make_now(str(row.pk))
    answer = file_of(browser, row)
    assert 'filename="checks-' in answer["Content-Disposition"]
    assert [[cell.value for cell in each] for each in sheet_of(answer).rows] == columns


@pytest.mark.parametrize("name", LONG_LISTS)
def test_every_list_can_be_made_so(estate, browse, monkeypatch, name):
    browser = browse(estate.person("hr-officer") if name == "people" else estate.lead)
    rows = rows_of(browser.get(f"/{name}.csv"))
    monkeypatch.setattr(exporting, "LONG", -1)
    row = asked(browser, f"/{name}.csv")
    exporting.make_now(str(row.pk))
    assert rows_of(file_of(browser, row)) == rows


def test_short_lists_come_at_once_and_looking_makes_nothing(estate, browse, monkeypatch):
    browser = browse(estate.lead)
    monkeypatch.setattr(exporting, "LONG", 3)
    assert browser.get("/plans.csv").status_code == 200
    monkeypatch.setattr(exporting, "LONG", 2)
    assert browser.head("/plans.csv").status_code == 200
    assert browser.get("/plans.csv?choose").status_code == 200
    assert not ListExport.objects.exists()
    assert browser.get("/plans.csv").status_code == 302


def test_the_file_holds_what_may_be_seen_when_it_is_made(estate, browse, one_is_long):
    both = estate.person("site-manager", school=estate.oakfield.school)
    second = at_riverside_too(estate, both)
    browser = browse(both)
    row = asked(browser, "/plans.csv")
    assert row.rows == 3
    second.ends_on = today() - dt.timedelta(days=1)
    second.save()
    exporting.make_now(str(row.pk))
    rows = rows_of(file_of(browser, row))
    assert len(rows) == 2
    assert "Riverside" not in str(rows)


def test_a_file_made_of_other_roles_is_not_handed_out(estate, browse, one_is_long):
    both = estate.person("site-manager", school=estate.oakfield.school)
    second = at_riverside_too(estate, both)
    row = asked(browse(both), "/plans.csv")
    exporting.make_now(str(row.pk))
    second.ends_on = today() - dt.timedelta(days=1)
    second.save()
    answer = file_of(browse(both), row)
    assert answer.status_code == 410
    assert "changed" in answer.text


def test_who_has_lost_the_list_gets_no_file(estate, browse, one_is_long):
    manager = estate.person("site-manager", school=estate.oakfield.school)
    browser = browse(manager)
    row = asked(browser, "/plans.csv")
    manager.appointments.update(role="clerk")
    exporting.make_now(str(row.pk))
    row.refresh_from_db()
    assert row.state == ListExport.State.FAILED
    assert row.wrong
    assert not row.stored


def test_it_is_theirs_alone(estate, browse, one_is_long):
    row = asked(browse(estate.lead), "/plans.csv")
    exporting.make_now(str(row.pk))
    other = browse(estate.person("trust-leader"))
    for path in (f"/exports/{row.pk}/", f"/exports/{row.pk}/file/"):
        assert other.get(path).status_code == 404
        assert browse().get(path).status_code == 302


def test_two_clicks_make_one_and_nobody_has_more_than_three_made(estate, browse, one_is_long):
    browser = browse(estate.lead)
    assert asked(browser, "/plans.csv").pk == asked(browser, "/plans.csv").pk
    asked(browser, "/plans.xlsx")
    asked(browser, "/records.csv")
    answer = browser.get("/records.xlsx")
    assert answer.status_code == 429
    assert ListExport.objects.count() == 3


def test_it_is_gone_after_a_day_and_files_of_nobody_go_too(estate, browse, one_is_long):
    browser = browse(estate.lead)
    row, kept = asked(browser, "/plans.csv"), asked(browser, "/records.csv")
    exporting.make_now(str(row.pk))
    exporting.make_now(str(kept.pk))
    row.refresh_from_db()
    kept.refresh_from_db()
    ListExport.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    assert file_of(browser, row).status_code == 404
    exporting.forget_exports_now()
    assert not default_storage.exists(row.stored)
    assert default_storage.exists(kept.stored)
    kept.delete()
    exporting.forget_exports_now()
    assert not default_storage.exists(kept.stored)


def test_a_worker_that_died_is_followed_by_another(estate, browse, one_is_long):
    row = asked(browse(estate.lead), "/plans.csv")
    ListExport.objects.filter(pk=row.pk).update(state="making", touched_at=timezone.now() - dt.timedelta(minutes=2))
    assert exporting.make_now(str(row.pk)) == "nothing to do"
    ListExport.objects.filter(pk=row.pk).update(touched_at=timezone.now() - dt.timedelta(minutes=4))
    assert exporting.make_now(str(row.pk)).startswith("3 rows")


def test_a_fault_is_said_and_nothing_waits_for_ever(estate, browse, one_is_long, monkeypatch):
    row = asked(browse(estate.lead), "/plans.csv")
    monkeypatch.setattr(exporting, "write", lambda *_: 1 / 0)
    assert exporting.make_now(str(row.pk)) == "failed"
    page = browse(estate.lead).get(f"/exports/{row.pk}/").text
    assert "was not made" in page
    assert "Ask for it again" in page


class NoRows:
    """A database of which no stored file is known."""

    def execute(self, *_asked):
        return self

    def fetchall(self):
        return []


def test_no_backup_holds_it(estate, browse, one_is_long):
    row = asked(browse(estate.lead), "/plans.csv")
    exporting.make_now(str(row.pk))
    row.refresh_from_db()
    other = default_storage.save("shown/a-copy", ContentFile(b"of a picture"))
    named = set(unnamed(cast(Any, NoRows())))
    assert other in named
    assert row.stored not in named
