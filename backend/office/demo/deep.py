"""The invented register in depth, at the first school: makes and models, parts, warranties, a move, and one that went."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from backend.assets.actions import add_model, add_warranty, change_asset, make_part_of, move_asset
from backend.assets.models import Asset, AssetModel, AssetType
from backend.checks.actions.leaving import Going, dispose
from backend.office.demo.dice import dice
from backend.office.demo.people import Team
from backend.office.demo.places import Made
from backend.trust.models import Person

LIVES: Final = {"electrical": 25, "fire": 15, "gas-heating": 15, "lifting-pressure": 20, "kitchen": 12, "ventilation-aircon": 15}
"""Expected lives in years, by discipline."""
USUAL_LIFE: Final = 10
MOST_MODELS, MOST_OF_EACH, MOST_WARRANTIES = 12, 3, 4
GONE: Final = ("fire-extinguisher", "ladder", "stepladder")
WHOLE, PART = "gas-boiler", "expansion-vessel"


def fill(made: Sequence[Made], team: Team, today: dt.date, seed: int) -> None:
    """Everything, by the trust's lead."""
    rows = Asset.objects.filter(site__school=made[0].school, status=Asset.Status.IN_USE)
    there = list(rows.select_related("site", "building", "space", "type", "product", "parent").order_by("name", "pk"))
    list_models(there, team.lead)
    parts_and_moves(there, team.lead)
    throw = dice(seed, "warranties")
    young = sorted((each for each in there if each.installed_on and each.make), key=lambda each: str(each.installed_on))[::-1]
    for asset in young[:MOST_WARRANTIES]:
        ends = today + dt.timedelta(days=throw.choice((25, 200, 500, 900)))
        since = asset.installed_on or today
        terms = "Parts and labour, if serviced every year."
        add_warranty(asset, supplier=asset.make, starts_on=since, ends_on=max(ends, since), terms=terms, person=team.lead)
    gone: Any = next((each for each in there if each.type_id in GONE), None)
    if gone:
        going = Going("scrapped", today - dt.timedelta(days=3), "Bent, and not worth mending", "Scrap merchant", 0, parts="keep")
        dispose(gone, going=going, person=team.lead, today=today)


def list_models(there: Sequence[Asset], lead: Person) -> None:
    """The commonest makes and models, and a few assets put under each; the others are left for somebody to press."""
    by_plate: dict[tuple[str, str, str], list[Asset]] = defaultdict(list)
    for asset in there:
        if asset.make and asset.model:
            by_plate[asset.type_id, asset.make, asset.model].append(asset)
    common = sorted(by_plate.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:MOST_MODELS]
    kinds = AssetType.objects.in_bulk({key[0] for key, _ in common})
    for (type_key, make, model), assets in common:
        kind = kinds[type_key]
        life = LIVES.get(kind.discipline, USUAL_LIFE)
        row: AssetModel = add_model(type=kind, make=make, model=model, expected_life=life, person=lead)
        for asset in assets[:MOST_OF_EACH]:
            change_asset(asset, changes={"product": row}, person=lead)


def parts_and_moves(there: Sequence[Asset], lead: Person) -> None:
    """A part of something, where both are at one site, and one thing that was carried to another room."""
    whole = next((each for each in there if each.type_id == WHOLE), there[0])
    part = next((each for each in there if each.site_id == whole.site_id and each.type_id == PART), None)
    part = part or next(each for each in there if each.site_id == whole.site_id and each.pk != whole.pk)
    make_part_of(part, parent=whole, person=lead)
    for asset in there:
        rooms = asset.building.spaces.order_by("name") if asset.building else ()
        room = next((each for each in rooms if each.pk != asset.space_id), None)
        if room and asset.pk not in (whole.pk, part.pk) and asset.type_id == "fire-extinguisher":
            move_asset(asset, building=asset.building, space=room, person=lead, why="Nearer to the door")
            return
