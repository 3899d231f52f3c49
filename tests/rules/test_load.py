"""Weeks of work against the hours there are; moves stay where they count and never make another week too full."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.rules import load
from backend.rules.load import Job, Staff
from backend.rules.rounds import Stop, by_place, floor_order, often_of, walked

MONDAY = date(2026, 11, 23)


def job(key: str, day: date, minutes: int | None = 60, *, earliest: int = 20, latest: int = 0, fixed: bool = False) -> Job:
    return Job(key, day, day, day - timedelta(days=earliest), day + timedelta(days=latest), minutes, fixed)


def weekday(day: date) -> bool:
    return day.weekday() < 5


jobs_drawn = st.lists(
    st.builds(
        lambda number, day, minutes, early, late, fixed: job(
            str(number), MONDAY + timedelta(days=day), minutes, earliest=early, latest=late, fixed=fixed
        ),
        st.integers(0, 10**6),
        st.integers(0, 55),
        st.one_of(st.none(), st.integers(1, 300)),
        st.integers(0, 60),
        st.integers(0, 14),
        st.booleans(),
    ),
    max_size=25,
    unique_by=lambda each: each.key,
)


@given(jobs_drawn, st.integers(30, 600))
def test_moves_stay_in_their_windows_and_fill_no_week(jobs, hours):
    there: dict[date, int | None] = dict.fromkeys(load.mondays(MONDAY, 8), hours)
    before = {week.monday: week.minutes for week in load.weeks(jobs, there)}
    moves = load.proposals(jobs, there, MONDAY, weekday)
    for move in moves:
        assert max(move.job.earliest, MONDAY) <= move.to <= move.job.latest
        assert not move.job.fixed and weekday(move.to)
        assert (move.job.due_on - move.to).days <= load.LONGEST_EARLY_DAYS
        assert before[load.monday_of(move.job.day)] > hours
    after = {week.monday: week.minutes for week in load.weeks(load.moved(jobs, moves), there)}
    assert all(minutes <= max(hours, before[monday]) for monday, minutes in after.items())
    assert sum(after.values()) == sum(before.values())


def test_an_overloaded_week_gives_its_longest_job_to_the_week_before():
    second = MONDAY + timedelta(days=7)
    jobs = [job("long", second, 90), job("short", second + timedelta(days=1), 20), job("weekly", second, 50, fixed=True)]
    there: dict[date, int | None] = dict.fromkeys(load.mondays(MONDAY, 2), 120)
    (move,) = load.proposals(jobs, there, MONDAY, weekday)
    assert (move.job.key, move.to) == ("long", MONDAY + timedelta(days=4))
    assert (move.from_before, move.from_after, move.to_before, move.to_after) == (160, 70, 0, 90)


def test_without_hours_nothing_is_over_and_nothing_is_proposed():
    there: dict[date, int | None] = {MONDAY: None}
    (week,) = load.weeks([job("a", MONDAY, 500), job("b", MONDAY, None)], there)
    assert (week.over, week.minutes, week.jobs, week.unknown) == (0, 500, 2, 1)
    assert load.proposals([job("a", MONDAY, 500)], there, MONDAY, weekday) == []


def test_the_time_there_is_leaves_out_days_away_closures_and_holidays():
    def there(*staff, term=lambda _day: True, works=weekday):
        return load.minutes_there(MONDAY, staff, term=term, works=works)

    assert there() is None and there(Staff(0)) is None
    assert there(Staff(600), Staff(300)) == 900
    assert there(Staff(600, away=frozenset({MONDAY, MONDAY + timedelta(days=1)}))) == 360
    assert there(Staff(600, in_holidays=False), Staff(300), term=lambda _day: False) == 300
    assert there(Staff(600), works=lambda day: weekday(day) and day != MONDAY) == 480


def test_a_walk_goes_building_by_building_and_floor_by_floor():
    stops = [
        Stop("1", "Tap", "Science", "First", "Lab"),
        Stop("2", "Alarm", "Main", "Ground", "Hall"),
        Stop("3", "Boiler", "Main", "Basement", "Plant room"),
        Stop("4", "Gate"),
        Stop("5", "Exit", "Main", "Ground", "Hall"),
    ]
    order = walked(stops)
    assert [stop.key for stop in order] == ["4", "3", "2", "5", "1"]
    assert [(building, space, len(here)) for building, space, here in by_place(order)] == [
        ("", "", 1),
        ("Main", "Plant room", 1),
        ("Main", "Hall", 2),
        ("Science", "Lab", 1),
    ]
    assert floor_order("2nd") < floor_order("3") < floor_order("Roof")


def test_how_often_a_check_is_walked_follows_from_its_interval():
    assert [
        often_of({"every": every, "unit": unit}) for every, unit in ((1, "day"), (2, "week"), (1, "month"), (3, "month"))
    ] == [
        "day",
        "week",
        "month",
        "term",
    ]
    assert often_of({"every": 6, "unit": "month"}) == often_of({"every": 1, "unit": "year"}) == "year"
    assert often_of(None) == ""
