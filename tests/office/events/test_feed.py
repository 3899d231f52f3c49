"""The feed: everything that happened, once, in order, to whoever may know of it, and nothing more."""

import json
import random
import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from backend.assets.actions import change_asset, set_status
from backend.config.api_urls import router
from backend.core import audit
from backend.core.days import today
from backend.core.evidence import all_evidence
from backend.core.ids import new_id
from backend.core.models import AuditEntry
from backend.core.problems import Problem
from backend.maintenance.actions import close_defect, report_defect, triage_defect
from backend.office.events import cursors
from backend.office.events.feed import LOOKED_AT, Wanted, follow, lie
from backend.office.events.kinds import BY_SUBJECT, KINDS, TOLD
from backend.trust.tokens import issue

URL = "/api/v1/events"


def reported(person, site, summary="A broken door", **more):
    plain: dict[str, Any] = {"severity": "medium", "unsafe": False, "found_on": today(), "reported_at": timezone.now()} | more
    return report_defect(id=new_id(), site=site, person=person, summary=summary, **plain)


def asked(person, **query):
    browser = Client()
    browser.force_login(person)
    answer = browser.get(URL, query)
    return answer.status_code, json.loads(answer.content)


def test_what_happens_to_a_problem_is_told_in_order_and_in_plain_kinds(world):
    since = asked(world.lead, since="now")[1]["next"]
    defect = reported(world.lead, world.oakfield)
    triage_defect(
        defect=defect,
        person=world.lead,
        severity="high",
        unsafe=False,
        today=today(),
        target_on=today(),
        safe_by=None,
        note="Soon",
    )
    close_defect(defect=defect, person=world.lead, note="Mended", photos=(), without="")
    status, page = asked(world.lead, since=since)
    assert status == 200
    assert [each["kind"] for each in page["events"]] == ["defect.reported", "defect.changed", "defect.settled"]
    first = page["events"][0]
    assert first["subject"] == {"type": "defect", "id": str(defect.pk)}
    assert (first["site"], first["school"]) == (str(world.oakfield.pk), str(world.oakfield.school_id))
    assert Client().get(first["url"]).status_code == 401
    assert "broken" not in json.dumps(page)
    assert page["next"] == page["events"][-1]["id"]
    assert asked(world.lead, since=page["next"])[1] == {"events": [], "next": page["next"], "more": False}


def test_an_asset_is_told_of_as_added_changed_and_out_of_use(world):
    since = asked(world.lead, since="now")[1]["next"]
    asset = world.asset()
    audit.append([next(each for each in all_evidence() if each.subject == "asset").fact(asset)])
    change_asset(asset, changes={"make": "Other"}, person=world.lead)
    set_status(asset, status="out-of-service", person=world.lead, on=today(), reason="Broken")
    page = asked(world.lead, since=since)[1]
    assert [each["kind"] for each in page["events"]] == ["asset.added", "asset.changed", "asset.status"]


def test_a_school_is_told_of_itself_alone(world):
    lead = world.person("estates-lead", school=world.oakfield.school)
    mine, other = reported(world.lead, world.oakfield), reported(world.lead, world.riverside)
    told = {each["subject"]["id"] for each in asked(lead)[1]["events"]}
    assert str(mine.pk) in told
    assert str(other.pk) not in told
    before = asked(lead)[1]
    for _ in range(3):
        reported(world.lead, world.riverside)
    assert asked(lead)[1] == before, "what happens elsewhere moves nothing, the place included"
    assert asked(lead, site=str(world.riverside.pk))[0] == 404


def test_who_does_not_follow_is_refused_and_so_is_a_token_that_may_not(world):
    assert asked(world.caretaker)[0] == 403
    text, _ = issue(world.lead, scope="read")
    assert Client().get(URL, headers={"Authorization": f"Bearer {text}"}).status_code == 403
    text, _ = issue(world.lead, scope="chosen", chosen=["events.follow"])
    assert Client().get(URL, headers={"Authorization": f"Bearer {text}"}).status_code == 200


@pytest.mark.parametrize("since", ["1", "x" * 5000, "é", "AAAA", "null", "a" * 40])
def test_a_place_that_nobody_was_given_is_refused_in_words(world, since):
    status, said = asked(world.lead, since=since)
    assert (status, list(said["fields"])) == (400, ["since"])


def test_a_place_tells_no_number_and_a_changed_one_is_no_place(world):
    text = cursors.written(41, "ab" * 32)
    assert text == cursors.written(41, "ab" * 32)
    for at in range(len(text) - 1):
        other = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(Problem):
            cursors.opened(other)


def test_a_place_stays_good_while_the_old_key_is_in_the_settings(world, settings):
    reported(world.lead, world.oakfield)
    head = audit.head()
    place = cursors.written(head.number, head.hash)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert cursors.read(place) == head.number
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Problem):
        cursors.read(place)


def test_a_database_put_back_from_a_backup_is_told_rather_than_events_left_out(world):
    head = audit.head()
    later = cursors.written(head.number + 5, "cd" * 32)
    assert asked(world.lead, since=later)[0] == 410
    other = cursors.written(head.number, "ef" * 32)
    assert asked(world.lead, since=other)[0] == 410


