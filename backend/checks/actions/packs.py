"""Evidence packs: asking for one, keeping what was made, handing it out, sharing it with somebody outside, letting it expire."""

import datetime as dt
import hashlib
import uuid
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.hashers import check_password, make_password
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from backend.checks.evidence import PACKS
from backend.checks.models import EvidencePack, PackRequest
from backend.core import audit, opening
from backend.core.days import london_date
from backend.core.evidence import act
from backend.core.problems import NotFound, Problem
from backend.core.retention import CLASSES
from backend.maintenance.evidence import LINKS
from backend.maintenance.links import make_link
from backend.maintenance.models import OnePurposeLink
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require
from backend.trust.tries import HOUR, count

MAKES: Final = "backend.office.proof.making.make_pack"
PURPOSE: Final = "evidence-pack"
HANDED: Final = "pack-handed-out"
OPENED: Final = "pack-opened"
EXPIRED: Final = "pack-expired"
AT_ONCE: Final = 5  # packs of one person that are being made
PASSWORD_TRIES: Final = 10  # an hour, of one link


def path_of(sha256: str) -> str:
    """Where a pack's ZIP lies."""
    return f"packs/{sha256[:2]}/{sha256}.zip"


@transaction.atomic
def ask_pack(request: PackRequest, *, person: Person) -> PackRequest:
    """Ask for a pack (`request` unsaved, with what was chosen); a worker makes it. Raises Problem.

    Made again (`again`, `reason`), it is the next version of that pack: of the newest version only, and of the same site.
    """
    require(person, permits.PROOF_MAKE, request.site, "make evidence packs")
    check(request)
    waiting = PackRequest.objects.filter(asked_by=person, state__in=(PackRequest.State.ASKED, PackRequest.State.MAKING))
    if waiting.count() >= AT_ONCE:
        raise Problem("too_many", f"{AT_ONCE} packs of yours are being made. Wait until one is done.", status=429)
    request.asked_by, request.asked_at, request.touched_at = person, timezone.now(), timezone.now()
    request.told = "Waiting for its turn"
    request.save(force_insert=True)
    transaction.on_commit(partial(async_task, MAKES, str(request.pk)))
    return request


def check(request: PackRequest) -> None:
    """Refuse what cannot be made. Raises Problem naming the field."""
    wrong = {}
    if not request.disciplines:
        wrong["disciplines"] = "Choose one discipline at least."
    if request.last_day < request.first_day:
        wrong["last_day"] = "The last day lies before the first."
    if request.building and request.building.site_id != request.site_id:
        wrong["building"] = "This building is at another site."
    if request.again and request.again.site_id != request.site_id:
        wrong["again"] = "The pack that this replaces is of another site."
    if request.again and hasattr(request.again, "next"):
        wrong["again"] = "There is a newer version of this pack. Make that one again."
    if request.again and not request.reason.strip():
        wrong["reason"] = "Say why the pack is made again."
    if wrong:
        raise Problem("invalid", " ".join(wrong.values()), fields=wrong)


@transaction.atomic
def seal_pack(request_id: uuid.UUID, file: Path, *, made: dict[str, Any]) -> EvidencePack:
    """Keep a pack that was made for a request: its file under its hash, its row sealed and entered. Twice keeps the first.

    `made` are the columns that the making gives (counts, answer, head_number, head_hash, rows_root, pdf_sha256).
    """
    request = PackRequest.objects.select_for_update(of=("self",)).select_related("asked_by", "again").get(pk=request_id)
    if request.pack_id:
        return EvidencePack.objects.get(pk=request.pack_id)
    with file.open("rb") as source:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        if not default_storage.exists(path_of(sha256)):
            default_storage.save(path_of(sha256), File(source))
    now, person = timezone.now(), request.asked_by
    until = CLASSES["packs"].ends_on(london_date(now))
    assert until is not None  # packs have a period
    pack = EvidencePack.objects.create(
        pk=request.pk,
        **{name: getattr(request, name) for name in CHOSEN},
        version=request.again.version + 1 if request.again else 1,
        supersedes=request.again,
        reason=request.reason if request.again else "",
        sha256=sha256,
        size=file.stat().st_size,
        made_at=now,
        made_by=person,
        kept_until=until,
        **made,
    )
    request.pack, request.state, request.done, request.told, request.touched_at = pack, PackRequest.State.MADE, 100, "Made", now
    request.save(update_fields=["pack", "state", "done", "told", "touched_at"])
    audit.append([PACKS.fact(pack, person.pk, person.name)])
    return pack


