"""The page of a long list that is made into a file, and the file: for whoever asked for it, and nobody else."""

import uuid

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backend.core import opening
from backend.core.problems import NotFound, Problem
from backend.office.lists.exporting import reach_of
from backend.office.models import ListExport
from backend.office.views.csv_out import CSV, XLSX, disposition
from backend.office.views.gate import signed_in
from backend.trust.models import Person


def found(person: Person, id: uuid.UUID) -> ListExport:
    """One's own file that was asked for; NotFound once its day is over."""
    row = ListExport.objects.filter(pk=id, person=person, expires_at__gt=timezone.now()).first()
    if row is None:
        raise NotFound("That file")
    return row


def list_of(row: ListExport) -> str:
    """The page of the list, filtered as it was; "" when the file belongs to no such page."""
    base, _, query = row.asks.partition("?")
    page = base.rpartition(".")[0] + "/"
    return "" if not is_valid_path(page) else f"{page}?{query}" if query else page


@require_safe
@signed_in
@never_cache
def export_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """How far a file has come; then the way to it."""
    row = found(person, id)
    answer = render(request, "office/lists/exporting.html", {"row": row, "list": list_of(row)})
    if row.waits:
        answer["Refresh"] = "2"  # the page asks again until the job is done
    return answer


@require_safe
@signed_in
@never_cache
def export_file(_request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """The file. Raises Problem (409) while it is made, (410) when it is gone or was made of other roles than are held now."""
    row = found(person, id)
    if row.state != ListExport.State.MADE:
        raise Problem("not_made", "This file is not made yet.", status=409)
    if row.reach != reach_of(person):
        detail = "What you may see has changed since this file was made. Open the list and ask for it again."
        raise Problem("made_of_other_roles", detail, status=410)
    try:
        file = opening.stored(row.stored) if default_storage.exists(row.stored) else None
    except (FileNotFoundError, opening.NotRegular):
        file = None
    if file is None:
        raise Problem("export_expired", "This file is not there any more. Open the list and ask for it again.", status=410)
    answer = FileResponse(file, content_type=XLSX if row.ending == "xlsx" else CSV)
    answer["Content-Disposition"] = disposition(row.name, row.ending)
    return answer
