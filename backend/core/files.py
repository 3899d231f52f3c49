"""Files by their SHA-256, through Django's storage: arriving in pieces, verified, kept for ever as they came.

The bytes that came are evidence and never change. For showing, a picture is re-encoded by a job (see core/pictures.py).
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django_q.tasks import async_task

from backend.core import audit, malware, opening
from backend.core.evidence import FILES
from backend.core.models import FileProof, StoredFile, Upload
from backend.core.papers import CSV, PAPER_NAMES, PAPERS, PDF, SHEET, WORD, fault_of_paper, kind_of_paper
from backend.core.pictures import NAMES, PICTURES, fault_of_picture, kind_of
from backend.core.problems import NotFound, Problem

LARGEST: Final = 12 * 1024 * 1024
CONTENT_TYPES: Final = frozenset({*PICTURES, PDF})
"""What phones send. The office may also hand in Word, Excel and CSV files (`take`)."""
ENDINGS: Final = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", PDF: "pdf", WORD: "docx", SHEET: "xlsx", CSV: "csv",
}  # fmt: skip
CALLED: Final = {
    PDF: "PDF", "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", WORD: "Word", SHEET: "Excel", CSV: "CSV",
}  # fmt: skip
NAME: Final = re.compile(r"[0-9a-f]{64}")
MOST_ARRIVING: Final = 2000  # uploads begun and not finished, for one sender
UNFINISHED_KEPT: Final = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Arrived:
    """How far a file has come: bytes here, bytes in all."""

    offset: int
    length: int

    @property
    def complete(self) -> bool:
        """Whether the server holds and has verified all of it."""
        return self.offset == self.length


class WrongOffset(Problem):
    """The piece does not follow on what is here; `offset` says where to go on."""

    def __init__(self, offset: int) -> None:
        super().__init__("wrong_offset", f"{offset} bytes of this file are here. Go on from there.", status=409)
        self.offset = offset

    def as_dict(self) -> dict[str, Any]:
        """With the true offset beside the words."""
        return {**super().as_dict(), "offset": self.offset}


def path_of(sha256: str) -> str:
    """Where a stored file's bytes lie."""
    return f"kept/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def piece_path(upload: Upload, offset: int) -> str:
    """Where a piece lies until its file is complete."""
    return f"arriving/{upload.sha256}/{upload.pk}/{offset:010d}"


def checked_name(sha256: str) -> str:
    """The name, if it is a SHA-256 in lower-case hex. Raises Problem otherwise."""
    if not NAME.fullmatch(sha256):
        raise Problem("bad_name", "A file is named by its SHA-256: 64 figures and letters a to f, in lower case.")
    return sha256


def offsets(owner: str, names: Sequence[str]) -> dict[str, int]:
    """How many bytes of each file are here from `owner`; one that they have sent whole has its size. Three queries.

    A file that only others have sent counts as not here: to name a hash proves nothing, so its bytes are asked for again.
    """
    here = dict.fromkeys(names, 0)
    here |= dict(Upload.objects.filter(owner=owner, sha256__in=names).values_list("sha256", "offset"))
    proved = set(FileProof.objects.filter(owner=owner, sha256__in=names).values_list("sha256", flat=True))
    return here | dict(StoredFile.objects.filter(pk__in=proved).values_list("pk", "size"))


def vouch(pairs: Iterable[tuple[str, str]]) -> None:
    """Note who has given the bytes of which file: (hex SHA-256, sender) pairs; saying it twice changes nothing."""
    rows = [FileProof(sha256=name, owner=owner) for name, owner in sorted(set(pairs))]
    FileProof.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)


def person_owner(person_id: object) -> str:
    """How a person is named as a sender of files."""
    return f"person:{person_id}"


def device_owner(device_id: str) -> str:
    """How a phone is named as a sender of files, so that it goes on when the session ends."""
    return "device:" + hashlib.sha256(device_id.encode()).hexdigest()[:48]


