"""The invented trust: sound by every rule, the same for a seed and a day, never beside a real trust, on any date."""

import datetime as dt
import io
from collections import Counter
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from backend.assets.models import Asset, Tag
from backend.checks.models import CheckRecord, CheckType, Finding, Plan, RecordPhoto
from backend.checks.queries.compliance import compliance
from backend.checks.queries.rolled_up import roll_up
from backend.core.days import today
from backend.core.files import missing
from backend.core.invariants import all_invariants
from backend.core.models import StoredFile
from backend.hr.models import Competence
from backend.maintenance.models import Defect
from backend.office.demo.dice import dice
from backend.office.demo.fixtures import Fixtures
from backend.office.demo.past import Circumstances, past_of
from backend.office.demo.terms import calendar_of
from backend.office.events.delivering import deliver_now
from backend.office.models import Webhook
from backend.risk.models import BoardPaper
from backend.rules.days import SchoolDays, england_bank_holidays
from backend.rules.due import Counts, Done, Rule, Status, state
from backend.rules.library import applies_to, read_library
from backend.trust.models import Appointment, CalendarMark, Person, School, Trust
from tests.office.demo_trust import SIZE, load_small

pytestmark = pytest.mark.xdist_group("demo")
DAY = dt.timedelta(days=1)


def fingerprint() -> list[object]:
    """Everything that must fall the same way again. A board paper's hash is over the ids of problems, which are new each time."""
    return [
        sorted(Asset.objects.values_list("pk", "name", "serial", "installed_on", "facts__role")),
        sorted(Person.objects.values_list("email", "name")),
        sorted(CheckRecord.objects.values_list("pk", "done_at", "author_name", "outcome")),
        Counter(Plan.objects.values_list("check_type", "starts_on", "due_on", "last_outcome")),
        Counter(str(each) for each in CheckRecord.objects.values_list("answers", flat=True)),
        sorted(StoredFile.objects.exclude(pk__in=BoardPaper.objects.values("pdf_sha256")).values_list("pk", flat=True)),
    ]


@pytest.fixture(scope="module")
def prints(django_db_setup, django_db_blocker):
    """Loaded once and forgotten, then loaded for the tests below; both fingerprints."""
    with django_db_blocker.unblock(), transaction.atomic():
        with transaction.atomic():
            load_small()
            first = fingerprint()
            transaction.set_rollback(True)
        load_small()
        yield first, fingerprint()
        transaction.set_rollback(True)


@pytest.fixture
def loaded(prints):
    """The invented trust with two schools."""


def test_the_same_seed_and_day_give_the_same_trust(prints):
    first, second = prints
    for one, other in zip(first, second, strict=True):
        assert one == other


def test_it_has_the_size_that_was_asked_for_and_a_tag_on_every_asset(loaded):
    assert (School.objects.count(), Asset.objects.count()) == (2, SIZE)
    assert Tag.objects.exclude(asset=None).values("asset").distinct().count() == SIZE
    assert CheckRecord.objects.count() > 4000


def test_it_says_that_it_is_invented(loaded):
    trust = Trust.objects.get()
    assert trust.made_up and "invented" in trust.name
    assert all(urn >= 990001 for urn in School.objects.values_list("urn", flat=True))


def test_every_account_of_the_contract_can_sign_in(loaded, settings):
    people = {person.email: person for person in Person.objects.all()}
    assert set(settings.DEMO_ACCOUNTS) <= people.keys()
    assert people["caretaker@oakfield.demo"].check_password("siteward-demo")
    assert len({people[email].password for email in settings.DEMO_ACCOUNTS}) == 1  # one hash for all: each takes a while
    held: set[tuple[str, str, str | None]] = set(Appointment.objects.values_list("person__email", "role", "school__name"))
    assert ("site.manager@oakfield.demo", "site-manager", "Riverside High") in held
    assert ("estates@trust.demo", "estates-lead", None) in held
    assert Appointment.objects.get(person__email="auditor@external.demo").ends_on


def test_the_system_that_follows_is_paused_and_sent_nothing(loaded):
    webhook = Webhook.objects.get()
    assert webhook.state == Webhook.State.PAUSED
    assert str(urlsplit(webhook.address).hostname).endswith(".example")  # such names lead nowhere
    deliver_now()
    assert not webhook.deliveries.exists()


