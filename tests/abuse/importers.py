"""Every door by which a file enters, each with a whole example. A command or page that takes a file and is not here fails a test.

`take(content)` puts the bytes through that door; it may answer, or refuse with words (REFUSALS); anything else is a fault.
`whole()` makes a sound example, which must be taken. `words` names the management command's words, "" for a door over HTTP.
"""

import hashlib
import io
import json
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from backend.assets.actions import add_drawing, ensure_tags
from backend.assets.actions.papers import stored
from backend.core import files
from backend.core.days import today
from backend.core.problems import Problem
from backend.maintenance.actions import files_taken, receive_report
from backend.maintenance.actions.contractors import Firm, add_contractor, taken
from backend.maintenance.actions.uploads import ask_for_report, hand_in
from backend.maintenance.models import Contractor, OnePurposeLink
from backend.office.applying.dates_file import dates_of
from backend.office.setting_up.importing import applied
from backend.office.setting_up.kinds import KINDS
from backend.rules.applying import Key
from backend.sync.copies import import_copy
from backend.sync.push import receive
from backend.trust.imports import running
from backend.trust.imports.kinds import Options
from backend.trust.models import Import
from tests.abuse import archives
from tests.conftest import World
from tests.rules.test_library_faults import _small
from tests.sync.phone import Phone, check_done, defect_reported
from tests.sync.pictures import picture

REFUSALS = (Problem, CommandError)


@dataclass(frozen=True)
class Importer:
    """A door for files."""

    name: str
    words: str
    whole: Callable[[World], bytes]
    take: Callable[[World, bytes], Any]


def command(*words: str, name: str, beside: dict[str, Any] | None = None) -> Callable[[World, bytes], str]:
    """A door that is a management command: the bytes become a file called `name` in a folder, with sound YAML files beside it."""

    def take(_world: World, content: bytes) -> str:
        said = io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            for other, data in (beside or {}).items():
                (Path(folder) / f"{other}.yaml").write_text(yaml.safe_dump(data))
            named = [word.replace("FILE", str(path)).replace("FOLDER", folder) for word in words]
            try:
                call_command(*named, stdout=said, stderr=said)
            except SystemExit as ended:
                assert ended.code == 1, ended.code
                assert said.getvalue().strip(), "refused without a word"
                raise CommandError(said.getvalue()) from ended
        return said.getvalue()

    return take


def upload(kind: str) -> Callable[[World, bytes], Any]:
    """A photo or paper arriving under its own right hash, said to be of this kind."""

    def take(world: World, content: bytes) -> Any:
        sha256 = hashlib.sha256(content).hexdigest()
        owner = files.person_owner(world.caretaker.pk)
        return files.receive(owner=owner, sha256=sha256, offset=0, length=len(content), content_type=kind, piece=content)

    return take


def saved_copy(world: World) -> bytes:
    """What a phone saves of its unsent work."""
    phone = Phone(world.caretaker)
    phone.register()
    raw = phone.envelope([phone.op("check_done", check_done(world.plan())), phone.op("defect_reported", defect_reported(world))])
    envelopes = [{"body": raw.decode(), "signature": phone.signature(raw)}]
    return json.dumps({"siteward_export": 1, "device": phone.id, "envelopes": envelopes, "files": []}).encode()


def push(world: World, content: bytes) -> Any:
    """The body of a push, by somebody signed in."""
    return receive(content, person=world.caretaker, signature=None, now=timezone.now())


def pushed(world: World) -> bytes:
    """A sound push."""
    phone = Phone(world.caretaker)
    return phone.envelope([phone.op("defect_reported", defect_reported(world)), phone.op("check_done", check_done(world.plan()))])


def due_cases(_world: World) -> bytes:
    """A file of the due engine's cases, as short as one is."""
    found = sorted((settings.ROOT / "fixtures" / "cases").glob("*due*.yaml"), key=lambda path: path.stat().st_size)
    return found[0].read_bytes()[:4000].rpartition(b"\n- ")[0] + b"\n"


def library(_world: World) -> bytes:
    """A library of one check, in one file."""
    return yaml.safe_dump(_small()["bells"], sort_keys=False).encode()


REST = {name: data for name, data in _small().items() if name != "bells"}


