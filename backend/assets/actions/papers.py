"""Photos, manuals and papers of assets, and their warranties."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.assets.models import Asset, AssetPaper, Warranty
from backend.core import audit
from backend.core.files import person_owner, take
from backend.core.models import StoredFile
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions.acting import fact, require_site
from backend.trust.models import Person

TAKEN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
DOING = "add papers to assets"


def stored(content: bytes, person: Person) -> StoredFile:
    """Take a photo or a paper from a form: PDF, JPEG, PNG or WebP by its content. Raises Problem at the field."""
    if not content:
        raise Problem("file_missing", "Choose the file.", fields={"file": "Choose a PDF file or a picture."})
    try:
        return take(content, owner=person_owner(person.pk), kinds=TAKEN)
    except Problem as problem:
        raise Problem(problem.code, problem.detail, status=problem.status, fields={"file": problem.detail}) from problem


@transaction.atomic
def add_paper(asset: Asset, *, kind: str, content: bytes, person: Person, title: str = "") -> AssetPaper:
    """Keep a photo, manual or paper of an asset. The same file under the same kind is kept once. Raises Problem."""
    require_site(person, permits.ASSET_CHANGE, asset.site, DOING)
    if kind not in AssetPaper.Kind.values:
        raise Problem("unknown_kind", "Say what this is.", fields={"kind": "Choose what it is."})
    file = stored(content, person)
    same = asset.papers.filter(kind=kind, sha256=file.pk, withdrawn_at=None).first()
    if same:
        return same
    row = AssetPaper.objects.create(
        asset=asset, kind=kind, title=" ".join(title.split())[:120], sha256=file.pk, content_type=file.content_type,
        added_at=timezone.now(), added_by=person,
    )  # fmt: skip
    audit.append([fact("asset-paper", row, person)])
    return row


@transaction.atomic
def name_photos(
    asset: Asset, photos: Sequence[Mapping[str, Any]], *, person: Person, at: dt.datetime, title: str = ""
) -> list[AssetPaper]:
    """Name photos of an asset that a phone has taken and sends on afterwards: {sha256, type, field}, "plate" of its rating plate.

    Until the bytes are here, and sent by whoever named them, pages show that a photo is on its way.
    """
    kinds = {"plate": AssetPaper.Kind.PLATE}
    rows = [
        AssetPaper(
            asset=asset, kind=kinds.get(each.get("field", ""), AssetPaper.Kind.PHOTO), title=title[:120], sha256=each["sha256"],
            content_type=each["type"], added_at=at.astimezone(dt.UTC), added_by=person,
        )
        for each in photos
    ]  # fmt: skip
    made = AssetPaper.objects.bulk_create(rows)
    audit.append([fact("asset-paper", row, person) for row in made])
    return made


@transaction.atomic
def withdraw_paper(paper: AssetPaper, *, person: Person) -> AssetPaper:
    """Take a paper back that does not belong here: it is shown no more, and its bytes stay. Twice changes nothing."""
    require_site(person, permits.ASSET_CHANGE, paper.asset.site, DOING)
    if paper.withdrawn_at is None:
        paper.withdrawn_at = timezone.now()
        paper.save(update_fields=["withdrawn_at"])
        audit.append([fact("asset-paper-withdrawn", paper, person)])
    return paper


@transaction.atomic
def add_warranty(
    asset: Asset, *, supplier: str, starts_on: dt.date, ends_on: dt.date, person: Person, terms: str = "", content: bytes = b""
) -> Warranty:
    """Enter a warranty, both days included, with its paper if it is to hand. Raises Problem."""
    require_site(person, permits.ASSET_CHANGE, asset.site, "enter warranties")
    if not supplier.strip():
        raise Problem("supplier_missing", "Say who stands for it.", fields={"supplier": "Write the supplier or maker."})
    if ends_on < starts_on:
        raise Problem("dates", "It cannot end before it begins.", fields={"ends_on": "Choose a day after the first."})
    paper = add_paper(asset, kind=AssetPaper.Kind.WARRANTY, content=content, person=person) if content else None
    row = Warranty.objects.create(
        asset=asset, supplier=supplier.strip()[:160], starts_on=starts_on, ends_on=ends_on, terms=terms.strip()[:1000],
        paper=paper, added_at=timezone.now(), added_by=person,
    )  # fmt: skip
    audit.append([fact("warranty", row, person)])
    return row


@transaction.atomic
def withdraw_warranty(warranty: Warranty, *, person: Person) -> Warranty:
    """Take a warranty back that was entered wrongly; it stays in the history. Twice changes nothing."""
    require_site(person, permits.ASSET_CHANGE, warranty.asset.site, "enter warranties")
    if warranty.withdrawn_at is None:
        warranty.withdrawn_at = timezone.now()
        warranty.save(update_fields=["withdrawn_at"])
        audit.append([fact("warranty-withdrawn", warranty, person)])
    return warranty
