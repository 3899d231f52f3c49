"""Papers kept as evidence: PDF, Word, Excel and CSV files, judged at receipt, kept as they came, and only ever downloaded.

An office file is a ZIP of XML. Its directory is read first and bounded; no XML is ever parsed here, so no entity is resolved.
"""

import io
import itertools
import re
import zipfile
import zlib
from typing import Final

from backend.core.polyglots import holds_archive, holds_markup, two_things
from backend.core.problems import Problem

PDF: Final = "application/pdf"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv"
PAPERS: Final = frozenset({PDF, WORD, SHEET, CSV})
PAPER_NAMES: Final = {PDF: "a PDF file", WORD: "a Word file (.docx)", SHEET: "an Excel file (.xlsx)", CSV: "a CSV file"}

MOST_PARTS: Final = 3000  # a workbook of 200 sheets with a picture on each has about 1,000
MOST_UNFOLDED: Final = 120 * 1024 * 1024  # bytes of all parts together
LARGE_PART: Final = 10 * 1024 * 1024
MOST_SQUEEZED: Final = 100  # unfolded bytes for each byte kept, of a large part
SMALL_PART: Final = 1024 * 1024
PIECE: Final = 256 * 1024
LONGEST_LINE: Final = 1024 * 1024
MAIN_PART: Final = {
    WORD: b"wordprocessingml.document.main+xml",
    SHEET: b"spreadsheetml.sheet.main+xml",
}
PROGRAMS: Final = re.compile(r"(vbaproject|vbadata|/macrosheets/|/dialogsheets/|/activex/|oleobject)", re.IGNORECASE)
PROGRAM_KINDS: Final = (b"macroenabled", b"vbaproject", b"ms-office.activex", b"oleobject")
ENTITIES: Final = (b"<!doctype", b"<!entity")
FETCHED: Final = (b"attachedtemplate", b"oleobject", b"/frame", b"subdocument")  # kinds of link that open by themselves
AFAR: Final = (b'target="http', b"target='http", b'target="ftp', b"target='ftp", b"\\\\", b"file://///")


def kind_of_paper(content: bytes) -> str | None:
    """What kind of paper it is by its content; None when it is none that we take. Not yet judged."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return CSV if _is_text(content) else None


def fault_of_paper(content: bytes, kind: str) -> Problem | None:
    """What keeps a paper of this kind from being kept, by its content. Never raises."""
    if kind == PDF:
        return _fault_of_pdf(content)
    if kind == CSV:
        return _fault_of_csv(content)
    try:
        return _fault_of_office(content)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, LookupError):
        return damaged()


def damaged() -> Problem:
    """The refusal of a paper that does not open."""
    return Problem("damaged", "This file is damaged: it does not open, or it breaks off before its end. Save it again.")


def _fault_of_pdf(content: bytes) -> Problem | None:
    end = content.rfind(b"%%EOF")
    if end == -1 or b"/Root" not in content or b" obj" not in content:  # neither can be left out or packed away
        return damaged()
    tail = content[end + 5 :].strip(b"\x00 \t\r\n\x1a")
    if len(tail) > 1024 or holds_markup(tail):
        return two_things("PDF file", "more data after its end")
    return two_things("PDF file", "an archive") if holds_archive(content) else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(each in text for each in ("\x00", "\x1b", "\x08"))


def _fault_of_csv(content: bytes) -> Problem | None:
    if not _is_text(content):
        return Problem("damaged", "A CSV file is plain text in UTF-8. Save it again as “CSV UTF-8”.")
    if holds_markup(content[:4096]) or holds_archive(content):
        return two_things("CSV file", "a web page or an archive")
    if max(map(len, content.splitlines())) > LONGEST_LINE:
        return Problem("damaged", "A line of this CSV file is longer than a million letters: it is no table.")
    return None


def _office_kind(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened, opened.open("[Content_Types].xml") as part:
            said = part.read(SMALL_PART)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, LookupError):
        return None
    return next((kind for kind, main in MAIN_PART.items() if main in said or b"macroEnabled.main+xml" in said), None)


def _fault_of_office(content: bytes) -> Problem | None:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        parts = opened.infolist()
        return _fault_of_directory(content, parts) or next(filter(None, (_fault_of_part(opened, each) for each in parts)), None)


def _fault_of_directory(content: bytes, parts: list[zipfile.ZipInfo]) -> Problem | None:
    """Judge by the directory alone, before anything is unfolded."""
    unfolded = sum(each.file_size for each in parts)
    if len(parts) > MOST_PARTS or unfolded > MOST_UNFOLDED or any(map(_unfolds_too_far, parts)):
        return Problem("unfolds", "This file would unfold to far more than it is: it was not kept. Save it again, or send a PDF.")
    spans = sorted((each.header_offset, each.header_offset + each.compress_size) for each in parts)
    if any(end > following for (_, end), (following, _) in itertools.pairwise(spans)) or spans[0][0] != 0:
        return damaged()
    if len({each.filename.lower() for each in parts}) != len(parts) or any(map(_leads_out, parts)):
        return damaged()
    if any(each.flag_bits & 0x1 for each in parts):
        return Problem("locked", "This file is locked with a password. Remove the password and send it again.")
    if any(PROGRAMS.search("/" + each.filename) for each in parts):
        return with_program()
    end = content.rfind(b"PK\x05\x06")
    return two_things("file", "more data after its end") if len(content) - end - 22 > 0 else None


def _unfolds_too_far(part: zipfile.ZipInfo) -> bool:
    return part.file_size > LARGE_PART and part.file_size > MOST_SQUEEZED * max(part.compress_size, 1)


def _leads_out(part: zipfile.ZipInfo) -> bool:
    """Whether a part's name would lead out of a folder it is unfolded into, or it is a link and no file."""
    name = part.filename.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or ":" in name or (part.external_attr >> 16) & 0o170000 == 0o120000


def with_program() -> Problem:
    """The refusal of an office file that carries a macro or another program."""
    return Problem("macro", "This file carries a macro or another program. Save it without (.docx, .xlsx), or send a PDF.")


def _fault_of_part(opened: zipfile.ZipFile, part: zipfile.ZipInfo) -> Problem | None:
    """Read one part to its end, never more than the directory said, and judge what its XML would make a reader fetch or run."""
    links = part.filename.endswith(".rels") or part.filename == "[Content_Types].xml"
    if links and part.file_size > SMALL_PART:
        return damaged()
    size = 0
    with opened.open(part) as file:
        first = file.read(SMALL_PART)
        size = len(first)
        while piece := file.read(PIECE):  # its check sum is looked at when all of it was read
            size += len(piece)
    said = first.replace(b"\x00", b"").lower()
    if size != part.file_size:
        return damaged()
    if part.filename.lower().endswith((".xml", ".rels", ".vml")) and any(each in said for each in ENTITIES):
        return Problem("damaged", "This file's XML declares entities, which no office program writes. Save it again.")
    if part.filename == "[Content_Types].xml" and any(each in said for each in PROGRAM_KINDS):
        return with_program()
    if links and any(map(_fetches, said.split(b"<"))):
        return Problem("linked", "This file fetches a template or an object from elsewhere. Save it without, or send a PDF.")
    return None


def _fetches(element: bytes) -> bool:
    """Whether a link, in lower case, is one that an office program follows by itself, to another machine."""
    away = b"external" in element and b"targetmode" in element
    return away and any(kind in element for kind in FETCHED) and any(place in element for place in AFAR)
