"""What is held of people: handed out whole, erased when it may be, and the audit chain whole afterwards."""

import datetime as dt
import io
import json
import zipfile

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from backend.checks.actions import record_check
from backend.checks.models import CheckRecord
from backend.core import audit
from backend.core.days import today
from backend.core.evidence import all_evidence
from backend.core.invariants import all_invariants
from backend.core.models import ActorName, AuditEntry, Salt
from backend.core.problems import Problem
from backend.hr.actions import add_competence, erase_person, note_viewing
from backend.hr.models import Competence, Viewing
from backend.hr.queries import hand_out, held_about, to_be_erased
from backend.trust.actions import System, add_person, appoint, end_appointment
from backend.trust.models import Person
from backend.trust.tokens import issue
from tests.checks.work import work

LOADER = System("tests")
BEGAN = dt.date(2018, 9, 3)
LEFT = dt.date(2026, 8, 31)
NAME, MAIL = "Wilhelmina Featherstone", "w.featherstone@oakfield.example"


@pytest.fixture(autouse=True)
def own_heads(settings, tmp_path):
    """Published heads of its own."""
    settings.HEADS_FILE = str(tmp_path / "heads.jsonl")


@pytest.fixture
def leaver(world):
    """A caretaker of Oakfield until the end of August, who did a check in 2018 and one this summer."""
    with time_machine.travel(dt.datetime(2018, 9, 10, 9, tzinfo=dt.UTC), tick=False):
        person = add_person(email=MAIL, name=NAME, actor=LOADER, password="a-long-test-password")
        held = appoint(person=person, role="caretaker", school=world.oakfield.school, starts_on=BEGAN, actor=LOADER)
        plan = world.plan(since=dt.date(2018, 9, 3))
        record_check(work(plan, person, dt.date(2018, 9, 10)))
        add_competence(person=person, name="Fire warden", covers=["fire"], held_from=BEGAN, actor=LOADER)
    with time_machine.travel(dt.datetime(2026, 7, 6, 9, tzinfo=dt.UTC), tick=False):
        record_check(work(plan, person, dt.date(2026, 7, 6)))
        issue(person)
        end_appointment(appointment=held, on=LEFT, actor=LOADER)
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def officer(world):
    """The trust's HR officer."""
    return world.person("hr-officer")


def everything_holds() -> list[str]:
    """The faults that `verify` finds, but for the test world's own rows, which no action made."""
    found = [fault for each in all_invariants() if each.key != "files" for fault in each.faults(lambda _rows: None)]
    return [fault for fault in found if "has no entry in the audit chain" not in fault]


def erase(person, actor, **more):
    return erase_person(person=person, actor=actor, **{"reason": "They asked for it", "today": dt.date(2026, 11, 22), **more})


def test_everything_that_is_held_is_handed_out_but_what_opens_doors(leaver, world):
    file = io.BytesIO()
    rows = hand_out(leaver, file, trust="Test Trust")
    made = zipfile.ZipFile(file)
    contents = {each["file"]: each["rows"] for each in json.loads(made.read("contents.json"))}
    assert sum(contents.values()) == rows
    assert contents["checks.checkrecord.json"] == 2
    assert contents["hr.competence.json"] == contents["trust.token.json"] == contents["trust.person.json"] == 1
    text = b"".join(made.read(name) for name in made.namelist()).decode()
    assert NAME in text and MAIL in text and "Fire warden" in text
    assert leaver.password not in text
    token = leaver.tokens.get()
    assert token.hash not in text
    assert not json.loads(made.read("maintenance.defect.json"))


def test_of_a_colleague_nothing_is_handed_out(leaver, world):
    record_check(work(world.plan(), world.caretaker, today() - dt.timedelta(days=1)))
    file = io.BytesIO()
    hand_out(leaver, file, trust="Test Trust")
    made = zipfile.ZipFile(file)
    assert world.caretaker.name not in b"".join(made.read(name) for name in made.namelist()).decode()


def test_what_may_go_goes_what_must_stay_stays_and_the_chain_is_whole(leaver, officer):
    before = audit.head()
    assert everything_holds() == []
    done = erase(leaver, officer)
    person = Person.objects.get(pk=leaver.pk)
    assert (person.name, person.is_active) == ("Somebody who has left", False)
    assert MAIL not in person.email and not person.tokens.exists() and not person.check_password("a-long-test-password")
    assert done.stays["Checks recorded"] == (1, "7 years after the work")
    assert [each.author_name for each in CheckRecord.objects.order_by("done_at")] == [
        "",
        NAME,
    ]  # 2018 is over, this summer is not
    assert not ActorName.objects.filter(name=NAME).exists()
    assert audit.head().number > before.number
    assert everything_holds() == []