def receive(*, owner: str, sha256: str, offset: int, length: int, content_type: str, piece: bytes) -> Arrived:
    """Take the next piece of a file from `owner` (each sender's pieces lie apart, so nobody can spoil another's).

    Offsets and lengths in bytes. The last piece answers only when the hash and the content are what they were said to be;
    a file that is not is dropped whole. Raises WrongOffset when the piece does not follow, and Problem for the rest.
    """
    checked_name(sha256)
    check_announced(length, content_type)
    with transaction.atomic():
        stored = StoredFile.objects.filter(pk=sha256).first()
        if stored and FileProof.objects.filter(sha256=sha256, owner=owner).exists():
            return Arrived(stored.size, stored.size)
        upload = opened(owner, sha256, length, content_type)
        if offset != upload.offset:
            raise WrongOffset(upload.offset)
        if not piece or offset + len(piece) > length:
            raise Problem("wrong_length", f"This piece does not fit: the file has {length} bytes, and {offset} are here.")
        put(piece_path(upload, offset), piece)
        upload.offset, upload.touched_at = offset + len(piece), timezone.now()
        upload.save(update_fields=["offset", "touched_at"])
        if upload.offset < length:
            return Arrived(upload.offset, length)
        leftovers, refused = pieces_of(upload), finished(upload)
    for path in leftovers:
        default_storage.delete(path)
    if refused:
        raise refused
    return Arrived(length, length)


def check_announced(length: int, content_type: str) -> None:
    """Refuse a file by what it is said to be, before any of it is taken. Raises Problem."""
    if content_type not in CONTENT_TYPES:
        raise Problem("wrong_type", "Only JPEG, PNG and WebP pictures and PDF files are taken.", status=415)
    if length > LARGEST:
        raise Problem("too_large", f"A file may have at most {LARGEST // 2**20} MB.", status=413)
    if length <= 0:
        raise Problem("empty", "The file is empty.")


def opened(owner: str, sha256: str, length: int, content_type: str) -> Upload:
    """The row of this sender's upload, locked; begun anew when it was announced with another length or content type before."""
    now = timezone.now()
    rows = Upload.objects.select_for_update().filter(owner=owner, sha256=sha256)
    upload = rows.first()
    if upload is None:
        if Upload.objects.filter(owner=owner).count() >= MOST_ARRIVING:
            raise Problem("too_many", "Too many files are begun and not finished. Finish some first.", status=429)
        fresh = Upload(owner=owner, sha256=sha256, length=length, content_type=content_type, touched_at=now)
        Upload.objects.bulk_create([fresh], ignore_conflicts=True)
        upload = rows.first()
    if upload is None:  # a twin finished it between the two steps
        raise WrongOffset(offsets(owner, [sha256])[sha256])
    if (upload.length, upload.content_type) != (length, content_type):
        for path in pieces_of(upload):
            default_storage.delete(path)
        upload.length, upload.content_type, upload.offset = length, content_type, 0
        upload.save(update_fields=["length", "content_type", "offset"])
    return upload


def put(path: str, content: bytes) -> None:
    """Write bytes under exactly this path, over whatever a broken attempt left there. The caller holds a lock on its row."""
    if default_storage.exists(path):
        default_storage.delete(path)
    default_storage.save(path, ContentFile(content))


def pieces_of(upload: Upload) -> list[str]:
    """The paths of the pieces of an upload, in their order."""
    folder = piece_path(upload, 0).rpartition("/")[0]
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in sorted(names)]


def finished(upload: Upload) -> Problem | None:
    """Verify an upload whose last piece is here, and keep it; its row goes. Answers what is wrong with it, if anything."""
    content = b"".join(read(path) for path in pieces_of(upload) if int(path[-10:]) < upload.length)
    problem = fault_of(content, upload.sha256, upload.content_type)
    if problem is None:
        keep(content, upload.content_type)
        vouch([(upload.sha256, upload.owner)])
    upload.delete()
    return problem