def test_only_the_kinds_and_the_site_that_were_asked_for_are_told(world):
    reported(world.lead, world.oakfield)
    here = reported(world.lead, world.riverside)
    page = asked(world.lead, kinds="defect.reported,plan.missed", site=str(world.riverside.pk))[1]
    assert [each["subject"]["id"] for each in page["events"]] == [str(here.pk)]
    assert asked(world.lead, kinds="defect.reported,dance")[0] == 400
    assert asked(world.lead, site="nowhere")[0] == 400
    assert asked(world.lead, limit="none")[0] == 400


def test_what_is_asked_costs_the_same_for_many_events(world, django_assert_max_num_queries):
    browser = Client()
    browser.force_login(world.lead)
    reported(world.lead, world.oakfield)
    browser.get(URL)
    for more in (0, 30):
        for _ in range(more):
            reported(world.lead, world.oakfield)
        with django_assert_max_num_queries(8):
            assert len(browser.get(URL).json()["events"]) > more


def test_pages_end_and_go_on_whatever_their_size(world):
    made = [str(reported(world.lead, world.oakfield).pk) for _ in range(7)]
    for most in (1, 2, 3, 7, 200):
        seen: list[Any] = []
        since: dict[str, Any] = {}
        more = True
        while more:
            page = asked(world.lead, kinds="defect.reported", limit=most, **since)[1]
            seen += [each["subject"]["id"] for each in page["events"]]
            since, more = {"since": page["next"]} if page["next"] else {}, page["more"]
        assert seen == made


def test_long_stretches_of_what_one_may_not_know_are_passed_over_page_by_page(world, monkeypatch):
    lead = world.person("estates-lead", school=world.oakfield.school)
    monkeypatch.setattr("backend.office.events.feed.LOOKED_AT", 3)
    for _ in range(10):
        reported(world.lead, world.riverside)
    mine = reported(world.lead, world.oakfield)
    seen: list[Any] = []
    after, turns, more = 0, 0, True
    while more:
        page = follow(lead, after, Wanted())
        seen, after, more, turns = seen + [each.key for each in page.events], page.number, page.more, turns + 1
    assert str(mine.pk) in seen
    assert turns > 3
    assert LOOKED_AT == 2000


def test_every_kind_can_come_about_and_leads_to_an_address_of_the_api():
    made = {kind for each in TOLD for kind in (each.first, each.later, *each.by.values()) if kind}
    assert made == KINDS.keys()
    registered = {prefix for prefix, _, _ in router.registry}
    assert {each.resource for each in TOLD} <= registered
    subjects = {each.subject: each.model for each in all_evidence()}
    assert all(subjects[each.subject] is each.model for each in TOLD)


def test_of_every_sort_of_row_only_those_that_one_follows_are_told(world):
    plan = world.plan()
    told = {each["kind"] for each in asked(world.lead, kinds="plan.missed,plan.made", limit=200)[1]["events"]}
    assert told == {"plan.made", "plan.missed"}
    other = world.person("estates-lead", school=world.riverside.school)
    assert asked(other)[1]["events"] == []
    for each in TOLD:
        mine = {str(pk) for pk in each.rows().values_list("pk", flat=True)}
        assert lie(each, mine, world.lead).keys() == mine
        assert lie(each, {str(new_id())}, world.lead) == {}
    keys = lie(BY_SUBJECT["plan"], {str(plan.pk)}, world.person("estates-lead", site=world.oakfield))
    assert keys == {str(plan.pk): (world.oakfield.pk, world.oakfield.school_id)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_a_follower_misses_nothing_and_hears_nothing_twice_while_many_write_at_once(world, seed):
    """Writers commit out of the order in which they began; some are taken back."""
    dice = random.Random(seed)
    over, faults = threading.Event(), []
    lead, site = world.lead, world.oakfield
    start = audit.head().number
    plans = [[(dice.random() * 0.02, dice.random() * 0.02, dice.random() < 0.2) for _ in range(8)] for _ in range(4)]

    def write(plan):
        try:
            for before, after, taken_back in plan:
                with transaction.atomic():
                    time.sleep(before)
                    reported(lead, site)
                    time.sleep(after)
                    transaction.set_rollback(taken_back)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(plan,)) for plan in plans]
    seen: list[Any] = []
    after, last_look = start, False
    for each in threads:
        each.start()
    while True:
        page = follow(lead, after, Wanted(frozenset({"defect.reported"})), most=dice.randint(1, 5))
        seen, after = seen + [each.entry.number for each in page.events], page.number
        if last_look and not page.more:
            break
        last_look = not any(each.is_alive() for each in threads)
    over.set()
    for each in threads:
        each.join()
    rows = AuditEntry.objects.filter(number__gt=start, subject__startswith="defect:").order_by("number")
    assert faults == []
    assert seen == list(rows.values_list("number", flat=True))
    assert len(seen) == sum(not taken_back for plan in plans for _, _, taken_back in plan)
