"""What each kind of operation does: it calls the app's own action, where the rule lives, and nothing else."""

import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from backend.assets.actions import add_assets, claim_tag, exchange_tag, name_photos, take_reading
from backend.assets.models import Asset
from backend.checks.actions import NewPhoto, NewRecord, record_not_done, return_to_service, take_out_of_service
from backend.checks.actions.following import change_details
from backend.checks.models import CheckRevision
from backend.core.days import london_date, today
from backend.core.problems import Problem
from backend.maintenance.actions import finish_work, note_defect, report_defect
from backend.sync.bodies import (
    AssetAdded,
    AssetChanged,
    CheckDone,
    CheckNotDone,
    DefectReported,
    DefectUpdated,
    ReadingTaken,
    TagClaimed,
    WorkDone,
)
from backend.sync.envelope import read_json, read_op
from backend.sync.models import Op
from backend.sync.referents import Referents
from backend.sync.shapes import PhotoShape
from backend.sync.work import Work
from backend.trust.models import Site


def photos_of(photos: list[PhotoShape]) -> list[dict[str, Any]]:
    """The files named, each once."""
    return [each.model_dump() for each in dict.fromkeys(photos)]


def as_record(work: Work, body: CheckDone, there: Referents) -> NewRecord:
    """A check done, as record_checks takes it. Raises Problem when it says nothing that could be recorded."""
    plan, asset = there.get("plan", body.plan), there.get("asset", body.asset)
    revision = there.get("revision", (body.check_type.code, body.check_type.revision))
    if plan is None and not (body.ad_hoc or revision.content.get("event")):
        raise Problem("no_plan", "This check is done by plan, and no plan was named.")
    if body.done_at and not body.late_entry:
        raise Problem("malformed", "A time of doing was given, but this is not marked as a late entry.")
    tag = there.get("tag", body.tag.upper()) if body.tag else None
    on = asset.pk if asset else plan.asset_id if plan else None
    notes = list(work.notes)
    if tag and tag.asset_id and tag.asset_id != on:
        notes.append("The tag scanned is on another asset in the register.")
    if body.tag and tag is None:
        notes.append("The tag scanned is not one of ours.")
    if body.together and asks_for_a_reading(revision):
        notes.append("Answered together with others, although this check asks for a reading.")
    return NewRecord(
        id=work.id,
        author=work.author,
        revision=revision,
        answers=body.answers,
        when=work.when(),
        presence=body.presence,
        plan=plan,
        site=there.get("site", body.site),
        building=there.get("building", body.building),
        asset=asset,
        tag=(body.tag or "").upper(),
        photos=[NewPhoto(each.sha256, each.type, each.size, each.field) for each in distinct(body.photos)],
        late_entry=body.late_entry,
        ad_hoc=body.ad_hoc,
        device_id=work.device_id,
        supersedes=there.get("record", body.supersedes),
        reason=body.reason,
        notes=notes,
        together=body.together,
        vouched=work.vouched,
    )


def asks_for_a_reading(revision: CheckRevision) -> bool:
    """Whether a number is asked for: each thing has its own, so such checks are not answered for several things at once."""
    return any(each.get("type") == "number" for each in revision.content.get("questions", []))


def distinct(photos: list[PhotoShape]) -> list[PhotoShape]:
    """The photos, each file once for a question."""
    return list({(each.field, each.sha256): each for each in photos}.values())


def check_not_done(work: Work, body: CheckNotDone, there: Referents) -> None:
    """An attempt that came to nothing."""
    record_not_done(
        id=work.id,
        plan=there.get("plan", body.plan),
        author=work.author,
        reason=body.reason,
        note=body.note,
        made_at=work.at,
        received_at=work.received_at,
        try_again_on=body.try_again_on,
        photos=photos_of(body.photos),
    )


def defect_reported(work: Work, body: DefectReported, there: Referents) -> None:
    """A problem with an asset, or with a place."""
    asset, place = there.get("asset", body.asset), body.place
    site = asset.site if asset else there.get("site", place.site) if place else None
    if site is None:
        raise Problem("no_place", "Say which asset or place this is about.")
    space = there.get("space", place.space) if place else None
    building = (there.get("building", place.building) if place else None) or (space.building if space else None)
    if space and building and space.building_id != building.pk:
        raise Problem("wrong_place", "That space is in another building.")
    made = report_defect(
        id=work.id,
        site=site,
        person=work.author,
        summary=body.summary,
        severity=body.severity,
        unsafe=body.unsafe,
        found_on=london_date(work.at),
        reported_at=work.at,
        asset=asset,
        building=building,
        space=space,
        made_safe=body.made_safe,
        photos=photos_of(body.photos),
    )
    there.add("defect", work.id, made)


def defect_updated(work: Work, body: DefectUpdated, there: Referents) -> None:
    """News of a defect."""
    note_defect(
        id=work.id,
        defect=there.get("defect", body.defect),
        person=work.author,
        note=body.note,
        made_at=work.at,
        minutes=body.minutes,
        photos=photos_of(body.photos),
    )