def test_it_obeys_every_invariant(loaded):
    faults = {each.key: list(each.faults(lambda _: None)) for each in all_invariants()}
    assert not {key: found[:3] for key, found in faults.items() if found}


def test_every_core_check_that_applies_is_planned(loaded):
    planned = Counter(Plan.objects.values_list("check_type", flat=True))
    assets = list(Asset.objects.all())
    for check in CheckType.objects.filter(tier="core").select_related("current"):
        assert check.current
        content = check.current.content
        if content["on"] != "asset" or not content.get("rule"):
            continue
        there = [each for each in assets if each.type_id in content["asset_types"] and applies_to(content, each.facts)]
        if content.get("grouped_by"):
            assert bool(there) == bool(planned[check.code]), check.code
        else:
            assert len(there) == planned[check.code], check.code


def test_oakfield_is_well_kept_and_three_checks_are_overdue(loaded):
    oakfield = Plan.objects.filter(site__school__name="Oakfield Primary")
    late = {
        plan.check_type_id: (today() - (plan.due_on or today())).days
        for plan in oakfield
        if plan.status(today()) == Status.OVERDUE
    }
    assert late == {"loler-passenger-lift": 12, "fire-door-inspection": 5, "gas-catering-service": 3}
    lead = Person.objects.get(email="estates@trust.demo")
    rows = {row["school"]["name"]: row for row in roll_up(compliance(lead, today=today()), ["school"])}
    row = rows["Oakfield Primary"]
    assert row["in_date"] > 0.85 * oakfield.count()
    assert row["lapses"] > 0 and row["defects_open"] > 0


def test_a_lift_is_out_of_service_and_its_checks_are_paused(loaded):
    lift = Asset.objects.get(status="out-of-service")
    assert lift.type_id == "passenger-lift" and lift.site.school.name == "Riverside High"
    assert {plan.status(today()) for plan in lift.plans.all()} == {Status.PAUSED}


def test_nothing_was_done_in_the_future_and_most_was_done_by_the_school_s_own_caretaker(loaded):
    days = list(CheckRecord.objects.values_list("done_on", flat=True))
    assert max(days) < today() and min(days) < today() - 365 * DAY
    authors = Counter(CheckRecord.objects.filter(site__school__name="Oakfield Primary").values_list("author__email", flat=True))
    assert authors.most_common(1)[0][0] == "caretaker@oakfield.demo"


def test_some_answers_failed_and_their_defects_are_partly_put_right(loaded):
    assert {"open", "closed"} == set(Finding.objects.values_list("defect__status", flat=True))
    assert CheckRecord.objects.filter(outcome="unsatisfactory").exists()


def test_what_is_found_on_a_thing_can_be_wrong_with_such_a_thing_and_nothing_old_is_new(loaded):
    of = Fixtures().spoken.faults_of
    told = {words for each in of.values() for words, _ in each}
    seen = 0
    for finding in Finding.objects.filter(defect__asset__isnull=False).select_related("defect__asset"):
        asset = finding.defect.asset
        words, kind = finding.defect.summary.split(" (")[0], asset.type_id if asset else ""
        if words in told:
            seen += 1
            assert words in {each for each, _ in of.get(kind, of["anything"])}, (kind, words)
    assert seen
    new = Defect.objects.filter(status=Defect.Status.OPEN, stage="new")
    assert max((today() - each.found_on).days for each in new) <= 60


def test_every_file_that_a_record_names_is_held(loaded):
    names = set(RecordPhoto.objects.values_list("sha256", flat=True))
    assert names and not missing(sorted(names))
    assert {"application/pdf", "image/jpeg"} == set(RecordPhoto.objects.values_list("content_type", flat=True))


def test_some_competences_have_expired_and_some_soon_will(loaded):
    days = [(each - today()).days for each in Competence.objects.values_list("expires_on", flat=True) if each]
    assert any(day < 0 for day in days) and any(0 <= day <= 30 for day in days) and any(day > 200 for day in days)


def test_a_second_run_changes_nothing_and_says_so(loaded):
    before, out = fingerprint(), io.StringIO()
    call_command("load_demo", "--schools", "5", stdout=out)
    assert "here already" in out.getvalue() and "Nothing was changed" in out.getvalue()
    assert fingerprint() == before