def picture_of(form: str) -> Callable[[World], bytes]:
    """A small sound picture."""
    return lambda _world: picture(form, 40, 30)


def paper(_world: World) -> bytes:
    """A small sound PDF file."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out)
    page.drawString(100, 700, f"Certificate {uuid.UUID(int=7)}")
    page.save()
    return out.getvalue()


def handed_in(world: World, content: bytes) -> Any:
    """A report that a firm hands in by its link."""
    firm = Contractor.objects.filter(name="Handing Ltd").first() or add_contractor(person=world.lead, firm=Firm("Handing Ltd"))
    row, _ = ask_for_report(person=world.lead, contractor=firm, words="Report", site=world.oakfield)
    link = OnePurposeLink.objects.get(about=row.pk)
    return hand_in(link=link, content=content, from_name="", note="", address=str(link.pk))


def fault_photo(world: World, content: bytes) -> Any:
    """A photo with a fault that a stranger reports by a label."""
    asset = world.asset("fire-extinguisher")
    return receive_report(tag=ensure_tags([asset])[asset.pk], said="Broken", photos=[content])


def work_photo(world: World, content: bytes) -> Any:
    """A photo or a certificate with a note on a problem, from a page or a firm's link."""
    return files_taken([content], owner=f"person:{world.lead.pk}")


def firms_paper(world: World, content: bytes) -> Any:
    """A scanned paper from a form: a firm's insurance, a certificate, a document of the register."""
    return taken(content, world.lead)


def assets_paper(world: World, content: bytes) -> Any:
    """A photo, manual, warranty or waste paper of an asset, or the manual of a make and model, from a form."""
    return stored(content, world.lead)


def floor_plan(world: World, content: bytes) -> Any:
    """The picture of a floor plan, from a form."""
    file = files.take(content, owner=files.person_owner(world.lead.pk))
    with transaction.atomic():
        return add_drawing(person=world.lead, site=world.oakfield, name=f"Floor {file.pk[:12]}", file=file)


def sent_in(kind: str) -> Callable[[World, bytes], Any]:
    """A table through the page of imports: tried, and applied when no row is wrong. Raises Problem in the words of the page."""

    def take(world: World, content: bytes) -> Any:
        one = KINDS[kind]
        site = world.oakfield if one.where in ("any", "always") else None
        ticks = frozenset(tick.key for tick in one.ticks)
        actor = world.person("administrator") if kind == "people" else world.lead
        options = Options(today(), school=site.school if site else None, site=site, ticks=ticks)
        with transaction.atomic():
            row = running.begin(kind=one, content=content, options=options, actor=actor, file_name="sent")
        running.trial(row, kind=one, actor=actor)
        if row.state != Import.State.READY:
            found = row.report
            said = found.get("problem") or "; ".join(str(each) for each in found["faults"][:5]) or "nothing to import"
            raise Problem("refused", said)
        return applied(row, actor=actor).pk

    return take


def sheet_of(kind: str, *rows: tuple[str, ...]) -> Callable[[World], bytes]:
    """A sound table of a kind, as XLSX: its template's headers by name, and these rows."""

    def whole(_world: World) -> bytes:
        out, book = io.BytesIO(), Workbook()
        assert isinstance(book.active, Worksheet)
        for row in rows:
            book.active.append(row)
        book.save(out)
        return out.getvalue()

    return whole


