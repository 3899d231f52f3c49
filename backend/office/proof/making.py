"""Making an evidence pack, as a job does it: read within one snapshot, set the PDF, fill the ZIP, seal. Twice makes one."""

import datetime as dt
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from backend.checks.actions.packs import seal_pack
from backend.checks.models import PackRequest
from backend.core import audit, signing
from backend.core.days import today
from backend.core.problems import Problem
from backend.core.snapshot import snapshot
from backend.office.proof import archive, naming, pack_paper, saying
from backend.office.proof.archive import Archive, Wanted
from backend.office.proof.gathering import Gathered, gather
from backend.office.proof.proving import Proof, proved
from backend.office.proof.tables import everything, tables_of
from backend.trust.models import Trust

log = logging.getLogger(__name__)
GIVEN_UP: Final = dt.timedelta(minutes=3)  # nothing was heard of a making: its worker is gone, and another takes it on
LEVEL: Final = 4  # of compression: nearly as small as the best, in a third of the time


def make_pack(request_id: str) -> str:
    """Make the pack that was asked for; answers how it ended. The job's entry."""
    if not claim(request_id):
        return "nothing to do"
    try:
        pack = made(PackRequest.objects.select_related("site__school", "building", "asked_by", "again").get(pk=request_id))
    except Problem as refused:
        failed(request_id, f"The pack was not made. {refused.detail}")
        return refused.detail
    except Exception:  # a fault of ours must not leave a page that waits for ever
        log.exception("evidence pack %s could not be made", request_id)
        failed(request_id, "Siteward failed to make this pack, and kept nothing of it. It has been noted. Ask for it again.")
        return "failed"
    return f"{pack.reference}, {pack.size} bytes"


def claim(request_id: str) -> bool:
    """Take a request on, unless another worker is at it or it is done."""
    now = timezone.now()
    free = Q(state=PackRequest.State.ASKED) | Q(state=PackRequest.State.MAKING, touched_at__lt=now - GIVEN_UP)
    rows = PackRequest.objects.filter(free, pk=request_id, pack=None)
    return bool(rows.update(state=PackRequest.State.MAKING, touched_at=now, told="Reading the records", done=2))


def failed(request_id: str, words: str) -> None:
    """Say that it was not made."""
    rows = PackRequest.objects.filter(pk=request_id, pack=None)
    rows.update(state=PackRequest.State.FAILED, told=words[:200], touched_at=timezone.now())


def tell(request: PackRequest, done: int, words: str) -> None:
    """Say how far it has come; at most once for each per cent."""
    if request.done != done:
        request.done = done
        PackRequest.objects.filter(pk=request.pk).update(done=done, told=words[:200], touched_at=timezone.now())


def made(request: PackRequest) -> Any:
    """The pack, made and sealed."""
    trust = Trust.objects.get()
    with snapshot():
        found = gather(request, today())
        wanted = list(files_of(found))
        proof = proved(everything(found), [each.sha256 for each in wanted])
        head = audit.head()
    with tempfile.TemporaryDirectory(prefix="siteward-pack-") as folder:
        path = Path(folder) / "pack.zip"
        counts = {**found.counts(), "files": len(set(wanted))}
        facts = facts_of(request, str(trust), head, proof, counts)
        tell(request, 25, "Setting the PDF")
        paper = Path(folder) / "evidence-pack.pdf"
        pack_paper.write(paper, found, facts)
        tell(request, 50, "Writing the records")
        with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=LEVEL) as zipped:
            pdf_sha256 = fill(Archive(zipped), request, found, facts, proof, paper, wanted)
        tell(request, 97, "Sealing the pack")
        columns = {
            "counts": counts,
            "answer": saying.answer_words(found)[:500],
            "head_number": head.number,
            "head_hash": head.hash,
            "rows_root": proof.root,
            "pdf_sha256": pdf_sha256,
        }
        return seal_pack(request.pk, path, made=columns)


def files_of(found: Gathered) -> Iterator[Wanted]:
    """The files that belong into the pack: certificates and papers always, photos where they were chosen."""
    held = {each.sha256 for each in found.certificates}
    yield from (Wanted("certificates", name) for name in sorted(held))
    standing = {each.sha256 for each in found.documents} - held
    yield from (Wanted("documents", name) for name in sorted(standing))
    if found.chosen.photos:
        pictures = {each.sha256 for each in found.photos} | {each.sha256 for each in found.defect_photos}
        yield from (Wanted("photos", name) for name in sorted(pictures - held - standing))


def facts_of(request: PackRequest, trust: str, head: audit.Head, proof: Proof, counts: dict[str, int]) -> pack_paper.Facts:
    """What the paper says of the pack itself."""
    version = request.again.version + 1 if request.again else 1
    return pack_paper.Facts(
        reference=request.pk.hex[-8:].upper(),
        version=version,
        reason=request.reason if request.again else "",
        trust=trust,
        made=saying.moment_words(timezone.now()),
        by=request.asked_by.name,
        head=head,
        root=proof.root,
        key=signing.public_key(),
        counts=counts,
    )


def fill(
    into: Archive,
    request: PackRequest,
    found: Gathered,
    facts: pack_paper.Facts,
    proof: Proof,
    paper: Path,
    wanted: list[Wanted],
) -> str:
    """Fill the ZIP; answers the PDF's SHA-256."""
    pdf_sha256 = into.put("evidence-pack.pdf", paper.read_bytes())
    for table in tables_of(found):
        archive.put_table(into, table)
    archive.put_proof(into, proof)

    def told(number: int, of: int) -> None:
        tell(request, 60 + 36 * number // max(of, 1), f"Adding photos and files, {number + 1:,} of {of:,}")

    archive.put_files(into, wanted, told)
    title = pack_paper.title_of(found)
    if wanted:
        into.put("files.html", naming.index_of(title, list(into.members), naming.words_of(found)))
    archive.put_reading(into, title=title, answer=saying.answer_words(found), root=proof.root)
    archive.put_manifest(into, manifest_of(request, found, facts, title), proof)
    return pdf_sha256


def manifest_of(request: PackRequest, found: Gathered, facts: pack_paper.Facts, title: str) -> dict[str, Any]:
    """What the manifest says of the pack."""
    school = request.site.school
    return {
        "title": title,
        "made_at": audit.moment(timezone.now()),
        "siteward": settings.SITEWARD_VERSION,
        "trust": facts.trust,
        "school": {"id": str(school.pk), "name": school.name, "urn": school.urn},
        "site": {"id": str(request.site_id), "name": request.site.name},
        "building": {"id": str(request.building_id), "name": str(request.building)} if request.building else None,
        "first_day": request.first_day.isoformat(),
        "last_day": request.last_day.isoformat(),
        "as_of": found.as_of.isoformat(),
        "disciplines": list(request.disciplines),
        "recipient": request.recipient,
        "addressee": request.addressee,
        "pack": {"id": str(request.pk), "reference": facts.reference, "version": facts.version, "reason": facts.reason},
        "answer": saying.answer_words(found),
        "counts": facts.counts,
        "head": {"number": facts.head.number, "hash": facts.head.hash},
    }
