"""Who may do what. The estate on maps and plans, and trends."""

from collections.abc import Iterator
from typing import Any, Final

from backend.office.maps.forms import MapFilters, ReadingFilters, TrendFilters
from backend.trust.permits import ASSET_CHANGE, SITE_CHANGE
from tests.matrix.lines import UNFIT, Line, Rule
from tests.matrix.wording import ESTATE, PAGE, act, listed, one

POSITION: Final = Rule(do=SITE_CHANGE, area=PAGE.area)
PLACING: Final = Rule(do=ASSET_CHANGE, area=PAGE.area)
FIGURES: Final = frozenset[str]()
"""Trends hold figures: they name nothing, but where the pickers do."""


def lines() -> Iterator[Line]:
    """The lines."""
    shown = [each for each in MapFilters.base_fields if each not in ("site", "q", "building", "asset", "sort")]
    for kind in ("/", ".csv", ".xlsx"):
        yield from listed(f"map{kind}", "site", PAGE, shown, page=True)
    for page, form in (("trends", TrendFilters), ("trends/readings", ReadingFilters)):
        lacks = form.lacks
        filters = [each for each in form.base_fields if each not in lacks]
        for kind in ("/", ".csv", ".xlsx"):
            yield from listed(f"{page}{kind}", "site", PAGE, filters, page=True, tells=FIGURES)
    yield from one("sites/<uuid:id>/plan/", "site", PAGE)
    yield from one("sites/<uuid:id>/place/", "site", POSITION)
    yield from act("sites/<uuid:id>/place/", "site", POSITION, form=lambda _w, _c, _k: {"position": "51.5034, -0.1276"})
    yield from floor_plans()


def floor_plans() -> Iterator[Line]:
    """Floor plans, their pictures and their pins."""
    unfit = Rule(do=SITE_CHANGE, area=PAGE.area, then=UNFIT)
    yield from one("sites/<uuid:id>/emergency/", "site", PAGE)
    yield from one("sites/<uuid:id>/floor-plans/add/", "site", POSITION)
    yield from act("sites/<uuid:id>/floor-plans/add/", "site", unfit, form=typing({"name": "Attic"}), writes=False)
    plan, pin = "floor-plans/<uuid:id>/", "floor-plans/pins/<uuid:id>/"
    yield from one(plan, "floor plan", PAGE)
    shown = "floor-plans/<uuid:id>/picture/<int:number>/<slug:size>/"
    yield from one(shown, "floor plan", PAGE, more=(1, "whole"), proves=False)
    yield from one(f"{plan}change/", "floor plan", POSITION)
    yield from act(f"{plan}change/", "floor plan", POSITION, form=typing({"name": "Lower floor", "rank": "7"}))
    yield from act(f"{plan}remove/", "floor plan", POSITION, form=typing({}))
    yield from act(f"{plan}restore/", "floor plan away", POSITION, form=typing({}))
    yield from act(f"{plan}versions/<int:number>/", "floor plan", POSITION, form=typing({}), more=(2,))
    yield from one(f"{plan}pins/add/", "floor plan", PLACING)
    yield from act(f"{plan}pins/add/", "floor plan", PLACING, form=typing({"what": "gas", "x": "20", "y": "30"}))
    yield from one(pin, "pin", PAGE, proves=False)
    yield from act(pin, "pin", PLACING, form=typing({"x": "20", "y": "30", "note": "By the gate"}))
    yield from act(f"{pin}remove/", "pin", PLACING, form=typing({}))
    yield from act(f"{pin}restore/", "pin off", PLACING, form=typing({}))
    yield from listed("api/v1/floor-plans", "floor plan", ESTATE, ["site", "school", "building", "asset"])
    yield from one("api/v1/floor-plans/<uuid:id>", "floor plan", ESTATE)


def typing(said: dict[str, str]) -> Any:
    """What is typed in a form."""
    return lambda _world, _column, _key: said
