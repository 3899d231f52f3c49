"""Which checks apply: what is unknown is asked for, and more that is there never takes a check away."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.rules.applying import Key, Verdict, findings
from backend.rules.conditions import all_hold
from backend.rules.known_facts import House, Place, Source, Thing, judging
from backend.rules.library import read_library
from backend.rules.place_facts import BY_TYPE, GROUPS, PLACE_FACTS, UNKNOWN, Kind

LIBRARY = read_library("schedules")
CONTENTS = {code: check.content() for code, check in LIBRARY.checks.items() if check.rule}
SWITCHES = [key for key, fact in PLACE_FACTS.items() if fact.kind is Kind.YES_NO]
AT_SITE = [key for key in SWITCHES if PLACE_FACTS[key].on == "site"]
AT_HOUSE = [key for key in SWITCHES if PLACE_FACTS[key].on == "building"]
UNHURRIED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
NEGATIVE = {code for code, content in CONTENTS.items() if any(each.get("equals") is False for each in content.get("where", ()))}


def place(said=None, things=(), **house) -> Place:
    """A site with one building."""
    return Place("Oakfield", said or {}, [House("b", "Main block", house.pop("told", {}), **house)], list(things))


def verdicts(code: str, where: Place) -> list[Verdict]:
    """What a check comes to there."""
    return [each.verdict for each in findings(code, CONTENTS[code], judging(where))]


def test_every_kind_of_asset_with_a_check_is_asked_about():
    kinds = {kind for check in LIBRARY.checks.values() if check.rule for kind in check.asset_types}
    assert kinds <= set(BY_TYPE)
    assert set(BY_TYPE) <= set(LIBRARY.asset_types)
    assert {fact.group for fact in PLACE_FACTS.values()} == set(GROUPS)


@pytest.mark.parametrize("code", sorted(CONTENTS))
def test_a_place_of_which_nothing_is_known_rules_no_check_out(code):
    assert Verdict.OUT not in verdicts(code, place())


@UNHURRIED
@given(
    st.dictionaries(st.sampled_from(AT_SITE), st.sampled_from([False, UNKNOWN])),
    st.dictionaries(st.sampled_from(AT_HOUSE), st.sampled_from([False, UNKNOWN])),
)
def test_what_is_not_known_is_never_taken_for_no(site, house):
    for code, content in CONTENTS.items():
        for each in findings(code, content, judging(place(site, told=house))):
            if each.verdict is Verdict.OUT:
                facts = [condition["fact"] for condition in content.get("where", ())]
                facts += [BY_TYPE[kind].key for kind in content.get("asset_types") or ()]  # none at all is none above 12 kW
                assert any(({**site, **house}).get(key) is False for key in facts), (code, each.why)


@UNHURRIED
@given(
    st.dictionaries(st.sampled_from(SWITCHES), st.sampled_from([True, False, UNKNOWN])),
    st.sets(st.sampled_from(SWITCHES)),
    st.lists(st.sampled_from(sorted(BY_TYPE)), max_size=6),
)
def test_more_that_is_there_never_takes_a_check_away(said, also, kinds):
    def applying(told, more=()):
        site = {key: value for key, value in told.items() if key in AT_SITE}
        house = {key: value for key, value in told.items() if key in AT_HOUSE}
        things = [Thing(f"{number}", kind, kind, "b") for number, kind in enumerate((*kinds, *more))]
        judged = judging(place(site, things, told=house, built=None, floor_area_m2=400))
        found = [each for code, content in CONTENTS.items() if code not in NEGATIVE for each in findings(code, content, judged)]
        return {each.key.code for each in found if each.verdict in (Verdict.APPLIES, Verdict.GAP)}

    before = applying(said)
    more = [kind for key in also for kind in PLACE_FACTS[key].asset_types]
    gaps = {code for code in before if CONTENTS[code]["on"] == "asset"}
    assert before <= applying({**said, **dict.fromkeys(also, True)})
    assert {code for code in before if code not in gaps} <= applying(said, more)


def test_the_register_speaks_louder_than_a_no():
    known = judging(place({"sprinklers": False}, [Thing("1", "Valve set", "sprinkler-system", "b")])).site["sprinklers"]
    assert known.value is True
    assert known.against
    assert known.source is Source.REGISTER
    assert known.words == "Valve set in Main block"


def test_a_yes_without_an_asset_is_a_gap_in_the_register():
    found = findings("sprinkler-weekly-check", CONTENTS["sprinkler-weekly-check"], judging(place({"sprinklers": True})))
    assert [each.verdict for each in found] == [Verdict.GAP]
    assert found[0].facts == ("sprinklers",)


def test_a_no_rules_its_checks_out_and_an_unknown_asks():
    assert verdicts("sprinkler-weekly-check", place({"sprinklers": False})) == [Verdict.OUT]
    assert verdicts("sprinkler-weekly-check", place({"sprinklers": UNKNOWN})) == [Verdict.ASK]


def test_a_reason_names_the_thing_its_place_and_the_law():
    found = findings(
        "gas-boiler-service", CONTENTS["gas-boiler-service"], judging(place({}, [Thing("1", "Boiler 1", "gas-boiler", "b")]))
    )
    assert found[0].key == Key("gas-boiler-service", "", "1")
    assert found[0].why == "because Boiler 1 is in Main block; Gas Safety (Installation and Use) Regulations 1998 reg. 35"


@pytest.mark.parametrize(
    ("area", "wanted"),
    [(None, Verdict.ASK), (249, Verdict.OUT), (250, Verdict.APPLIES), (1000, Verdict.APPLIES), (1001, Verdict.OUT)],
)
def test_a_display_energy_certificate_for_ten_years_goes_by_the_floor_area(area, wanted):
    assert verdicts("dec-ten-year", place(floor_area_m2=area)) == [wanted]


def test_one_old_building_is_enough_for_a_check_of_the_whole_site():
    code = "asbestos-management-plan-review"
    new, old, unsaid = House("a", "New", built=2010), House("b", "Old", built=1968), House("c", "Shed")
    content = CONTENTS[code]
    assert [
        findings(code, content, judging(Place("X", {}, houses, [])))[0].verdict for houses in ([new], [new, old], [new, unsaid])
    ] == [
        Verdict.OUT,
        Verdict.APPLIES,
        Verdict.ASK,
    ]


def test_a_round_is_one_duty_for_each_building():
    things = [Thing(str(number), f"Light {number}", "emergency-luminaire", "b") for number in range(4)]
    found = findings("emergency-lighting-monthly-test", CONTENTS["emergency-lighting-monthly-test"], judging(place({}, things)))
    assert [(each.key, each.verdict) for each in found] == [(Key("emergency-lighting-monthly-test", "b", ""), Verdict.APPLIES)]
    assert found[0].why.startswith("because 4 such things are in Main block")


def test_taps_of_which_nobody_said_what_they_are_for_are_asked_about():
    taps = [Thing("1", "Tap", "water-outlet", "b", {}), Thing("2", "Tap 2", "water-outlet", "b", {"role": "representative"})]
    assert verdicts("water-sentinel-temperatures", place({}, taps)) == [Verdict.ASK]
    assert verdicts("water-sentinel-temperatures", place({}, taps[1:])) == [Verdict.OUT]


def test_an_interval_follows_the_facts_of_the_asset():
    bus = Thing("1", "Bus", "minibus", "", {"age_years": 14})
    found = findings("minibus-safety-inspection", CONTENTS["minibus-safety-inspection"], judging(place({}, [bus])))
    assert found[0].rule and found[0].rule["every"] == 6


@UNHURRIED
@given(st.lists(st.sampled_from([True, False, None]), min_size=1))
def test_all_conditions_hold_only_when_each_is_known_to(values):
    conditions = [{"fact": str(number), "equals": True} for number in range(len(values))]
    facts = {str(number): value for number, value in enumerate(values) if value is not None}
    wanted = False if False in values else None if None in values else True
    assert all_hold(conditions, facts) is wanted
