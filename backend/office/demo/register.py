"""The invented trust's assets: how many of each, where they stand, what they are like."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.assets.models import Asset
from backend.core.problems import Problem
from backend.office.demo.dice import dice, made_id
from backend.office.demo.fixtures import Fixtures, Line
from backend.office.demo.places import Block, Made
from backend.trust.models import Building, Site, Space

LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an asset stands; `built` is the building's year."""

    site: Site
    building: Building | None = None
    space: Space | None = None
    what: str = ""
    built: int | None = None


@dataclass(slots=True)
class Lot:
    """One line of the register at one school: how many there are to be, and the spots to take in turn."""

    made: Made
    line: Line
    spots: list[Spot]
    number: int
    least: int = field(default=1)


def lots_of(made: Made, fixtures: Fixtures, seed: int) -> Iterator[Lot]:
    """Every line of the register that the school has anything of."""
    plan = made.plan
    for index, line in enumerate(fixtures.lines):
        if (line.only and plan.key not in line.only) or (line.needs and not getattr(plan, line.needs)):
            continue
        if line.unless and getattr(plan, line.unless):
            continue
        spots, number = spots_of(made, line)
        if spots and number:
            dice(seed, "spots", plan.key, index).shuffle(spots)
            yield Lot(made, line, spots, number)


def spots_of(made: Made, line: Line) -> tuple[list[Spot], int]:
    """Where the line's assets may stand, and how many there are by the line alone."""
    if line.per == "site":
        whats, each = line.whats or [""], line.phases.get(made.plan.phase, line.each if not line.phases else 0)
        spots = [Spot(grounds.site, what=what) for grounds in made.grounds for what in whats]
        return spots, len(spots) * each
    blocks = [block for block in made.blocks() if suits(block, line)]
    if line.per == "building":
        return [Spot(b.building.site, b.building, built=b.plan.built) for b in blocks], len(blocks) * line.each
    places = [
        Spot(block.building.site, block.building, place.space, built=block.plan.built)
        for block in blocks
        for place in block.places
        if place.use in line.where
    ]
    number = line.count.get(made.plan.phase, 0)
    return places, max(1, round(number * made.plan.size)) if number > 2 else number


def suits(block: Block, line: Line) -> bool:
    """Whether the line's assets are found in a building."""
    old_enough = line.built_before is None or block.plan.built < line.built_before
    return old_enough and (not line.kinds or block.plan.kind in line.kinds)


def scaled(lots: Sequence[Lot], total: int) -> None:
    """Make the numbers add up to `total` by the lines that scale. Raises Problem when so few cannot be."""
    fixed = sum(lot.number for lot in lots if not lot.line.scales)
    scaling = [lot for lot in lots if lot.line.scales]
    wanted = total - fixed
    if wanted < len(scaling):
        least = fixed + len(scaling)
        raise Problem("too_few", f"These schools have at least {least} assets between them: ask for {least} or more.")
    weight = sum(lot.number for lot in scaling)
    shares = [1 + (wanted - len(scaling)) * lot.number / weight for lot in scaling]
    for lot, share in zip(scaling, shares, strict=True):
        lot.number = int(share)
    rest = wanted - sum(lot.number for lot in scaling)
    for lot, _ in sorted(zip(scaling, shares, strict=True), key=lambda each: int(each[1]) - each[1])[:rest]:
        lot.number += 1


def assets_of(lots: Sequence[Lot], *, today: dt.date, seed: int) -> list[Asset]:
    """The assets of one school's lots, not yet saved."""
    found: list[Asset] = []
    numbers: dict[str, int] = {}
    totals: dict[str, int] = {}
    for lot in lots:
        totals[lot.line.name] = totals.get(lot.line.name, 0) + lot.number
    for lot in lots:
        throw = dice(seed, "assets", lot.made.plan.key, lot.line.type, lot.line.name)
        spread = max(1, -(-lot.number // len(lot.spots)))
        for index in range(lot.number):
            spot = lot.spots[index % len(lot.spots)] if spread == 1 else lot.spots[index // spread % len(lot.spots)]
            name = lot.line.name.format(building=spot.building or "", space=spot.space or "", what=spot.what or lot.line.name)
            if totals[lot.line.name] > 1 and ("{" not in lot.line.name or lot.number > len(lot.spots)):
                numbers[lot.line.name] = numbers.get(lot.line.name, 0) + 1
                name = f"{name} {numbers[lot.line.name]}"
            found.append(asset_of(lot.line, spot, name, throw, today))
    return found


def asset_of(line: Line, spot: Spot, name: str, throw: random.Random, today: dt.date) -> Asset:
    """One asset, not yet saved: when it was installed, its make, serial number and facts."""
    make, model = throw.choice(line.makes) if line.makes else ("", "")
    oldest = today.year - spot.built - 1 if spot.built else line.age[1]
    years = min(throw.randint(line.age[0], line.age[1]), max(oldest, line.age[0]))
    installed = today - dt.timedelta(days=365 * years + throw.randint(1, 300))
    serial = f"{throw.choice(LETTERS)}{throw.choice(LETTERS)}{throw.randint(10000, 99999)}" if make else ""
    facts = facts_of(line.facts, throw)
    if "age_years" in facts:
        installed = today - dt.timedelta(days=365 * int(facts.pop("age_years")) + throw.randint(10, 300))
        facts["first_used"] = installed.isoformat()
    return Asset(
        id=made_id(throw),
        site=spot.site,
        building=spot.building,
        space=spot.space,
        type_id=line.type,
        name=name,
        make=make,
        model=model,
        serial=serial,
        installed_on=installed,
        facts=facts,
    )


def facts_of(facts: Mapping[str, Sequence[Any]], throw: random.Random) -> dict[str, Any]:
    """One of the values of each fact."""
    return {key: throw.choice(list(values)) for key, values in facts.items()}