def fault_of(content: bytes, sha256: str, content_type: str) -> Problem | None:
    """What is wrong with a whole file: other bytes than its name says, or other content than it was said to be."""
    if hashlib.sha256(content).hexdigest() != sha256:
        return Problem("wrong_hash", "What arrived is not the file that was announced. Send it again from the start.")
    return fault_of_content(content, content_type)


def fault_of_content(content: bytes, content_type: str) -> Problem | None:
    """What is wrong with a file by its content alone: other than it was said to be, damaged, or dangerous to hand on."""
    found = kind_of(content) or kind_of_paper(content)
    if found != content_type:
        names = {**NAMES, **PAPER_NAMES}
        said, is_said = names.get(content_type, "a file that is taken"), names.get(found or "", "none")
        detail = (
            f"This was sent as {said}, but its content is {is_said}." if found else f"The content of this file is not {said}."
        )
        return Problem("wrong_type", detail)
    return fault_of_paper(content, found) if found in PAPERS else fault_of_picture(content)


@transaction.atomic
def take(content: bytes, *, owner: str, content_type: str = "", kinds: Collection[str] = tuple(CALLED)) -> StoredFile:
    """Take a whole file from `owner`, as a form sends it: of the `kinds` (content types) that it asks for, by its content.

    `content_type` is what it was said to be; unsaid, the content decides. Raises Problem when it is not taken.
    """
    kind = content_type or kind_of(content) or kind_of_paper(content) or ""
    if not content:
        raise Problem("empty", "That file is empty. Choose it again, or another.", status=415)
    if kind not in kinds:
        *others, final = (name for each, name in CALLED.items() if each in kinds)
        raise Problem("wrong_type", f"Only {', '.join(others)} and {final} files are taken here.", status=415)
    if len(content) > LARGEST:
        raise Problem("too_large", f"A file may have at most {LARGEST // 2**20} MB.", status=413)
    problem = fault_of_content(content, kind)
    if problem:
        raise problem
    stored: StoredFile = keep(content, kind)
    vouch([(stored.pk, owner)])
    return stored


@transaction.atomic
def keep(content: bytes, content_type: str) -> StoredFile:
    """Keep a whole file that was found sound (`fault_of`), once, and have a picture made ready for showing by a job."""
    sha256 = hashlib.sha256(content).hexdigest()
    with connection.cursor() as cursor:  # two senders may finish the same file at once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [sha256])
    stored = StoredFile.objects.filter(pk=sha256).first()
    if stored:
        return stored
    put(path_of(sha256), content)
    stored = StoredFile.objects.create(sha256=sha256, size=len(content), content_type=content_type, received_at=timezone.now())
    audit.append([FILES.fact(stored, None, "Files")])
    if content_type in PICTURES or malware.wanted():
        async_task("backend.core.malware.make_ready", sha256)
    return stored


def read(path: str) -> bytes:
    """All bytes under a path."""
    with opening.stored(path) as file:
        content: bytes = file.read()
    return content


def open_file(sha256: str) -> IO[bytes]:
    """A stored file's bytes as they came, for handing on.

    Raises NotFound when they are not there, and Problem (423) while the file may not be handed on (core/malware.py).
    """
    malware.require_clean(sha256)
    try:
        return opening.stored(path_of(sha256))
    except (FileNotFoundError, opening.NotRegular):
        raise NotFound("That file") from None


def missing(names: Sequence[str]) -> set[str]:
    """Those of the named files that the server does not hold. One query."""
    return set(names) - set(StoredFile.objects.filter(pk__in=set(names)).values_list("pk", flat=True))


def forget_unfinished(now: dt.datetime) -> int:
    """Drop uploads that nobody has gone on with for two months; answers how many. May run twice."""
    old = Upload.objects.filter(touched_at__lt=now - UNFINISHED_KEPT)
    count = 0
    for upload in old.iterator():
        for path in pieces_of(upload):
            default_storage.delete(path)
        upload.delete()
        count += 1
    return count
