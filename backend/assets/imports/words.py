"""What schools' own lists call the types of asset, where there is one thing only that is meant."""

from collections.abc import Mapping
from typing import Final

from backend.assets.models import AssetType

CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "fire-extinguisher": ("Extinguisher", "Portable fire extinguisher"),
    "emergency-luminaire": ("Emergency light", "Emergency luminaire", "Emergency lighting", "Exit sign", "Bulkhead"),
    "manual-call-point": ("Call point", "Manual call point", "Break glass", "Break glass unit", "Break glass call point", "MCP"),
    "fire-alarm-panel": ("Fire panel", "Fire alarm control panel", "FACP"),
    "fire-door": ("Fire resisting door", "FD30", "FD60"),
    "distribution-board": ("DB", "Consumer unit", "Dist board", "Fuse board", "Fuseboard"),
    "tmv": ("TMV", "TMV2", "TMV3", "Thermostatic mixing valve", "Mixing valve", "Blending valve"),
    "calorifier": ("Calorifier", "Hot water cylinder"),
    "cold-water-tank": ("CWST", "Cold water storage tank", "Water tank"),
    "water-outlet": ("Tap", "Water outlet", "Outlet"),
    "rpz-valve": ("RPZ", "RPZ valve"),
    "point-of-use-heater": ("Point of use water heater", "POU heater"),
    "ladder": ("Step ladder", "Stepladder", "Steps", "Kick stool"),
    "aed": ("AED", "Defibrillator", "Defib"),
    "co-detector": ("CO detector", "CO alarm", "Carbon monoxide alarm", "Carbon monoxide detector"),
    "air-handling-unit": ("AHU",),
    "air-conditioning": ("AC unit", "Air con", "Air conditioner", "Air conditioning unit", "Air source heat pump", "Heat pump"),
    "lev-system": ("LEV", "Dust extraction", "Local exhaust ventilation"),
    "kitchen-extract": ("Kitchen extraction", "Extract canopy", "Kitchen canopy"),
    "passenger-lift": ("Passenger elevator",),
    "goods-lift": ("Goods lift", "Dumb waiter"),
    "intruder-alarm": ("Burglar alarm", "Security alarm"),
    "automatic-door": ("Auto door", "Automatic entrance door"),
    "gas-interlock": ("Gas interlock", "Gas proving unit"),
    "solar-pv": ("Solar PV", "PV", "PV panels"),
    "ev-charger": ("EV charger", "EV charge point"),
    "smoke-vent": ("AOV", "Smoke vent"),
    "lightning-protection": ("Lightning conductor",),
    "portable-appliance": ("PAT item", "Appliance"),
    "mewp": ("MEWP", "Cherry picker", "Scissor lift"),
    "emergency-shower": ("Eyewash", "Eye wash station"),
    "fire-blanket": (),
    "fume-cupboard": (),
    "minibus": ("Mini bus",),
}


def also_called(types: Mapping[str, AssetType]) -> dict[str, AssetType]:
    """Every other word -> the type: these and their plurals, the types' own plurals, and their keys."""
    found: dict[str, AssetType] = {}
    for key, kind in types.items():
        for word in (kind.name, *CALLED.get(key, ())):
            found |= {word: kind, f"{word}s": kind}
        found[key] = kind
    return found
