"""The register of documents: add a paper or its next version, and say where one is not needed."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from backend.assets.models import Asset
from backend.checks.evidence import DOCUMENTS, NOT_NEEDED
from backend.checks.models import Document, DocumentNotNeeded
from backend.checks.queries.documents import kinds
from backend.core import audit
from backend.core.days import today
from backend.core.files import person_owner
from backend.core.models import FileProof, StoredFile
from backend.core.problems import Forbidden, Problem
from backend.rules.documents import ASSET, BUILDING, TRUST, Kind
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import reach, require

LONGEST_YEARS = 5
"""For how long at most a document may be agreed not to be needed: then somebody looks again."""


def may_change(person: Person, permit: str, site: Site | None, doing: str) -> None:
    """Refuse unless the person holds the permit at the site; for the trust's own papers, for the whole trust."""
    if site is not None:
        require(person, permit, site, doing)
    elif not reach(person, permit).everywhere:
        raise Forbidden(f"Your role does not let you {doing} of the whole trust. Ask your estates lead.")


def kind_known(key: str) -> Kind:
    """A kind of document. Raises Problem when there is none of that key."""
    if key not in kinds():
        raise Problem("unknown_kind", "There is no such kind of document.", fields={"kind": "Choose a kind of document."})
    return kinds()[key]


def place_fits(kind: Kind, site: Site | None, building: Building | None, asset: Asset | None) -> None:
    """Raises Problem when a kind is not held for such a place, or the parts are another site's."""
    wrong = {}
    if kind.held_for == TRUST and site is not None:
        wrong["site"] = "This is held once for the whole trust."
    if kind.held_for != TRUST and site is None:
        wrong["site"] = "Choose the site."
    if kind.held_for == BUILDING and building is None:
        wrong["building"] = "Choose the building."
    if kind.held_for == ASSET and asset is None:
        wrong["asset"] = "Choose the asset."
    if site is not None and any(each is not None and each.site_id != site.pk for each in (building, asset)):
        wrong["building"] = "That is at another site."
    if wrong:
        raise Problem("wrong_place", "The document does not fit that place.", fields=wrong)


@transaction.atomic
def add_document(
    *,
    person: Person,
    kind: str,
    file: StoredFile,
    issued_on: dt.date,
    valid_until: dt.date | None = None,
    site: Site | None = None,
    building: Building | None = None,
    asset: Asset | None = None,
    title: str = "",
    note: str = "",
) -> Document:
    """Add a paper to the register; where one is held already it becomes the next version. Raises Problem.

    Without a last day of its own it gets the one that is usual for its kind.
    """
    may_change(person, permits.SITE_CHANGE, site, "add documents")
    known = kind_known(kind)
    place_fits(known, site, building, asset)
    if not FileProof.objects.filter(sha256=file.pk, owner=person_owner(person.pk)).exists():
        raise Problem("file_missing", "Add the document itself.", fields={"file": "Choose the file."})
    if not dt.date(1900, 1, 1) <= issued_on <= today():
        raise Problem(
            "dates", "Check the dates.", fields={"issued_on": "It cannot have been issued in the future, nor before 1900."}
        )
    until = valid_until or known.usual_end(issued_on)
    if until and not issued_on <= until <= dt.date(2199, 1, 1):
        raise Problem("dates", "Check the dates.", fields={"valid_until": "It ends before it was issued, or too far ahead."})
    if known.held_for not in (BUILDING, ASSET):
        building = None
    elif building is None and asset is not None:
        building = asset.building
    if known.held_for != ASSET:
        asset = None  # as with a building: what it is held for is the whole of its place
    of_place = {"kind": known.key, "site": site, "building": building, "asset": asset}
    before = Document.objects.select_for_update(of=("self",)).filter(**of_place, next__isnull=True).order_by("-version").first()
    made = Document.objects.create(
        **of_place, title=title.strip()[:200] or known.title, version=before.version + 1 if before else 1, issued_on=issued_on,
        valid_until=until, sha256=file.pk, content_type=file.content_type, size=file.size, note=note.strip()[:1000],
        added_at=timezone.now(), added_by=person, supersedes=before,
    )  # fmt: skip
    audit.append([DOCUMENTS.fact(made, person.pk, person.name)])
    return made


@transaction.atomic
def ask_not_needed(
    *, person: Person, kind: str, reason: str, expires_on: dt.date, site: Site | None = None, building: Building | None = None
) -> DocumentNotNeeded:
    """Ask that a document need not be held at a place until a day. Somebody else must agree. Raises Problem."""
    may_change(person, permits.SITE_CHANGE, site, "say which documents are not needed")
    known = kind_known(kind)
    if building is not None and (site is None or building.site_id != site.pk):
        raise Problem("wrong_place", "That building is at another site.", fields={"building": "Choose a building of the site."})
    wrong = {}
    if not reason.strip():
        wrong["reason"] = "Say why it is not needed."
    limit = today() + dt.timedelta(days=366 * LONGEST_YEARS)
    if not today() < expires_on <= limit:
        wrong["expires_on"] = f"Choose a day within {LONGEST_YEARS} years, on which somebody looks again."
    if wrong:
        raise Problem("answers", "Something is missing.", fields=wrong)
    of_place = {"kind": known.key, "site": site, "building": building}
    if DocumentNotNeeded.objects.filter(**of_place, decided_at=None, ended_at=None).exists():
        raise Problem("asked_already", "That is asked already, and waits for an answer.", status=409)
    made = DocumentNotNeeded.objects.create(
        **of_place, reason=reason.strip()[:500], expires_on=expires_on, asked_at=timezone.now(), asked_by=person
    )
    audit.append([NOT_NEEDED.fact(made, person.pk, person.name)])
    return made


@transaction.atomic
def decide_not_needed(*, person: Person, row: DocumentNotNeeded, agree: bool, answer: str = "") -> DocumentNotNeeded:
    """Agree, or not, that a document is not needed. Whoever asked cannot decide. Raises Problem."""
    may_change(person, permits.RISK_DECIDE, row.site, "decide which documents are not needed")
    row = locked(row)
    if row.decided_at or row.ended_at:
        raise Problem("decided_already", "That is decided already.", status=409)
    if row.asked_by_id == person.pk:
        raise Problem("own", "You asked for it: somebody else has to agree.", status=409)
    if not agree and not answer.strip():
        raise Problem("reason_missing", "Say why not.", fields={"answer": "Write a few words."})
    row.decided_at, row.decided_by, row.agreed, row.answer = timezone.now(), person, agree, answer.strip()[:500]
    row.save()
    audit.append([NOT_NEEDED.fact(row, person.pk, person.name, kind="document-not-needed-decided")])
    return row


@transaction.atomic
def take_back_not_needed(*, person: Person, row: DocumentNotNeeded) -> DocumentNotNeeded:
    """Take back what was asked or agreed: the document is needed again."""
    may_change(person, permits.SITE_CHANGE, row.site, "say which documents are needed")
    row = locked(row)
    if row.ended_at:
        raise Problem("ended_already", "That is taken back already.", status=409)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    audit.append([NOT_NEEDED.fact(row, person.pk, person.name, kind="document-needed-again")])
    return row


def locked(row: DocumentNotNeeded) -> DocumentNotNeeded:
    """The row as it stands now, locked until the action ends."""
    rows = DocumentNotNeeded.objects.select_for_update(of=("self",)).select_related("site__school")
    now: DocumentNotNeeded = rows.get(pk=row.pk)
    return now
