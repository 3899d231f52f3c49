"""Which checks apply to a site, its buildings and its assets, and why; pure. What nobody knows is asked for, never left out.

A check on assets follows the register. Where it holds none of the kind, the site's facts say whether one is to be expected: yes
makes a gap in the register, no rules the check out, unknown makes a question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from backend.rules.conditions import all_hold, applies_to, rule_for
from backend.rules.known_facts import Judging, Known, Source, Thing
from backend.rules.place_facts import BY_TYPE, PLACE_FACTS, Kind, PlaceFact


class Key(NamedTuple):
    """What a duty is about: a check, on a building and an asset of the site (ids; "" for none)."""

    code: str
    building: str = ""
    asset: str = ""

    def text(self) -> str:
        """As it stands in forms and spreadsheets."""
        return "|".join(self)

    @classmethod
    def read(cls, text: str) -> Key | None:
        """From `text`, None when it is none."""
        parts = text.split("|")
        return cls(*parts) if len(parts) == 3 and parts[0] else None


class Verdict(StrEnum):
    """What is to become of a check somewhere."""

    APPLIES = "applies"
    ASK = "needs an answer"
    GAP = "missing from the register"
    OUT = "does not apply"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a check: on what (a key), with which rule, why in words, and which facts are still unknown."""

    key: Key
    verdict: Verdict
    why: str
    rule: Mapping[str, Any] | None = None
    facts: tuple[str, ...] = ()


def findings(code: str, content: Mapping[str, Any], judged: Judging) -> list[Finding]:
    """Everything that a check comes to at a site. A check without a rule (only an event calls for it) comes to nothing."""
    if not content.get("rule"):
        return []
    if content["on"] == "asset":
        return list(on_assets(code, content, judged))
    houses = [""] if content["on"] == "site" else [house.id for house in judged.place.houses]
    return [on_place(Key(code, house), content, judged) for house in houses]


def on_place(key: Key, content: Mapping[str, Any], judged: Judging) -> Finding:
    """A check of a site, or of one building."""
    verdict, why, unknown = judge_where(content, judged, key.building)
    if verdict is Verdict.APPLIES:
        why = why or f"every {content['on']} has it"
        return Finding(key, verdict, f"{why}{law_of(content)}", content["rule"])
    return Finding(key, verdict, why, None, unknown)


def judge_where(content: Mapping[str, Any], judged: Judging, house: str) -> tuple[Verdict, str, tuple[str, ...]]:
    """Whether the facts of the place let a check apply: the verdict, why in words, the facts that are unknown."""
    where: Sequence[Mapping[str, Any]] = content.get("where", ())
    if not where:
        return Verdict.APPLIES, "", ()
    known, values = {**judged.site, **judged.houses.get(house, {})}, judged.values(house)
    holds = all_hold(where, values)
    asked = list(dict.fromkeys(condition["fact"] for condition in where))
    if holds is None:
        unknown = tuple(key for key in asked if values.get(key) is None)
        return Verdict.ASK, "; ".join(PLACE_FACTS[key].question for key in unknown), unknown
    told = "; ".join(fact_in_words(PLACE_FACTS[key], known[key]) for key in asked)
    return (Verdict.APPLIES, f"because of {judged.name(house)}: {told}", ()) if holds else (Verdict.OUT, told, ())


def fact_in_words(fact: PlaceFact, known: Known) -> str:
    """A fact as it was answered: "How large is it inside …? 1,720 m²"."""
    if fact.kind is Kind.NUMBER:
        answer = f"{known.value:,} {fact.unit}".strip() if isinstance(known.value, int) else "not known"
    else:
        answer = {True: "yes", False: "no"}.get(known.value, "not known")
    return f"{fact.question} {answer}" + (f" ({known.words})" if known.words else "")


def law_of(content: Mapping[str, Any]) -> str:
    """The law behind a check, after its reason."""
    law = content.get("law") or content.get("standards") or ()
    return f"; {law[0]}" if law else ""