CHOSEN: Final = (
    "site_id", "building_id", "disciplines", "first_day", "last_day", "recipient", "addressee", "photos",
)  # fmt: skip


def open_pack(pack: EvidencePack) -> Any:
    """The bytes of a pack's ZIP. Raises Problem (410) when its file has expired or is not there any more."""
    try:
        return opening.stored(path_of(pack.sha256))
    except (FileNotFoundError, opening.NotRegular):
        detail = "The file of this pack has expired, or is not there any more. Make the pack again."
        raise Problem("pack_expired", detail, status=410) from None


@transaction.atomic
def note_handed_out(pack: EvidencePack, *, what: str, person: Person | None, link: OnePurposeLink | None = None) -> None:
    """Enter that a pack (or its PDF) was handed out: to somebody of the trust, or to whoever holds a link."""
    said = {"what": what, **({"link": str(link.pk)} if link else {})}
    about, actor = f"evidence-pack:{pack.pk}", (person.pk, person.name) if person else (None, "Links")
    kind = OPENED if link else HANDED
    audit.append([act(kind, said, at=timezone.now(), about=about, actor_id=actor[0], actor_name=actor[1])])


@transaction.atomic
def share_pack(pack: EvidencePack, *, person: Person, sent_to: str, whom: str, days: int, password: str = "") -> str:
    """Make a link to one pack for somebody outside; answers its secret text, to be shown once. Raises Problem."""
    require(person, permits.PROOF_MAKE, pack.site, "share evidence packs")
    if not whom.strip():
        raise Problem("invalid", "Say for whom the link is.", fields={"whom": "Say for whom the link is."})
    details = {"whom": whom.strip()[:160], "password": make_password(password) if password else ""}
    text, _ = make_link(purpose=PURPOSE, about=pack.pk, person=person, days=days, sent_to=sent_to, details=details)
    return text


@transaction.atomic
def end_share(pack: EvidencePack, link_id: uuid.UUID, *, person: Person) -> None:
    """Take back one link to a pack; twice changes nothing. Raises Problem."""
    require(person, permits.PROOF_MAKE, pack.site, "take back links to evidence packs")
    link = OnePurposeLink.objects.select_for_update().filter(pk=link_id, purpose=PURPOSE, about=pack.pk).first()
    if link is None:
        raise NotFound("That link")
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        audit.append([LINKS.fact(link, person.pk, person.name, kind="link-revoked")])


def right_password(link: OnePurposeLink, given: str) -> bool:
    """Whether a link needs no password, or this is it. Raises TooManyTries."""
    kept = link.details.get("password", "")
    if not kept:
        return True
    count({f"pack-password:{link.pk}": PASSWORD_TRIES}, doing="at this password", seconds=HOUR)
    return check_password(given, kept)


def forget_expired_packs(today: dt.date) -> int:
    """Delete the files of packs whose period is over, and enter it; the rows stay. Answers how many. May run twice."""
    number = 0
    for pack in EvidencePack.objects.filter(kept_until__lt=today).iterator():
        if not default_storage.exists(path_of(pack.sha256)):
            continue
        with transaction.atomic():
            audit.append([act(EXPIRED, {}, at=timezone.now(), about=f"evidence-pack:{pack.pk}", actor_name="Retention")])
        default_storage.delete(path_of(pack.sha256))
        number += 1
    return number