def test_without_a_history_it_is_quick_and_has_any_number_of_schools(db):
    out = io.StringIO()
    call_command("load_demo", "--schools", "13", "--assets", "4500", "--no-history", stdout=out)
    assert (School.objects.count(), Asset.objects.count(), CheckRecord.objects.count()) == (13, 4500, 0)
    assert len(set(School.objects.values_list("name", flat=True))) == 13
    assert Plan.objects.count() > 1000


def test_it_is_never_loaded_beside_another_trust(world):
    with pytest.raises(CommandError, match="never loaded beside"):
        call_command("load_demo")
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--schools", "1"], "must be from 2"), (["--assets", "20"], "ask for"), (["--schools", "2000"], "to 1000")],
)
def test_sizes_that_cannot_be_are_said_plainly_and_nothing_is_kept(db, words, said):
    with pytest.raises(CommandError, match=said):
        call_command("load_demo", *words, stdout=io.StringIO())
    assert not Trust.objects.exists() and not Person.objects.exists()


def test_it_is_refused_outside_demo_mode(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not in demo mode"):
        call_command("load_demo")


FIXTURES = Fixtures()
CORE = [
    (check.code, Rule.from_mapping(check.rule))
    for check in read_library("schedules").checks.values()
    if check.tier == "core" and check.rule
]
any_day = some.dates(dt.date(2026, 9, 1), dt.date(2030, 8, 31))


def school_days(template: str, on: dt.date) -> SchoolDays:
    """The calendar of the demo's school around a day."""
    terms, marks = calendar_of(FIXTURES.terms[template], on, club=True)

    def spans(kind: str) -> tuple[tuple[dt.date, dt.date], ...]:
        return tuple((each.first_day, each.last_day) for each in marks if each.kind == kind)

    kinds = CalendarMark.Kind
    return SchoolDays(
        terms=tuple((each.first_day, each.last_day) for each in terms),
        half_terms=spans(kinds.HALF_TERM),
        inset=spans(kinds.INSET),
        closures=spans(kinds.CLOSURE),
        bank_holidays=tuple((day, day) for day in england_bank_holidays(on.year - 8, on.year + 3)),
        occupied=spans(kinds.OCCUPIED),
    )


@given(on=any_day, template=some.sampled_from(sorted(FIXTURES.terms)))
@settings(deadline=None, max_examples=60)
def test_on_any_day_the_terms_are_sound(on, template):
    terms, marks = calendar_of(FIXTURES.terms[template], on, club=True)
    assert terms[0].first_day < on - 365 * DAY and terms[-1].last_day > on + 250 * DAY
    for before, after in pairwise(terms):
        assert before.first_day < before.last_day < after.first_day
    assert all(mark.first_day <= mark.last_day for mark in marks)
    for half in (mark for mark in marks if mark.kind == CalendarMark.Kind.HALF_TERM):
        assert any(term.first_day < half.first_day and half.last_day < term.last_day for term in terms)


@given(on=any_day, template=some.sampled_from(sorted(FIXTURES.terms)), seed=some.integers(0, 999))
@settings(deadline=None, max_examples=15)
def test_on_any_day_a_well_kept_school_has_nothing_overdue(on, template, seed):
    days, habits = school_days(template, on), FIXTURES.duties.habits["good"]
    for code, rule in CORE:
        past = past_of(Circumstances(rule, days, habits, on), dice(seed, code))
        done = [Done(visit.on, visit.stated_next) for visit in past.visits]
        found = state(rule, days, past.starts_on, done, (), on)
        assert found.status in (Status.IN_DATE, Status.DUE_SOON, Status.DUE), (code, found, past.visits[-3:])


@given(on=any_day, late=some.integers(1, 40), seed=some.integers(0, 999))
@settings(deadline=None, max_examples=15)
def test_on_any_day_an_examination_is_overdue_by_as_many_days_as_was_said(on, late, seed):
    days, habits = school_days("vale", on), FIXTURES.duties.habits["good"]
    for code, rule in CORE:
        if rule.counts is Counts.COMPLETION and code.startswith("loler"):
            about = Circumstances(rule, days, habits, on, overdue=late, states_next=True)
            past = past_of(about, dice(seed, code))
            done = [Done(visit.on, visit.stated_next) for visit in past.visits]
            found = state(rule, days, past.starts_on, done, (), on)
            assert (found.status, found.overdue_since) == (Status.OVERDUE, on - late * DAY), code