def on_assets(code: str, content: Mapping[str, Any], judged: Judging) -> Iterator[Finding]:
    """A check of assets: each of them, or all of a building or site in one round; or what to say when there are none."""
    there = [thing for kind in content["asset_types"] for thing in judged.by_type.get(kind, ())]
    members = [thing for thing in there if applies_to(content, thing.facts)]
    if members:
        grouped = content.get("grouped_by")
        yield from in_groups(code, content, judged, members, grouped) if grouped else each_alone(code, content, judged, members)
    elif there:
        yield unmarked(code, content, there)
    else:
        yield none_there(code, content, judged)


def each_alone(code: str, content: Mapping[str, Any], judged: Judging, members: Iterable[Thing]) -> Iterator[Finding]:
    """A duty for each asset."""
    for thing in members:
        verdict, why, unknown = judge_where(content, judged, thing.building)
        if verdict is Verdict.APPLIES:
            because = f"because {thing.name} is in {judged.name(thing.building)}{law_of(content)}"
            yield Finding(Key(code, "", thing.id), verdict, because, rule_for(content, thing.facts))
        else:
            yield Finding(Key(code, "", thing.id), verdict, why, None, unknown)


def in_groups(
    code: str, content: Mapping[str, Any], judged: Judging, members: Iterable[Thing], grouped: str
) -> Iterator[Finding]:
    """One duty for all the assets of each building, or of the site."""
    groups: dict[str, list[Thing]] = defaultdict(list)
    for thing in members:
        groups[thing.building if grouped == "building" else ""].append(thing)
    for house, things in groups.items():
        verdict, why, unknown = judge_where(content, judged, house)
        if verdict is Verdict.APPLIES:
            named = things[0].name if len(things) == 1 else f"{len(things)} such things"
            be = "is" if len(things) == 1 else "are"
            because = f"because {named} {be} in {judged.name(house)}{law_of(content)}"
            yield Finding(Key(code, house), verdict, because, content["rule"])
        else:
            yield Finding(Key(code, house), verdict, why, None, unknown)


def unmarked(code: str, content: Mapping[str, Any], there: Sequence[Thing]) -> Finding:
    """There are assets of the kind, and none is marked as one that the check is for."""
    wanted = [condition["fact"] for condition in content.get("applies", ())]
    blank = [thing for thing in there if any(thing.facts.get(key) in (None, "", []) for key in wanted)]
    if blank:
        what = content.get("applies_when", "this check is for it")
        why = f"{len(blank)} of {len(there)} in the register do not say whether this is so: {what}"
        return Finding(Key(code), Verdict.ASK, why)
    return Finding(Key(code), Verdict.OUT, f"none of the {len(there)} in the register is so: {content.get('applies_when', '')}")


def none_there(code: str, content: Mapping[str, Any], judged: Judging) -> Finding:
    """The register holds none of the kind: is one to be expected?"""
    facts = list(dict.fromkeys(BY_TYPE[kind].key for kind in content["asset_types"] if kind in BY_TYPE))
    known = {key: judged.site[key].value for key in facts}
    if yes := [key for key in facts if known[key]]:
        source = judged.site[yes[0]].source
        if source is Source.REGISTER:  # another kind under the same question is there; this one was not asked for
            return Finding(Key(code), Verdict.OUT, "none of this kind is in the register")
        told = "is usual in a school" if source is Source.USUAL else "is said to be here"
        return Finding(Key(code), Verdict.GAP, f"{PLACE_FACTS[yes[0]].question} It {told}, and the register holds none", None,
                       tuple(yes))  # fmt: skip
    if unknown := tuple(key for key in facts if known[key] is None):
        return Finding(Key(code), Verdict.ASK, "; ".join(PLACE_FACTS[key].question for key in unknown), None, unknown)
    return Finding(Key(code), Verdict.OUT, "; ".join(f"{PLACE_FACTS[key].question} No" for key in facts))