def test_what_was_erased_cannot_be_guessed_from_its_hash(leaver, officer):
    subject = f"person:{leaver.pk}"
    then = AuditEntry.objects.filter(subject=subject).order_by("number")[0]
    (people,) = [each for each in all_evidence() if each.model is Person]
    assert Salt.objects.filter(entry=then.number).exists()
    erase(leaver, officer)
    assert not Salt.objects.filter(entry=then.number).exists()
    assert audit.digest(people.content(leaver)) != then.content_hash


def test_seven_years_on_the_rest_goes_too(leaver, officer):
    erase(leaver, officer)
    with time_machine.travel(dt.datetime(2033, 9, 2, 12, tzinfo=dt.UTC), tick=False):
        done = erase(leaver, officer, today=dt.date(2033, 9, 2))
        assert done.changed["Checks recorded"] == 1
        assert not CheckRecord.objects.exclude(author_name="").exists()
        assert not Competence.objects.exists()


def test_who_still_has_a_role_is_not_erased(world, officer):
    with pytest.raises(Problem, match="still has a role"):
        erase(world.caretaker, officer)
    assert Person.objects.get(pk=world.caretaker.pk).name == world.caretaker.name


def test_only_who_looks_after_people_erases_and_never_themselves(leaver, world, officer):
    for actor in (world.caretaker, world.lead):
        with pytest.raises(Problem, match="role"):
            erase(leaver, actor)
    with pytest.raises(Problem, match="yourself"):
        erase(officer, officer)
    with pytest.raises(Problem, match="why"):
        erase(leaver, officer, reason=" ")
    assert Person.objects.get(pk=leaver.pk).name == NAME


def test_half_an_erasing_is_none(leaver, officer, monkeypatch):
    def broken(*_arguments, **_more):
        raise RuntimeError("the machine stopped")

    monkeypatch.setattr(audit, "append", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        erase(leaver, officer)
    assert Person.objects.get(pk=leaver.pk).name == NAME
    assert leaver.tokens.exists()


def test_who_looked_is_kept_but_not_looking_at_oneself(leaver, officer, world):
    note_viewing(viewer=officer, page="person", people=[leaver, officer])
    (kept,) = Viewing.objects.all()
    assert (kept.viewer, kept.person, kept.page) == (officer, leaver, "person")
    assert [each.about.what for each in held_about(leaver)].count("Looks at personal details") == 1
    assert everything_holds() == []


def test_a_long_list_is_kept_as_one_row_about_nobody(officer, world):
    many = Person.objects.bulk_create([Person(email=f"p{n}@x.example", name=f"P {n}") for n in range(501)])
    note_viewing(viewer=officer, page="people", people=many)
    assert Viewing.objects.get().person is None


def test_people_who_left_and_are_still_named_are_listed(leaver, officer, world):
    assert to_be_erased(dt.date(2026, 8, 31)) == []
    assert to_be_erased(dt.date(2026, 9, 1)) == [(leaver, LEFT)]
    erase(leaver, officer)
    assert to_be_erased(dt.date(2026, 11, 22)) == []


def test_the_command_hands_out_and_erases(leaver, officer, tmp_path):
    out = io.StringIO()
    call_command("personal_data", "export", MAIL, "--as", officer.email, "--to", str(tmp_path / "held.zip"), stdout=out)
    assert "rows written" in out.getvalue() and zipfile.is_zipfile(tmp_path / "held.zip")
    with pytest.raises(CommandError, match="File exists"):
        call_command("personal_data", "export", MAIL, "--as", officer.email, "--to", str(tmp_path / "held.zip"), stdout=out)
    call_command("personal_data", "held", MAIL, stdout=out)
    call_command("personal_data", "erase", MAIL, "--as", officer.email, "--reason", "They asked", stdout=out)
    assert "stays: 1 Checks recorded" in out.getvalue()
    with pytest.raises(CommandError, match="nobody here"):
        call_command("personal_data", "held", MAIL, stdout=out)
