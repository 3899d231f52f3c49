"""Lists as downloads, CSV and XLSX: the same rows as the page. How a cell is written: core/spreadsheets.py."""

import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import update_wrapper
from itertools import chain
from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path

from backend.core import audit
from backend.core.days import today
from backend.core.problems import Problem
from backend.core.spreadsheets import Table, csv_lines, write_xlsx
from backend.office.lists import exporting
from backend.office.lists.exporting import ByWorker
from backend.office.models import ListExport
from backend.office.views.gate import person_of

UNSAFE = re.compile(r"[^a-z0-9-]+")
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMN, CHOOSE = "column", "choose"
"""Of an export's address: `column` (any number of times) names a heading that is wanted, `choose` asks for the page of them."""
SPOOLED: Final = 4 * 1024 * 1024  # bytes; a larger workbook lies in a temporary file


class ListFile(StreamingHttpResponse):
    """A list as CSV, streamed. It knows the table that it is written from, whose rows are not read before they are sent.

    `count` says how many rows there are, of lists that may be long.
    """

    def __init__(self, table: Table, count: Callable[[], int] | None = None) -> None:
        lines = csv_lines(table.head, chain(table.rows, table.below))
        super().__init__(lines, content_type=CSV)
        self.table, self.count = table, count
        self["Content-Disposition"] = disposition(table.name, "csv")


def disposition(name: str, kind: str) -> str:
    """What the browser is to call the file: the list's name and today's date."""
    file = UNSAFE.sub("-", name.lower()).strip("-") or "list"
    return f'attachment; filename="{file}-{today().isoformat()}.{kind}"'


def csv_answer(
    name: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    evidence: bool = False,
    count: Callable[[], int] | None = None,
) -> ListFile:
    """A CSV download called `name` with today's date; UTF-8 with a mark, so that spreadsheets read it rightly.

    `evidence`: below the rows stands the audit chain's head, by which it can be shown later that they were not changed.
    An address made by `downloads` hands out the same as XLSX; where `count` says that the rows are very many, a worker
    writes them (lists/exporting.py).
    """
    below: list[Sequence[Any]] = [(), (audit.head().words(),)] if evidence else []
    return ListFile(Table(name, head, rows, below), count)


def downloads(address: str, view: Callable[..., Any], name: str = "") -> list[URLPattern]:
    """The addresses of a list's downloads, as CSV and as XLSX: one line of an area's `urls.py`, put in with a star.

    `view` answers what `export` or `csv_answer` gives. The addresses are called `name`-csv and `name`-xlsx.
    """
    called = name or address.replace("/", "-")
    return [
        path(f"{address}.csv", handed_out(view, "csv"), name=f"{called}-csv"),
        path(f"{address}.xlsx", handed_out(view, "xlsx"), name=f"{called}-xlsx"),
    ]


def handed_out(view: Callable[..., Any], kind: str) -> Callable[..., HttpResponseBase]:
    """`view`, whose list is handed out as `kind`, with the columns that the address names (all unless it does)."""

    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = view(request, *args, **kwargs)
        if not isinstance(answer, ListFile):
            return answer
        table, wanted = answer.table, request.GET.getlist(COLUMN)
        if CHOOSE in request.GET:
            return choosing(request, table)
        if unknown := sorted(set(wanted) - set(map(str, table.head))):
            raise Problem("column", f"This list has no column called “{unknown[0]}”. It has: {', '.join(map(str, table.head))}.")
        if wanted:
            table = table.only(wanted)
        if isinstance(request, ByWorker):
            return ListFile(table)
        if request.method == "GET" and (row := made_later(request, answer)):
            return HttpResponseRedirect(f"/exports/{row.pk}/")
        return ListFile(table) if kind == "csv" else workbook(table, body=request.method != "HEAD")

    update_wrapper(asked, view)
    return asked


def made_later(request: HttpRequest, answer: ListFile) -> ListExport | None:
    """What a worker makes of a list that is too long to be handed out at once; None of all others. Raises Problem."""
    person = person_of(request)
    if person is None or answer.count is None or (rows := answer.count()) <= exporting.LONG:
        return None
    return exporting.ask(person=person, name=answer.table.name, address=request.build_absolute_uri(), rows=rows)


def choosing(request: HttpRequest, table: Table) -> HttpResponse:
    """The page on which the columns of a download are chosen. No row is read."""
    base = request.path.rpartition(".")[0]
    kept = [(name, value) for name, values in request.GET.lists() if name not in {CHOOSE, COLUMN, "page"} for value in values]
    said = {"name": table.name, "head": table.head, "base": base, "kept": kept}
    return render(request, "office/lists/columns.html", said)


def workbook(table: Table, *, body: bool = True) -> HttpResponseBase:
    """A table as an XLSX download. It is written whole before the first byte is sent, in a temporary file when it is large."""
    if not body:
        return HttpResponse(content_type=XLSX, headers={"Content-Disposition": disposition(table.name, "xlsx")})
    out = tempfile.SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115  the answer closes it when it is sent
    write_xlsx(out, table)
    out.seek(0)
    answer = FileResponse(out, content_type=XLSX)
    answer["Content-Disposition"] = disposition(table.name, "xlsx")
    return answer