def boundary(_world: World) -> bytes:
    """A sound GeoJSON of one boundary."""
    ring = [[-1.55, 54.52], [-1.549, 54.52], [-1.549, 54.521], [-1.55, 54.521], [-1.55, 54.52]]
    shape = {"type": "Feature", "properties": {"URN": 900002}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return json.dumps({"type": "FeatureCollection", "features": [shape]}).encode()


GIAS_TABLE = (
    b"URN,EstablishmentName,PhaseOfEducation (name),Trusts (code),Postcode,Easting,Northing,UPRN\r\n"
    b"910001,St Mary\x92s,Primary,T1,DL1 1AA,429500,514500,100110000001\r\n"
)
TABLES: dict[str, Callable[[World], bytes]] = {
    "gias": lambda _world: GIAS_TABLE,
    "terms": sheet_of("terms", ("School", "What", "First day", "Last day"), ("Oakfield", "INSET", "01/09/2031", "")),
    "places": sheet_of("places", ("Building", "Space"), ("Science block", "Lab 1")),
    "people": sheet_of("people", ("Name", "E-mail", "Role", "School"), ("Sam", "sam@new.example", "Caretaker", "Oakfield")),
    "assets": sheet_of("assets", ("Type", "Name", "Installed"), ("Fire extinguisher", "By the door", "28/02/2019")),
    "outlines": boundary,
    "condition": sheet_of(
        "condition",
        ("School", "Element", "Finding", "Grade", "Priority", "Cost", "Survey date", "Surveyor"),
        ("Oakfield", "Roofs", "Felt at its end", "D", "1", "48000", "14/03/2024", "Others LLP"),
    ),
    "cdc": lambda _world: b"Site,URN,SurveySectionSectionType,GIFA,Block Age\r\nOakfield,900001,BLOCK,809,1991-2000\r\n",
}
WORDS = {"gias": ("--trust", "T1"), "terms": (), "places": ("--school", "900001"), "people": (), "assets": ("--school", "900001"),
         "outlines": (), "condition": (), "cdc": ()}  # fmt: skip


def dates_filled_in(_world: World) -> bytes:
    """The spreadsheet of what is proposed, with days in its last column."""
    return b"Key,Check,Last done\nfire-drill||,Fire drill,3/9/2025\ncoshh-assessment-review||,COSHH,2025-10-01\n"


def last_done_dates(_world: World, content: bytes) -> Any:
    """The door of the proposal's page."""
    return dates_of(content, {Key("fire-drill"), Key("coshh-assessment-review")}, today())


IMPORTERS = [
    Importer(
        "statutory library",
        "library check",
        library,
        command("library", "check", "--folder=FOLDER", name="bells.yaml", beside=REST),
    ),
    Importer(
        "library to publish",
        "library publish",
        library,
        command("library", "publish", "--folder=FOLDER", name="bells.yaml", beside=REST),
    ),
    Importer(
        "library to compare",
        "library diff",
        library,
        command("library", "diff", "--folder=FOLDER", name="bells.yaml", beside=REST),
    ),
    *(
        Importer(f"a table of {kind}", f"import {kind}", whole, command("import", kind, "FILE", *WORDS[kind], name="sent"))
        for kind, whole in TABLES.items()
    ),
    *(Importer(f"a table of {kind}, by the page", "", whole, sent_in(kind)) for kind, whole in TABLES.items()),
    Importer("due cases", "due cases", due_cases, command("due", "cases", "FILE", name="cases.yaml")),
    Importer("a phone's saved copy", "phone import", saved_copy, lambda world, content: import_copy(content, person=world.lead)),
    Importer("a push", "", pushed, push),
    Importer("a JPEG photo", "", picture_of("JPEG"), upload("image/jpeg")),
    Importer("a PNG picture", "", picture_of("PNG"), upload("image/png")),
    Importer("a WebP photo", "", picture_of("WEBP"), upload("image/webp")),
    Importer("a photo of a fault", "", picture_of("JPEG"), fault_photo),
    Importer("a photo of work", "", picture_of("PNG"), work_photo),
    Importer("a PDF paper", "", paper, upload("application/pdf")),
    Importer("a backup to prove", "backup verify", archives.backup, archives.open_backup),
    Importer("a backup to put back", "backup restore", archives.backup, archives.open_backup),
    Importer("a trust's export", "trust_export restore", archives.trust_export, archives.open_trust_export),
    Importer("evidence to check", "", archives.evidence, archives.check_evidence),
    Importer("published heads", "heads check", archives.published, command("heads", "check", "FILE", name="heads.jsonl")),
    Importer("a report handed in by a firm", "", paper, handed_in),
    Importer("a floor plan", "", picture_of("PNG"), floor_plan),
    Importer("a picture of a report handed in", "", picture_of("JPEG"), handed_in),
    Importer("a firm's paper, a certificate or document", "", paper, firms_paper),
    Importer("a photo or paper of an asset", "", picture_of("PNG"), assets_paper),
    Importer("days on which checks were last done", "", dates_filled_in, last_done_dates),
]
