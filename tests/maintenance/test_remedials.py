"""What a report finds, by its code: how bad, until when, and that a date set by a competent person stands."""

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction

from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.maintenance.actions import raise_remedial
from backend.maintenance.models import Defect

pytestmark = pytest.mark.django_db


def remedial(world, **more):
    said = {"site": world.oakfield, "scheme": "eicr", "code": "C2", "summary": "No RCD", "found_on": today()}
    return raise_remedial(**{**said, "person": world.lead, **more})


@pytest.mark.parametrize(
    ("scheme", "code", "severity", "unsafe", "days", "fixed"),
    [
        ("eicr", "C1", "high", True, 0, False),
        ("eicr", "C2", "high", False, 28, False),
        ("eicr", "FI", "medium", False, 28, False),
        ("eicr", "C3", "low", False, None, False),
        ("loler", "A", "high", True, 0, True),
        ("loler", "C", "low", False, None, False),
        ("fire-risk-assessment", "medium", "medium", False, 90, False),
        ("gas-unsafe-situations", "ID", "high", True, 0, False),
        ("playground", "high", "high", True, 1, False),
    ],
)
def test_a_code_says_how_bad_it_is_and_by_when(world, scheme, code, severity, unsafe, days, fixed):
    defect = remedial(world, scheme=scheme, code=code)
    target = today() + dt.timedelta(days=days) if days is not None else None
    assert (defect.severity, defect.unsafe, defect.target_on, defect.deadline_fixed) == (severity, unsafe, target, fixed)
    assert defect.proof == "certificate"


def test_a_code_may_be_typed_in_any_case_and_an_unknown_one_names_those_there_are(world):
    assert remedial(world, code=" c2 ").code == "C2"
    with pytest.raises(Problem) as refused:
        remedial(world, code="C9")
    assert refused.value.fields == {"code": "Use C1, C2, C3 or FI."} or "C1" in refused.value.fields["code"]


def test_what_becomes_dangerous_by_a_date_needs_that_date_and_may_not_be_used_after_it(world):
    with pytest.raises(Problem, match="Give that date"):
        remedial(world, scheme="loler", code="B")
    until = today() + dt.timedelta(days=30)
    defect = remedial(world, scheme="loler", code="B", deadline_on=until)
    assert not defect.bars_use(until)
    assert defect.bars_use(until + dt.timedelta(days=1))
    assert not Defect.objects.barring(until).filter(pk=defect.pk).exists()
    assert Defect.objects.barring(until + dt.timedelta(days=1)).filter(pk=defect.pk).exists()


def test_a_date_in_the_report_cannot_be_moved_even_by_sql(world):
    defect = remedial(world, deadline_on=today() + dt.timedelta(days=9))
    for change in ({"target_on": today() + dt.timedelta(days=90)}, {"target_on": None}, {"deadline_fixed": False}):
        with pytest.raises(ProgrammingError, match="cannot be moved"), transaction.atomic():
            Defect.objects.filter(pk=defect.pk).update(**change)


def test_a_date_that_is_only_usual_can_be_moved(world):
    defect = remedial(world)
    Defect.objects.filter(pk=defect.pk).update(target_on=today())


def test_the_same_finding_is_noted_as_found_again(world):
    first = remedial(world)
    again = remedial(world, source="EICR, Volt Ltd", deadline_on=today() + dt.timedelta(days=5))
    assert again.pk == first.pk
    assert "Found again" in again.notes.get().note
    assert (again.target_on, again.deadline_fixed) == (today() + dt.timedelta(days=5), True)
    sooner = remedial(world, deadline_on=today() + dt.timedelta(days=2))
    assert sooner.pk != first.pk


def test_a_stranger_raises_nothing_here(world):
    with pytest.raises(NotFound):
        remedial(world, person=world.stranger)
