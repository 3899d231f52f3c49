"""Lists as CSV: streamed, the same rows as the page, and safe to open in a spreadsheet."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from backend.core.days import LONDON, today

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Line:
    """What csv.writer writes to: answers the line instead of keeping it."""

    def write(self, line: str) -> str:
        """The line, as it is."""
        return line


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; dates as 2026-11-27, moments in London time, yes and no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(LONDON):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date | int | float):
        return value
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A CSV download called `name` with today's date; UTF-8 with a mark, so that spreadsheets read it rightly."""
    writer = csv.writer(Line())

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow([safe(each) for each in head])
        for row in rows:
            yield writer.writerow([safe(each) for each in row])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{today().isoformat()}.csv"'
    return answer
