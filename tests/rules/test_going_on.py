"""Going on from what a plan keeps gives what reckoning its whole history anew gives, or nothing."""

from datetime import date, timedelta

from hypothesis import event, given
from hypothesis import strategies as st

from backend.rules.days import SchoolDays
from backend.rules.due import Counts, Done, Kept, Pause, Unit, basis, go_on, state
from backend.rules.due.slots import slots_of, slots_since
from tests.rules.due_drawn import near, plans, plans_of, tried


@tried
@given(plans, near, st.data())
def test_going_on_is_reckoning_anew(plan, today, data):
    rule, days, starts_on, done, paused = plan
    known = sorted((each for each in done if each.on <= today), key=lambda each: each.on)
    cut = data.draw(st.integers(0, len(known)))
    before, fresh = known[:cut], known[cut:]
    last_on = before[-1].on if before else None
    reckoned_to = data.draw(st.dates(last_on or min(starts_on, today), today))
    then = state(rule, days, starts_on, before, paused, reckoned_to)
    withdrawn = data.draw(st.lists(st.dates(today - timedelta(days=90), today), max_size=1))
    kept = Kept(then.stored, last_on, reckoned_to)
    further = go_on(rule, days, starts_on, kept, fresh, paused, {*then.lapses, *withdrawn}, today)
    event("goes on" if further else "asks the history")
    if further:
        anew = state(rule, days, starts_on, known, paused, today)
        assert further.stored == anew.stored
        assert tuple(day for day in then.lapses if day < further.first) + further.lapses == anew.lapses


@tried
@given(plans, near)
def test_a_check_done_in_order_asks_no_history(plan, today):
    rule, days, starts_on, done, paused = plan
    before = [each for each in done if each.on < today]
    then = state(rule, days, starts_on, before, paused, today)
    last_on = max((each.on for each in before), default=None)
    further = go_on(rule, days, starts_on, Kept(then.stored, last_on, today), [Done(today)], paused, (), today)
    assert further or rule.keeps_anniversary or then.stored.due_on is None or days.terms


@tried
@given(plans_of(counts=(Counts.CALENDAR,)), st.integers(0, 60))
def test_slots_from_a_day_on_are_those_of_the_whole_plan(plan, index):
    rule, days, starts_on, _, _ = plan
    whole = slots_of(rule, days, starts_on)
    slot = whole.get(index)
    if slot is None:
        return
    later = slots_since(rule, days, starts_on, date.fromordinal(slot.due))
    found = later.owed_by(slot.due)
    assert (found is None) == (whole.owed_by(slot.due) is None)
    if found is not None:
        assert [later.get(found + ahead) for ahead in range(4)] == [whole.get(index + ahead) for ahead in range(4)]
        assert rule.every > 1 or rule.unit is Unit.TERM or found == 0, "nothing before it was worked out"


def test_the_basis_is_of_everything_that_dates_depend_on():
    rule = {"every": 1, "unit": "week", "counts": "calendar", "clock": "standard", "calendar": "year-round"}
    days, start = SchoolDays(closures=((date(2026, 11, 2), date(2026, 11, 3)), date(2026, 12, 1))), date(2026, 9, 1)
    pause: Pause = (date(2026, 10, 1), None)
    said = basis(rule, days, start, [pause])
    assert said == basis(dict(reversed(rule.items())), SchoolDays(closures=tuple(reversed(days.closures))), start, [pause])
    others = [
        basis({**rule, "every": 2}, days, start, [pause]),
        basis(rule, SchoolDays(), start, [pause]),
        basis(rule, days, date(2026, 9, 2), [pause]),
        basis(rule, days, start, []),
        basis(rule, days, start, [(date(2026, 10, 1), date(2026, 10, 2))]),
    ]
    assert len({said, *others}) == 6 and len(said) == 32
