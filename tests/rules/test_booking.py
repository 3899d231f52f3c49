"""Which days a check may be booked for, and what is only said."""

from datetime import date

import pytest

from backend.rules.booking import Days, Doer, Owed, is_late, refused, remarks_on_check, remarks_on_day
from backend.rules.due import Clock

TODAY = date(2026, 11, 23)
LIFT = Owed(date(2026, 12, 1), date(2026, 6, 2), date(2026, 12, 1), date(2026, 12, 1), Clock.LEGAL)
ALARM = Owed(date(2026, 11, 27), date(2026, 11, 23), date(2026, 11, 30), None, Clock.STANDARD)


def codes(owed: Owed, day: date) -> list[str]:
    return [each.code for each in remarks_on_check(owed, Days(day, TODAY))]


def test_a_day_within_the_window_needs_no_words():
    assert codes(LIFT, date(2026, 11, 30)) == [] and codes(ALARM, date(2026, 11, 27)) == []


def test_a_day_after_the_law_is_refused_unless_a_reason_is_given():
    remarks = remarks_on_check(LIFT, Days(date(2026, 12, 2), TODAY))
    assert [each.code for each in refused(remarks, "")] == ["after_legal_maximum"]
    assert refused(remarks, "  ") and not refused(remarks, "No inspector before then")
    assert is_late(LIFT, date(2026, 12, 2)) and not is_late(LIFT, date(2026, 12, 1))


def test_what_is_overdue_by_law_already_can_be_booked_for_any_day_and_is_late():
    late = Owed(date(2026, 11, 1), date(2026, 5, 1), date(2026, 11, 1), date(2026, 11, 1), Clock.LEGAL)
    assert codes(late, date(2026, 11, 25)) == ["overdue_already"]
    assert is_late(late, date(2026, 11, 25))


@pytest.mark.parametrize(("day", "said"), [(28, ["after_due"]), (30, ["after_due"]), (20, ["too_early"])])
def test_a_standard_is_only_warned_of(day, said):
    assert codes(ALARM, date(2026, 11, day)) == said
    assert not refused(remarks_on_check(ALARM, Days(date(2026, 11, day), TODAY)), "")


def test_past_the_tolerance_it_is_warned_of_and_late():
    assert codes(ALARM, date(2026, 12, 1)) == ["late"] and is_late(ALARM, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("days", "doer", "said"),
    [
        (Days(date(2026, 11, 20), TODAY), Doer(), ["in_the_past"]),
        (Days(date(2029, 11, 20), TODAY), Doer(), ["too_far"]),
        (Days(date(2026, 11, 28), TODAY, False), Doer(), ["closed"]),
        (Days(date(2026, 11, 28), TODAY, True), Doer("Tom", away=True), ["away"]),
        (Days(date(2026, 11, 28), TODAY), Doer("Acme", firm=True, active=False), ["not_active"]),
        (Days(date(2026, 11, 28), TODAY), Doer("Acme", firm=True, lacks=("Insurance ended.",)), ["papers"]),
        (Days(date(2026, 11, 28), TODAY), Doer("Acme", firm=True), []),
    ],
)
def test_what_is_said_of_the_day_and_of_who_comes(days, doer, said):
    assert [each.code for each in remarks_on_day(days, doer)] == said


def test_a_stand_in_is_named():
    remark = remarks_on_day(Days(TODAY, TODAY), Doer("Tom", away=True, stands_in="Danuta"))[0]
    assert "Danuta stands in" in remark.words
