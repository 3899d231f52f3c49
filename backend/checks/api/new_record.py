"""Reading a record from a body: what it names must be the asker's to know; and telling a repeat from another record."""

import uuid
from dataclasses import replace
from typing import Any, Final

from django.utils import timezone

from backend.assets.models import Asset
from backend.checks.actions import NewPhoto, NewRecord, When
from backend.checks.actions.told import place_of
from backend.checks.models import CheckRecord, CheckRevision, CheckType, Plan, RecordPhoto
from backend.checks.revisions import published
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.core.reading import rows_by_key
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.named import named, nowhere
from backend.trust.scope import reach

BESIDE_PLAN: Final = ("site", "building", "asset", "asset__building", "check_type")


def new_record(sent: dict[str, Any], person: Person) -> NewRecord:
    """What `record_check` takes, from a validated NewRecordBody. Raises Problem naming the field that does not exist."""
    plan = plan_named(sent["plan"], person) if sent.get("plan") else None
    code = sent.get("check_type") or (plan.check_type_id if plan else None)
    if code is None:
        wrong = {"plan": "Name the plan, or for a check done on an event its check_type."}
        raise Problem("no_plan", "Say which check this is.", fields=wrong)
    kind = plan.check_type if plan and plan.check_type_id == code else CheckType.objects.filter(pk=code).first()
    revision = revision_of(kind, sent.get("revision"))
    if plan is None and revision.content.get("rule"):
        wrong = {"plan": "Only a check done on an event goes without a plan."}
        raise Problem("no_plan", "This check is planned: name its plan.", fields=wrong)
    old = sent.get("supersedes")
    return NewRecord(
        id=sent.get("id") or new_id(),
        author=person,
        revision=revision,
        answers=sent["answers"],
        when=when(sent),
        presence=sent["presence"],
        plan=plan,
        **things(sent, person),
        photos=photos(sent),
        late_entry=sent["late_entry"],
        ad_hoc=sent["ad_hoc"],
        supersedes=named(CheckRecord.objects.select_related("site"), person, "supersedes", old) if old else None,
        reason=sent["reason"],
    )


def plan_named(pk: uuid.UUID, person: Person) -> Plan:
    """The plan with its things and its check. Raises Problem (404) for one that the asker may not know of."""
    found = next(iter(rows_by_key(Plan, [pk], beside=BESIDE_PLAN)), None)
    if found is None or not reach(person, permits.ESTATE_VIEW).covers(found.site_id, found.site.school_id):
        raise nowhere(Plan, "plan")
    return found


def revision_of(kind: CheckType | None, number: int | None) -> CheckRevision:
    """The check's revision that was answered, or the current one. Raises Problem when the library has no such."""
    known = published([kind.pk]) if kind else ()
    current = kind.current_id if kind and number is None else None
    found = next((each for each in known if (each.pk == current if number is None else each.number == number)), None)
    if kind is None or found is None:
        field = "revision" if kind else "check_type"
        raise Problem("unknown_check", "The library has no such check.", fields={field: "GET /api/v1/check-types lists them."})
    found.check_type = kind
    return found


def when(sent: dict[str, Any]) -> When:
    """When it was done: as told, or now."""
    now = When.now()
    if done_at := sent.get("done_at"):
        now = replace(now, done_at=done_at, device_time=done_at)
    return replace(now, started_at=sent.get("started_at"), offset_min=offset(now))


def offset(moment: When) -> int:
    """London's offset from UTC then, in minutes."""
    there = timezone.localtime(moment.done_at).utcoffset()
    return int(there.total_seconds() // 60) if there else 0


def things(sent: dict[str, Any], person: Person) -> dict[str, Any]:
    """The asset, building and site that the body names."""
    found: dict[str, Any] = {}
    kinds: dict[str, Any] = {
        "asset": Asset.objects.select_related("site", "building", "type"),
        "building": Building.objects.select_related("site"),
        "site": Site.objects.select_related("school"),
    }
    for field, rows in kinds.items():
        if pk := sent.get(field):
            found[field] = named(rows, person, field, pk)
    return found


def photos(sent: dict[str, Any]) -> list[NewPhoto]:
    """The files that the body says will follow. Raises Problem for one that is named twice."""
    made = [NewPhoto(each["sha256"], each["type"], each["size"], each["field"]) for each in sent.get("photos", ())]
    if len({(each.field, each.sha256) for each in made}) < len(made):
        raise Problem("photo_twice", "A file is named twice for one question.", fields={"photos": "Name each once."})
    return made


def same_as(before: CheckRecord, new: NewRecord, sent: dict[str, Any]) -> bool:
    """Whether a record is what this body would have made. What the body leaves open (revision, time) is not compared."""
    said = [
        (before.author_id, new.author.pk),
        (before.plan_id, new.plan.pk if new.plan else None),
        (before.check_type_id, new.revision.check_type_id),
        (before.answers, dict(new.answers)),
        (before.presence, new.presence),
        (before.late_entry, new.late_entry),
        (before.ad_hoc, new.ad_hoc),
        (before.supersedes_id, new.supersedes.pk if new.supersedes else None),
        (before.reason, new.reason),
        (before.started_at, new.when.started_at),
        (files(before), sorted((each.field, each.sha256) for each in new.photos)),
    ]
    said += [(getattr(before, f"{name}_id"), sent[name]) for name in ("asset", "building", "site") if sent.get(name)]
    said += [(before.revision.number, sent["revision"])] if "revision" in sent else []
    said += [(before.done_at, sent["done_at"])] if "done_at" in sent else []
    return all(kept == told for kept, told in said)


def as_made(made: CheckRecord, new: NewRecord) -> CheckRecord:
    """The record just made with what stands beside it in the answer, which is known already: nothing is read again."""
    asset = new.asset or (new.plan.asset if new.plan else None)
    places = [each.building for each in (new.plan, asset) if each and each.building]
    building = next((each for each in (new.building, *places) if each and each.pk == made.building_id), None)
    kind = new.plan.check_type if new.plan else new.revision.check_type
    beside = {"revision": new.revision, "check_type": kind, "site": place_of(new), "asset": asset}
    made._state.fields_cache |= {**beside, "building": building, "correction": None}
    if not new.photos:
        made.__dict__["_prefetched_objects_cache"] = {"photos": RecordPhoto.objects.none()}
    return made


def files(record: CheckRecord) -> list[tuple[str, str]]:
    """The (question, SHA-256) of a record's files, in order."""
    return sorted(record.photos.values_list("field", "sha256"))
