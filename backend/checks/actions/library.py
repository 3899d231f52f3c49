"""Publishing the statutory library: a changed check becomes a new revision; nothing is edited or deleted."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backend.assets.models import AssetType
from backend.checks.models import CheckRevision, CheckType
from backend.core import audit
from backend.rules.library import Check, Library, read_library

FOLDER = Path(settings.ROOT) / "schedules"


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did: codes that are new, changed, unchanged and withdrawn."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    withdrawn: tuple[str, ...]


@transaction.atomic
def publish_library(library: Library | None = None, *, actor: str = "") -> Published:
    """Publish the library (schedules/ unless given) into the database. Doing it twice changes nothing.

    Raises LibraryError (from rules.library) when the files have faults; then nothing is published.
    """
    read = library or read_library(FOLDER)
    for kind in read.asset_types.values():
        AssetType.objects.update_or_create(key=kind.key, defaults={"name": kind.name, "discipline": kind.discipline})
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
        publish(check, actor)
    gone = [code for code, each in known.items() if not each.withdrawn]
    CheckType.objects.filter(code__in=gone).update(withdrawn=True)
    return Published(tuple(new), tuple(changed), tuple(same), tuple(gone))


def publish(check: Check, actor: str) -> CheckRevision:
    """Add a revision of one check and make it the current one."""
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
        said = {"code": check.code, "number": revision.number, "digest": revision.digest}
        audit.append([audit.Fact("library", f"revision:{revision.pk}", said, None, actor)])
    kind.current = revision
    kind.save(update_fields=["current"])
    return revision
