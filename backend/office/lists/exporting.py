"""Long lists as files: asked for, made by a worker as whoever asked may see them then, theirs alone, gone after a day.

The worker asks the list's own address again, as that person: what they may not see any more by then is not in the file.
"""

import datetime as dt
import hashlib
import logging
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import IO, Any, Final
from urllib.parse import urlsplit

from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.urls import resolve
from django.utils import timezone
from django_q.tasks import async_task

from backend.core.days import london_date
from backend.core.problems import Problem
from backend.core.spreadsheets import Table, csv_lines, write_xlsx
from backend.office.models import ListExport
from backend.trust.models import Person

log = logging.getLogger(__name__)
LONG: Final = 20_000  # rows; a longer list would keep a web process for seconds
KEPT: Final = dt.timedelta(days=1)
AT_ONCE: Final = 3  # of one person
GIVEN_UP: Final = dt.timedelta(minutes=3)  # nothing was heard of a making: its worker is gone, and another takes it on
EVERY: Final = 1000  # rows between two words of how far it has come
SPOOLED: Final = 4 * 1024 * 1024  # bytes; beyond, a temporary file
FOLDER: Final = "exports"
MAKES: Final = "backend.office.lists.exporting.make_now"
REFUSED: Final = "You may not see this list any more, so no file was made."
FAULT: Final = "Siteward failed to make this file, and kept nothing of it. It has been noted. Ask for it again."


class ByWorker(HttpRequest):
    """A list's address asked by a worker, as somebody, by the name under which they know this server."""

    def __init__(self, row: ListExport) -> None:
        super().__init__()
        self.parts = urlsplit(row.address)
        self.path = self.path_info = self.parts.path
        self.method, self.GET = "GET", QueryDict(self.parts.query)
        self.META = {"HTTP_HOST": self.parts.netloc, "QUERY_STRING": self.parts.query}
        self.user, self.session = row.person, SessionStore()

    def _get_scheme(self) -> str:
        return self.parts.scheme


@transaction.atomic
def ask(*, person: Person, name: str, address: str, rows: int) -> ListExport:
    """Have a long list made into a file. `address` is its whole URL, which `person` just asked for and was not refused.

    Asked again while it is made, it is the same one. Raises Problem (429) when several of theirs are being made.
    """
    Person.objects.select_for_update().get(pk=person.pk)  # two clicks at once are one file
    waiting = ListExport.objects.filter(person=person, state__in=(ListExport.State.ASKED, ListExport.State.MAKING))
    now = timezone.now()
    waiting = waiting.filter(expires_at__gt=now)
    if same := waiting.filter(address=address).first():
        return same
    if waiting.count() >= AT_ONCE:
        raise Problem("too_many", f"{AT_ONCE} long lists of yours are being made into files. Wait until one is done.", status=429)
    times = {"asked_at": now, "touched_at": now, "expires_at": now + KEPT}
    row = ListExport.objects.create(person=person, name=name[:100], address=address, rows=rows, **times)
    transaction.on_commit(partial(async_task, MAKES, str(row.pk)))
    return row


def reach_of(person: Person) -> str:
    """What somebody may see hangs on: their roles in force today, as a hash."""
    held = sorted(f"{each.role}:{each.school_id}:{each.site_id}" for each in person.appointments_on(london_date(timezone.now())))
    return hashlib.sha256("\n".join(held).encode()).hexdigest()


def make_now(export_id: str) -> str:
    """Make the file that was asked for; answers how it ended. The job's entry; may run twice."""
    now = timezone.now()
    free = Q(state=ListExport.State.ASKED) | Q(state=ListExport.State.MAKING, touched_at__lt=now - GIVEN_UP)
    if not ListExport.objects.filter(free, pk=export_id).update(state=ListExport.State.MAKING, touched_at=now, written=0):
        return "nothing to do"
    row = ListExport.objects.select_related("person").get(pk=export_id)
    try:
        return made(row)
    except Problem as refused:
        failed(row, refused.detail)
        return refused.detail
    except Exception:  # a fault of ours must not leave a page that waits for ever
        log.exception("list %s could not be made into a file", export_id)
        failed(row, FAULT)
        return "failed"


def failed(row: ListExport, words: str) -> None:
    """Say that it was not made."""
    rows = ListExport.objects.filter(pk=row.pk, state=ListExport.State.MAKING)
    rows.update(state=ListExport.State.FAILED, wrong=words[:300], touched_at=timezone.now())


def made(row: ListExport) -> str:
    """Write the list as it is now into its file, and keep that. Raises Problem when it is not theirs to see."""
    if not row.person.has_access(london_date(timezone.now())):
        raise Problem("forbidden", REFUSED, status=403)
    reach, table = reach_of(row.person), table_of(row)
    with tempfile.SpooledTemporaryFile(max_size=SPOOLED) as out:
        written = write(out, Table(table.name, table.head, counted(table.rows, row), table.below), row.ending)
        size = out.tell()
        out.seek(0)
        stored = default_storage.save(f"{FOLDER}/{row.pk}.{row.ending}", File(out))
    kept = ListExport.objects.filter(pk=row.pk, state=ListExport.State.MAKING).update(
        state=ListExport.State.MADE, written=written, stored=stored, size=size, reach=reach, touched_at=timezone.now()
    )
    if not kept:  # another worker was quicker, or whoever asked is gone
        default_storage.delete(stored)
        return "nothing to do"
    return f"{written} rows, {size} bytes"


def table_of(row: ListExport) -> Table:
    """The list as a table, with what the person may see of it now. Raises Problem."""
    request = ByWorker(row)
    match = resolve(request.path)
    answer = match.func(request, *match.args, **match.kwargs)
    table = getattr(answer, "table", None)
    if not isinstance(table, Table):  # led on to something that only they can do, such as setting up a second step
        raise Problem("forbidden", REFUSED, status=403)
    return table


def counted(rows: Iterable[Sequence[Any]], row: ListExport) -> Iterator[Sequence[Any]]:
    """The rows; on their way it is said how many there were."""
    for number, each in enumerate(rows, 1):
        if number % EVERY == 0:
            said = {"written": number, "touched_at": timezone.now()}
            ListExport.objects.filter(pk=row.pk, state=ListExport.State.MAKING).update(**said)
        yield each


def write(out: IO[bytes], table: Table, ending: str) -> int:
    """Write a table in either form; answers how many rows. Its end is where `out` stands then."""
    if ending == "xlsx":
        number = write_xlsx(out, table)
        out.seek(0, 2)
        return number
    lines = -2 - len(table.below)  # the mark and the headings are no rows
    for line in csv_lines(table.head, chain(table.rows, table.below)):
        out.write(line.encode())
        lines += 1
    return lines


def forget_exports_now() -> str:
    """Take away files whose day is over, or whose row is gone with whoever asked. May run twice."""
    over = ListExport.objects.filter(expires_at__lte=timezone.now())
    number, _ = over.delete()
    held = set(ListExport.objects.exclude(stored="").values_list("stored", flat=True))
    fresh = {str(each) for each in ListExport.objects.filter(state=ListExport.State.MAKING).values_list("pk", flat=True)}
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:  # there never was one
        names = []
    for name in names:
        if f"{FOLDER}/{name}" not in held and name[:36] not in fresh:
            default_storage.delete(f"{FOLDER}/{name}")
    return f"{number} files of lists forgotten"
