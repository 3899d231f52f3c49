"""Which checks the invented trust owes: every core check that applies, on its asset, building or site."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from backend.assets.known import facts_on
from backend.assets.models import Asset
from backend.checks.models import CheckType
from backend.core.days import today
from backend.office.demo.fixtures import Applies, Fixtures
from backend.office.demo.places import Block, Made
from backend.rules.due import Rule
from backend.rules.library import applies_to, rule_for
from backend.trust.models import Building, Site


@dataclass(slots=True)
class Duty:
    """A check owed on a thing. `about` are the assets it is for (one, or all of the group)."""

    made: Made
    check: CheckType
    content: Mapping[str, Any]
    rule: Rule
    site: Site
    building: Building | None = None
    asset: Asset | None = None
    about: list[Asset] = field(default_factory=list)
    starts_on: dt.date = dt.date.min

    @property
    def installed_on(self) -> dt.date | None:
        """When the one asset was installed; None for a group or a place."""
        return self.asset.installed_on if self.asset else None


def owed_checks(fixtures: Fixtures) -> list[CheckType]:
    """The published checks with a rule: those of the core, and what some school keeps beyond it."""
    beyond = {code for codes in fixtures.duties.also.values() for code in codes}
    owed = Q(tier="core") | Q(code__in=beyond)
    found = CheckType.objects.filter(owed, withdrawn=False).select_related("current").order_by("code")
    return [check for check in found if check.current and check.current.content.get("rule")]


def duties_of(made: Made, assets: Sequence[Asset], checks: Sequence[CheckType], fixtures: Fixtures) -> Iterator[Duty]:
    """Everything that a school owes."""
    by_type: dict[str, list[Asset]] = defaultdict(list)
    for asset in assets:
        by_type[asset.type_id].append(asset)
    beyond = fixtures.duties.also.get(made.plan.key, [])
    for check in checks:
        content = check.current.content if check.current else {}
        if check.tier != "core" and check.code not in beyond:
            continue
        if content["on"] == "asset":
            yield from on_assets(made, check, content, by_type)
        else:
            yield from on_places(made, check, content, fixtures.duties.applies.get(check.code))


def on_assets(made: Made, check: CheckType, content: Mapping[str, Any], by_type: Mapping[str, Sequence[Asset]]) -> Iterator[Duty]:
    """A plan for each asset, or one for each building or site that has any."""
    there = [asset for key in content["asset_types"] for asset in by_type.get(key, ())]
    there = [asset for asset in there if applies_to(content, facts_on(asset.type_id, asset.facts, today()))]
    grouped = content.get("grouped_by")
    if grouped is None:
        for asset in there:
            if own := rule_for(content, facts_on(asset.type_id, asset.facts, today())):
                yield Duty(made, check, content, Rule.from_mapping(own), asset.site, None, asset, [asset])
        return
    groups: dict[Any, list[Asset]] = defaultdict(list)
    for asset in there:
        groups[asset.building if grouped == "building" and asset.building else asset.site].append(asset)
    for place, members in groups.items():
        building = place if isinstance(place, Building) else None
        rule = Rule.from_mapping(content["rule"])
        yield Duty(made, check, content, rule, members[0].site, building, None, members)


def on_places(made: Made, check: CheckType, content: Mapping[str, Any], applies: Applies | None) -> Iterator[Duty]:
    """A plan for each building or site that the check applies to."""
    if applies and applies.schools is not None and made.plan.key not in applies.schools:
        return
    rule = Rule.from_mapping(content["rule"])
    for grounds in made.grounds:
        if content["on"] == "site":
            if applies is None or any(suits(block, applies) for block in grounds.blocks):
                yield Duty(made, check, content, rule, grounds.site)
            continue
        yield from (
            Duty(made, check, content, rule, grounds.site, block.building)
            for block in grounds.blocks
            if applies is None or suits(block, applies)
        )


def suits(block: Block, applies: Applies) -> bool:
    """Whether a building is of the size and age that a check is for."""
    area = block.plan.area
    if applies.area_above is not None and area <= applies.area_above:
        return False
    if area < applies.area_from or (applies.area_to is not None and area > applies.area_to):
        return False
    return applies.built_before is None or block.plan.built < applies.built_before


def events_of(assets: Sequence[Asset], events: Sequence[CheckType]) -> Iterator[tuple[CheckType, Asset]]:
    """Checks that only a use calls for, on the assets that are used."""
    for check in events:
        kinds = check.current.content.get("asset_types", []) if check.current else []
        for asset in assets:
            if asset.type_id in kinds:
                yield check, asset
