"""Assets that go to another site. What was recorded stays where it happened; the thing goes on as a row of the other site.

So nobody is shown another school's records, and no record changes its place: the old row is retired and leads to the new one,
which has its details, papers, warranties and label, and owes what the old one owed, on the same days.
"""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from backend.assets.actions import add_assets, parts_of, set_status, take_off_pin
from backend.assets.models import Asset, AssetChange, AssetPaper, Pin, Tag, Warranty
from backend.checks.actions.ending import end_plans
from backend.checks.actions.leaving import again, lock, owed_by
from backend.core import audit
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.maintenance.models import Defect
from backend.trust import permits
from backend.trust.actions import fact
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import require

DOING = "move equipment to another site"


@transaction.atomic
def move_to_site(
    asset: Asset, *, site: Site, building: Building | None, space: Space | None, why: str, person: Person, today: dt.date
) -> Asset:
    """Move an asset with its parts to another site; answers what it is there. To another school needs SITE_CHANGE at both.

    Raises Problem without a reason, while problems are open on it, and for one that is retired; then nothing is changed.
    """
    for place in (asset.site, site):
        require(person, permits.PLAN_CHANGE, place, DOING)
        require(person, permits.ASSET_CHANGE, place, DOING)
        if asset.site.school_id != site.school_id:
            require(person, permits.SITE_CHANGE, place, "move equipment to another school")
    asset = lock(asset)
    moving = [asset, *parts_of([asset])]
    may_go(asset, moving, site, why)
    onward: dict[uuid.UUID, Asset] = {}
    for each in moving:
        onward[each.pk] = arrived(each, site, building, space, onward.get(each.parent_id) if each.parent_id else None)
    add_assets(list(onward.values()), person=person)
    for each in moving:
        carry(each, onward[each.pk], why.strip(), person, today)
    return onward[asset.pk]


def may_go(asset: Asset, moving: list[Asset], site: Site, why: str) -> None:
    """Raises Problem when it cannot go."""
    if site.pk == asset.site_id:
        raise Problem("same_site", "It is at this site already.", status=409, fields={"site": "Choose another site."})
    if asset.status == Asset.Status.RETIRED:
        raise Problem("retired", f"{asset} is retired: it stands nowhere any more.", status=409)
    if not why.strip():
        raise Problem("reason_missing", "Say why.", fields={"why": "Write a reason."})
    number = Defect.objects.filter(asset__in=moving, status=Defect.Status.OPEN).count()
    if number:
        said = f"{number} {'problem is' if number == 1 else 'problems are'} open on it. Close what is open before it goes."
        raise Problem("open_problems", said, status=409)


def arrived(asset: Asset, site: Site, building: Building | None, space: Space | None, parent: Asset | None) -> Asset:
    """What it is at the other site, not yet saved."""
    return Asset(
        id=new_id(), site=site, building=building, space=space, parent=parent, type=asset.type, product=asset.product,
        name=asset.name, make=asset.make, model=asset.model, serial=asset.serial, installed_on=asset.installed_on,
        note=asset.note, facts=dict(asset.facts), status=asset.status, status_since=asset.status_since,
        status_reason=asset.status_reason,
    )  # fmt: skip


def carry(old: Asset, new: Asset, why: str, person: Person, today: dt.date) -> None:
    """Everything that goes along, and the end of it here."""
    owed = owed_by(old)
    due: dict[object, dt.date | None] = {plan.pk: plan.due_on for plan in owed}
    facts = [*labels_along(old, new, person), *papers_along(old, new, person)]
    for pin in Pin.objects.filter(asset=old, removed_at=None).select_related("drawing__site"):
        take_off_pin(pin, person=person)
    if owed:
        end_plans(owed, reason=f"Moved to {new.site}: {why}", person=person, today=today)
        again(owed, due, new, f"Moved here from {old.site}.", person, today)
    set_status(old, status=Asset.Status.RETIRED, person=person, on=today, reason=f"Moved to {new.site}: {why}"[:300])
    row = AssetChange.objects.create(
        asset=old, kind=AssetChange.Kind.AWAY, before={"site": str(old.site)}, after={"site": str(new.site)}, why=why[:300],
        onward=new, made_at=timezone.now(), made_by=person,
    )  # fmt: skip
    audit.append([*facts, fact("asset-history", row, person)])


def labels_along(old: Asset, new: Asset, person: Person) -> list[audit.Fact]:
    """Its labels are on what it is there."""
    tags = list(Tag.objects.select_for_update().filter(asset=old, retired_at=None).order_by("pk"))
    for tag in tags:
        tag.asset = new
        tag.save(update_fields=["asset"])
    return [fact("tag", tag, person) for tag in tags]


def papers_along(old: Asset, new: Asset, person: Person) -> list[audit.Fact]:
    """Its papers and warranties are known there too."""
    facts, there = [], {}
    for paper in old.papers.filter(withdrawn_at=None):
        there[paper.pk] = AssetPaper.objects.create(
            asset=new, kind=paper.kind, title=paper.title, sha256=paper.sha256, content_type=paper.content_type,
            added_at=paper.added_at, added_by=paper.added_by,
        )  # fmt: skip
        facts.append(fact("asset-paper", there[paper.pk], person))
    for each in old.warranties.filter(withdrawn_at=None):
        row = Warranty.objects.create(
            asset=new, supplier=each.supplier, starts_on=each.starts_on, ends_on=each.ends_on, terms=each.terms,
            paper=there.get(each.paper_id) if each.paper_id else None, added_at=each.added_at, added_by=each.added_by,
        )  # fmt: skip
        facts.append(fact("warranty", row, person))
    return facts