def work_done(work: Work, body: WorkDone, there: Referents) -> None:
    """A work order finished. One that was finished later still, by another, stays as that one left it."""
    order = there.get("work_order", body.work_order)
    said: dict[str, Any] = {"id": work.id, "person": work.author, "made_at": work.at, "minutes": body.minutes}
    said |= {"photos": photos_of(body.photos), "note": body.note or "Work done."}
    if order.done_at and order.done_at >= work.at:
        note_defect(defect=order.defect, kind="work", work_order=order, **said)
    else:
        finish_work(work_order=order, **said)


def tag_claimed(work: Work, body: TagClaimed, there: Referents) -> None:
    """A label put on an asset; in the place of another, where one is named."""
    asset = there.get("asset", body.asset)
    if body.replaces:
        exchange_tag(code=body.tag, replaces=body.replaces, why=body.why, asset=asset, person=work.author)
    else:
        claim_tag(code=body.tag, asset=asset, person=work.author)


def asset_added(work: Work, body: AssetAdded, there: Referents) -> None:
    """An asset that was not in the register."""
    space = there.get("space", body.space)
    asset = Asset(
        id=work.id,
        site=there.get("site", body.site),
        building=there.get("building", body.building) or (space.building if space else None),
        space=space,
        type=there.get("type", body.type),
        name=body.name,
        make=body.make,
        model=body.model,
        serial=body.serial,
        installed_on=body.installed_on,
        facts=body.facts,
        note=body.note,
    )
    made = add_assets([asset], person=work.author)[0]
    name_photos(made, photos_of(body.photos), person=work.author, at=work.at)
    there.add("asset", work.id, made)


def asset_changed(work: Work, body: AssetChanged, there: Referents) -> None:
    """A correction of the register. What somebody changed at a later time stays, whichever arrived first."""
    asset = there.get("asset", body.asset)
    names = body.changes.names() - changed_later(work, asset.pk)
    given = body.changes.model_dump(include=names)
    changes: dict[str, Any] = {name: given[name] for name in ("name", "make", "model", "serial", "note") if name in given}
    for place in ("building", "space"):
        if place in names:
            changes[place] = there.get(place, getattr(body.changes, place))
    facts = {name[6:]: body.changes.facts[name[6:]] for name in names if name.startswith("facts.")}
    if facts:
        changes["facts"] = {**asset.facts, **facts}
    moved = changes.get("building", asset.building)
    if "building" in changes and "space" not in changes and asset.space and asset.space.building_id != (moved and moved.pk):
        changes["space"] = None
    if not changes.get("name", "-").strip():
        raise Problem("name_missing", "An asset needs a name.")
    change_details(asset, changes=changes, person=work.author, today=today())
    if "status" in names:
        change_status(work, asset, body.changes.status)


def changed_later(work: Work, asset: uuid.UUID) -> set[str]:
    """What of this asset was changed by operations made after this one that have been applied already."""
    later: set[str] = set()
    rows = Op.objects.filter(about=asset, outcome=Op.Outcome.APPLIED, happened_at__gte=work.at)
    rows = rows.exclude(pk=work.id)
    if work.push:
        rows = rows.exclude(push=work.push)  # those of the same push take their turn by time
    for pk, at, sent in rows.values_list("pk", "happened_at", "sent"):
        other = read_op(0, read_json(sent.encode())).body
        if isinstance(other, AssetChanged) and (at, str(pk)) > work.order():
            later |= other.changes.names()
    return later


def change_status(work: Work, asset: Asset, status: str) -> None:
    """In use or out of service, with the plans following. Retiring is for the office: what is owed on it must be settled."""
    on = london_date(work.at)
    if status == asset.status:
        return
    if status == Asset.Status.RETIRED:
        raise Problem("office_only", "An asset is retired in the office, where its checks are ended with it.")
    if status == Asset.Status.OUT_OF_SERVICE:
        reason = f"Reported from the field by {work.author.name}."
        take_out_of_service(asset, person=work.author, on=on, reason=reason, today=today())
    else:
        return_to_service(asset, person=work.author, on=on, today=today())


def reading_taken(work: Work, body: ReadingTaken, there: Referents) -> None:
    """A value read off an asset, and the photos of what showed it."""
    asset = there.get("asset", body.asset)
    name_photos(asset, photos_of(body.photos), person=work.author, at=work.at, title=f"Reads {body.value:g} {body.unit}".strip())
    take_reading(
        id=work.id,
        asset=asset,
        value=Decimal(str(body.value)),
        unit=body.unit,
        taken_at=work.at,
        person=work.author,
    )


def site_of(work: Work, there: Referents) -> Site | None:
    """The site that an operation is about, as far as what it refers to is known."""
    for ref in work.refers():
        found = there.get(ref.sort, ref.key)
        if isinstance(found, Site):
            return found
        site = getattr(found, "site", None) or getattr(getattr(found, "building", None), "site", None)
        if isinstance(site, Site):
            return site
    return None


APPLY: Final[Mapping[str, Callable[[Work, Any, Referents], None]]] = {
    "check_not_done": check_not_done,
    "defect_reported": defect_reported,
    "defect_updated": defect_updated,
    "work_done": work_done,
    "tag_claimed": tag_claimed,
    "asset_added": asset_added,
    "asset_changed": asset_changed,
    "reading_taken": reading_taken,
}
"""Kind -> what it does. Checks that were done go through record_checks together (see applying.py)."""
