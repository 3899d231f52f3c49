"""Tables to hand out: an import's rows with what is wrong beside them, and templates; as CSV or as a spreadsheet."""

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.http import HttpResponse

from backend.core import files
from backend.core.papers import CSV, SHEET
from backend.core.spreadsheets import Table, csv_lines, write_xlsx
from backend.trust.actions import System
from backend.trust.imports import running
from backend.trust.imports.choosing import WAS_ROW, WRONG
from backend.trust.imports.kinds import Kind
from backend.trust.models import Import

READER: Final = System("Corrections")


def answer(row: Import, kind: Kind, ending: str, *, only_wrong: bool) -> HttpResponse:
    """The table as it was sent, the faulty rows first marked with what is wrong. Raises Problem when it cannot be read."""
    options = running.options_of(row)
    content = files.read(running.place_of(row.pk, running.MAIN))
    plan = running.planned(kind, content, options, row.made_by or READER, lambda _said: None)
    said: dict[int, list[str]] = defaultdict(list)
    for fault in plan.table.faults:
        said[fault.row].append(f"{fault.column}: {fault.said}" if fault.column else fault.said)
    table = plan.table
    keys = [each.key for each in table.columns if each.key in table.headers]
    extra = sorted({name for each in table.rows for name in (*each.more, *each.left)})
    rows = [
        [
            " ".join(said[each.number]),
            each.number,
            *(each.said.get(key, "") for key in keys),
            *(each.more.get(name) or each.left.get(name, "") for name in extra),
        ]
        for each in table.rows
        if each.number in said or not only_wrong
    ]
    head = [WRONG, WAS_ROW, *(table.headers[key] for key in keys), *extra]
    return sheet(f"{row.kind}-to-correct", ending, head, rows)


def sheet(name: str, ending: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table as a download."""
    if ending == "csv":
        made = HttpResponse("".join(csv_lines(head, rows)), content_type=f"{CSV}; charset=utf-8")
    else:
        made = HttpResponse(workbook(head, rows), content_type=SHEET)
    made["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return made


def workbook(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The table as a workbook: headings that stay, no cell a formula."""
    out = io.BytesIO()
    write_xlsx(out, Table("Rows", head, rows))
    return out.getvalue()
