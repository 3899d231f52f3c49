"""The register: add and change assets, and their status."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.assets.evidence import ASSETS
from backend.assets.known import facts_asked
from backend.assets.models import PLACED, Asset, AssetChange
from backend.core import audit
from backend.core.days import today
from backend.core.problems import Problem
from backend.rules.asset_facts import faults
from backend.trust import permits
from backend.trust.actions.acting import Actor, fact, require_site
from backend.trust.models import Person
from backend.trust.scope import require

EARLIEST = dt.date(1700, 1, 1)
CHANGEABLE = ("name", "make", "model", "serial", "note", "installed_on", "facts")
REFERRED = ("building", "space", "product", "parent")
TOLD = (*CHANGEABLE[:-1], *(f"{name}_id" for name in REFERRED))
"""The columns whose old and new values are kept when they change; facts are kept one by one."""


@transaction.atomic
def add_assets(assets: Sequence[Asset], *, person: Actor) -> list[Asset]:
    """Put assets (not yet saved; ids may be a phone's) into the register. Raises Problem and keeps none when one is not sound."""
    for site in {asset.site_id: asset.site for asset in assets}.values():
        require_site(person, permits.ASSET_CHANGE, site, "add assets")
    for asset in assets:
        sound_place(asset)
        sound_day(asset)
        sound_facts(asset, {})
        if not asset.name.strip():
            raise Problem("name_missing", "Give the asset a name.", fields={"name": "Write what it is called."})
    made = Asset.objects.bulk_create(assets, batch_size=1000)
    audit.append([fact("asset", each, person) for each in made])
    return made


def sound_place(asset: Asset) -> None:
    """The building, space and parent belong to the asset's site."""
    if asset.building and asset.building.site_id != asset.site_id:
        raise Problem("wrong_place", "That building is at another site.", fields={"building": "Choose a building of this site."})
    if asset.space and asset.space.building_id != asset.building_id:
        raise Problem("wrong_place", "That space is in another building.", fields={"space": "Choose a space of this building."})
    if asset.parent and asset.parent.site_id != asset.site_id:
        raise Problem("wrong_place", "An asset and what it is part of must be at the same site.")


def sound_day(asset: Asset) -> None:
    """The day on which it was put in is no day to come, nor before there were such things."""
    if asset.installed_on and not EARLIEST <= asset.installed_on <= today():
        said = "That day is still to come." if asset.installed_on > today() else "That is long ago."
        raise Problem("installed_on", f"{said} Check the year.", fields={"installed_on": f"{said} Check the year."})


def sound_facts(asset: Asset, before: Mapping[str, Any]) -> None:
    """Raises Problem when a fact that differs from `before` cannot be what the library asks for."""
    wrong = faults(facts_asked(asset.type_id), asset.facts, before)
    if wrong:
        asked = facts_asked(asset.type_id)
        said = " ".join(f"{asked[key].label}: {words}" for key, words in wrong.items())
        raise Problem("facts", said, fields={f"facts.{key}": words for key, words in wrong.items()})


@transaction.atomic
def change_asset(asset: Asset, *, changes: Mapping[str, Any], person: Actor, why: str = "") -> Asset:
    """Change what is known of an asset: the fields of CHANGEABLE and REFERRED (the latter as objects or None).

    What it was and what it became is kept. Raises Problem naming fields that do not exist; then nothing is changed.
    """
    require_site(person, permits.ASSET_CHANGE, asset.site, "change assets")
    unknown = set(changes) - {*CHANGEABLE, *REFERRED}
    if unknown:
        raise Problem("unknown_field", "Some of these details cannot be changed.", fields=dict.fromkeys(unknown, "not known"))
    before = told(asset)
    facts = dict(asset.facts)
    for name, value in changes.items():
        setattr(asset, name, value)
    sound_place(asset)
    if "installed_on" in changes:
        sound_day(asset)
    if "facts" in changes:
        sound_facts(asset, facts)
    if asset.product and asset.product.type_id != asset.type_id:
        raise Problem("wrong_model", f"{asset.product} is another kind of asset.", fields={"product": "Choose another."})
    asset.full_clean(exclude=["site", "type", "parent"], validate_unique=False, validate_constraints=False)
    asset.save(update_fields=sorted(changes))
    row = changed(asset, before, person, why)
    audit.append([*([fact("asset-history", row, person)] if row else []), fact("asset-change", asset, person)])
    return asset


def told(asset: Asset) -> dict[str, Any]:
    """The columns of TOLD and each fact, as JSON keeps them."""
    plain = {name: getattr(asset, name) for name in TOLD}
    plain |= {f"facts.{key}": value for key, value in asset.facts.items()}
    as_text = (dt.date, uuid.UUID)
    return {name: str(value) if isinstance(value, as_text) else value for name, value in plain.items()}


def changed(asset: Asset, before: Mapping[str, Any], actor: Actor, why: str) -> AssetChange | None:
    """Keep what differs from `before`; None when nothing does."""
    now = told(asset)
    names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    if not names:
        return None
    kind = AssetChange.Kind.DETAILS
    if set(names) & set(PLACED):
        kind = AssetChange.Kind.MOVED
    elif "parent_id" in names:
        kind = AssetChange.Kind.PARTED
    return AssetChange.objects.create(
        asset=asset,
        kind=kind,
        before={name: before.get(name) for name in names},
        after={name: now.get(name) for name in names},
        why=why.strip()[:300],
        made_at=timezone.now(),
        made_by=actor if isinstance(actor, Person) else None,
    )


@transaction.atomic
def set_status(asset: Asset, *, status: str, person: Person, on: dt.date, reason: str) -> Asset:
    """Set in use, out of service or retired. Plans follow through checks.actions, which is what pages and the API call."""
    require(person, permits.PLAN_CHANGE, asset.site, "take equipment in or out of service")
    if status != Asset.Status.IN_USE and not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason."})
    asset.status, asset.status_since, asset.status_reason = status, on, reason
    asset.save(update_fields=["status", "status_since", "status_reason"])
    audit.append([ASSETS.fact(asset, person.pk, person.name, kind="asset-status")])
    return asset
