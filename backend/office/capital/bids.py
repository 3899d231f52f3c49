"""The evidence for a bid, handed out: as a PDF, and as a pack with the photos and surveys that it rests on."""

import io
import uuid
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from backend.core import malware
from backend.core.days import today
from backend.core.files import ENDINGS, open_file
from backend.core.models import StoredFile
from backend.core.problems import Problem
from backend.core.spreadsheets import csv_lines
from backend.office.capital.pages import row_of, works_for
from backend.office.capital.paper import set_bid
from backend.office.risk.gates import risky
from backend.office.risk.pages import EXPOSURE_HEAD, line_of
from backend.office.views.photos import guarded
from backend.risk.queries.bids import Bid, bid_of
from backend.trust.models import Person, Trust


def bid_for(person: Person, id: uuid.UUID) -> Bid:
    """The evidence for a bid with a project that somebody may see."""
    one, works = works_for(person, row_of(person, id))
    return bid_of(works, one.found)


def paper_of(bid: Bid) -> bytes:
    """Its PDF."""
    content, _ = set_bid(bid, today(), str(Trust.objects.get()))
    return content


def name_of(bid: Bid) -> str:
    """What its files are called."""
    return f"bid-p{bid.works.project.number if bid.works.project else 0}-{today():%Y-%m-%d}"


@require_safe
@risky
def bid_pdf(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """The evidence as a PDF."""
    bid = bid_for(person, id)
    said = HttpResponse(paper_of(bid), content_type="application/pdf")
    said["Content-Disposition"] = f'attachment; filename="{name_of(bid)}.pdf"'
    return guarded(said)


@require_safe
@risky
def bid_zip(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """The PDF with what it rests on: surveys, photos, and what else is open in the same place as a table."""
    bid = bid_for(person, id)
    held = io.BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        archive.writestr("bid.pdf", paper_of(bid))
        table = "".join(csv_lines(EXPOSURE_HEAD, map(line_of, bid.history)))
        archive.writestr("open-in-the-same-place.csv", table)
        for name, content in files_of(bid):
            archive.writestr(name, content)
    said = HttpResponse(held.getvalue(), content_type="application/zip")
    said["Content-Disposition"] = f'attachment; filename="{name_of(bid)}.zip"'
    return guarded(said)


def files_of(bid: Bid) -> Iterator[tuple[str, bytes]]:
    """(name, content) of the surveys' reports and the photos; of a file that is sealed, a line that says so."""
    wanted = [("surveys", each.sha256) for each in bid.surveys if each.sha256] + [("photos", each) for each in bid.photos]
    types = dict(StoredFile.objects.filter(pk__in=[sha256 for _, sha256 in wanted]).values_list("pk", "content_type"))
    for folder, sha256 in dict.fromkeys(wanted):
        name = f"{folder}/{sha256[:16]}.{ENDINGS.get(types.get(sha256, ''), 'bin')}"
        try:
            malware.require_clean(sha256)
            with open_file(sha256) as file:
                yield name, file.read()
        except Problem as refused:
            yield f"{name}.txt", refused.detail.encode()
