"""Publishing the statutory library: a changed check becomes a new revision; nothing is edited or deleted."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backend.assets.evidence import TYPES as ASSET_TYPES
from backend.assets.models import AssetType
from backend.checks.evidence import REVISIONS, TYPES
from backend.checks.models import CheckRevision, CheckType
from backend.core import audit

if TYPE_CHECKING:  # reading the library costs a web worker 15 MB: it is loaded by whoever publishes
    from backend.rules.library import Check, Library

FOLDER = Path(settings.ROOT) / "schedules"


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did: codes that are new, changed, unchanged and withdrawn."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    withdrawn: tuple[str, ...]


@transaction.atomic
def publish_library(library: "Library | None" = None, *, actor: str = "") -> Published:
    """Publish the library (schedules/ unless given) into the database. Doing it twice changes nothing.

    Raises LibraryError (from rules.library) when the files have faults; then nothing is published.
    """
    from backend.rules.library import read_library

    read = library or read_library(FOLDER)
    facts = publish_asset_types(read, actor)
    known = {each.code: each for each in CheckType.objects.select_related("current").select_for_update(of=("self",))}
    new: list[str] = []
    changed: list[str] = []
    same: list[str] = []
    for check in read.checks.values():
        before = known.pop(check.code, None)
        if before and before.current and before.current.digest == check.digest() and not before.withdrawn:
            same.append(check.code)
            continue
        (changed if before else new).append(check.code)
        facts += publish(check, actor)
    gone = [code for code, each in known.items() if not each.withdrawn]
    CheckType.objects.filter(code__in=gone).update(withdrawn=True)
    facts += [TYPES.fact(each, None, actor, kind="library") for each in CheckType.objects.filter(code__in=gone)]
    audit.append(facts)
    return Published(tuple(new), tuple(changed), tuple(same), tuple(gone))


def publish_asset_types(library: "Library", actor: str) -> list[audit.Fact]:
    """Make the kinds of asset those of the library; answers the entries of those that are new or changed."""
    known, facts = AssetType.objects.in_bulk(), []
    for kind in library.asset_types.values():
        row = known.get(kind.key) or AssetType(key=kind.key)
        if (row.name, row.discipline) != (kind.name, kind.discipline):
            row.name, row.discipline = kind.name, kind.discipline
            row.save()
            facts.append(ASSET_TYPES.fact(row, None, actor, kind="library"))
    return facts


def publish(check: "Check", actor: str) -> list[audit.Fact]:
    """Add a revision of one check and make it the current one; answers their entries."""
    facts = []
    content = check.content()
    kind, _ = CheckType.objects.update_or_create(
        code=check.code,
        defaults={
            "title": check.title,
            "discipline": check.discipline,
            "tier": check.tier,
            "verified": check.verified,
            "weight": check.risk.weight,
            "minutes": check.minutes,
            "withdrawn": False,
        },
    )
    revision = kind.revisions.filter(digest=check.digest()).first()
    if revision is None:
        last = kind.revisions.order_by("-number").values_list("number", flat=True).first() or 0
        revision = CheckRevision.objects.create(
            check_type=kind, number=last + 1, content=content, digest=check.digest(), published_at=timezone.now()
        )
        facts.append(REVISIONS.fact(revision, None, actor, kind="library"))
    kind.current = revision
    kind.save(update_fields=["current"])
    return [*facts, TYPES.fact(kind, None, actor, kind="library")]
