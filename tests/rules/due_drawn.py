"""Rules, calendars and histories drawn at random, for the tests of what must hold for all of them."""

import os
from datetime import date, timedelta

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st

from backend.rules.days import SchoolDays
from backend.rules.due import Clock, Counts, Done, Rule, RuleRefused

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
A_DAY = timedelta(days=1)

EXAMPLES = int(os.environ.get("SITEWARD_EXAMPLES", "60"))  # 5000 makes a deep run, with other examples each time
tried = settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

near = st.dates(FIRST, LAST)
few = st.integers(0, 40)


@st.composite
def rules(draw, counts=tuple(Counts), clocks=tuple(Clock)):
    unit = draw(st.sampled_from(["day", "week", "month", "term", "year"]))
    calendar = draw(
        st.sampled_from(
            ["year-round", "when-occupied", "term-time", "once-per-term", "before-term-start", "seasonal"],
        )
    )
    mapping = {
        "every": draw(st.integers(1, 4)),
        "unit": unit,
        "counts": draw(st.sampled_from(counts)).value,
        "clock": draw(st.sampled_from(clocks)).value,
        "calendar": calendar,
        "early_days": draw(few),
        "late_days": draw(few),
        "warn_days": draw(st.none() | few),
        "keeps_anniversary": draw(st.booleans()),
        "maximum": draw(
            st.none()
            | st.fixed_dictionaries(
                {"every": st.integers(1, 30), "unit": st.sampled_from(["day", "week", "month"])},
            )
        ),
    }
    if calendar in ("once-per-term", "before-term-start"):
        mapping |= {"every": 1, "unit": "term", "counts": "calendar"}
    if calendar == "seasonal":
        mapping["season"] = draw(st.lists(st.integers(1, 12), min_size=1, max_size=6))
    assume(mapping["counts"] in counts)
    try:
        return Rule.from_mapping(mapping)
    except RuleRefused:
        assume(False)


def spans(most):
    pairs = st.tuples(near, st.integers(0, 60)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
    return st.lists(pairs, max_size=most)


@st.composite
def calendars(draw):
    boundaries = sorted(draw(st.lists(near, max_size=8, unique=True)))
    terms = tuple(zip(boundaries[::2], boundaries[1::2], strict=False))
    single = st.lists(near, max_size=6).map(tuple)
    return SchoolDays(
        terms=terms,
        half_terms=tuple(draw(spans(2))),
        inset=draw(single),
        closures=tuple(draw(spans(2))),
        bank_holidays=draw(single),
        occupied=draw(single),
    )


completions = st.lists(st.builds(Done, near, st.none() | near), max_size=25)
pauses = st.lists(
    st.tuples(near, st.none() | st.integers(0, 90)).map(
        lambda pair: (pair[0], None if pair[1] is None else pair[0] + timedelta(days=pair[1]))
    ),
    max_size=3,
).map(tuple)


def plans_of(**fixed):
    return st.tuples(rules(**fixed), calendars(), near, completions, pauses)


plans = plans_of()
by_slots = plans_of(counts=(Counts.CALENDAR,))
