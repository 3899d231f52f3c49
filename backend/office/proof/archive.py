"""The ZIP of an evidence pack: the PDF, the rows as CSV and JSON, files as they came, the proof, and what checks them."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from backend.core import audit, files, signing
from backend.core.evidence import evidence_of, plain
from backend.core.files import ENDINGS
from backend.core.models import StoredFile
from backend.core.problems import Problem
from backend.core.spreadsheets import csv_lines
from backend.core.standalone import check_export, check_pack
from backend.office.proof.proving import Proof, content_lines
from backend.office.proof.tables import Table

FORM: Final = check_pack.FORM
PIECE: Final = 1024 * 1024
READ_ME: Final = """{title}

{answer}

evidence-pack.pdf   to read and to print
data/               every row as CSV (for spreadsheets) and as JSON (with each row as it was entered)
photos/             photos and files of records and problems, as they came
certificates/       certificates and reports
files.html          what each file is: open it to find one, as the files are named by their hash
documents/          standing papers of the register
proof/              each row's content and the entry of the audit chain that covers it
manifest.json       the SHA-256 of every file, the number and hash of every row's entry, the chain's head; signed
verify.py           checks all of it, with Python 3.8 or later alone, without a network

To check it: unpack the ZIP, open a terminal in the folder and run

    python3 verify.py

or, without unpacking:  python3 verify.py PACK.zip

It names whatever was changed, is missing or was swapped. Also compare two things with paper that reached you another way:
the public key ({key})
and the hash over all rows, which the PDF has at its foot ({root}).

It shows that nothing was changed since it was entered, and that this Siteward made the pack. It cannot show that what was entered
was true. Whoever doubts the installation itself asks the trust for the whole chain (manage.py evidence export) and runs

    python3 verify.py --chain EXPORT.zip
{missing}"""


@dataclass(slots=True)
class Archive:
    """The ZIP while it is written: each member's SHA-256, and the files that could not be put in, with the reason."""

    zip: zipfile.ZipFile
    members: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, content: bytes | str) -> str:
        """Add a member; answers its SHA-256."""
        data = content.encode() if isinstance(content, str) else content
        self.zip.writestr(name, data)
        self.members[name] = hashlib.sha256(data).hexdigest()
        return self.members[name]

    def lines(self, name: str, lines: Iterable[str], end: str = "\n") -> None:
        """Add a member of many lines, streamed."""
        said = hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as member:
            for line in lines:
                data = f"{line}{end}".encode()
                member.write(data)
                said.update(data)
        self.members[name] = said.hexdigest()

    def copy(self, name: str, source: IO[bytes]) -> None:
        """Add a member as it is: pictures and PDF files are packed already."""
        said = hashlib.sha256()
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_STORED
        with self.zip.open(info, "w", force_zip64=True) as member:
            while piece := source.read(PIECE):
                member.write(piece)
                said.update(piece)
        self.members[name] = said.hexdigest()


def put_table(archive: Archive, table: Table) -> None:
    """A table as CSV, and as JSON: a list with a row on each line, its subject, its words, and the row as it was entered."""
    told = [dict(table.words(row)) for row in table.rows]
    subjects = [f"{evidence_of(type(row)).subject}:{row.pk}" for row in table.rows]
    head = [*(told[0] if told else []), "Row"]
    lines = ([*each.values(), subject] for each, subject in zip(told, subjects, strict=True))
    archive.lines(f"data/{table.name}.csv", csv_lines(head, lines), end="")
    archive.lines(f"data/{table.name}.json", json_lines(table, told, subjects))


def json_lines(table: Table, told: list[dict[str, Any]], subjects: list[str]) -> Iterator[str]:
    """The JSON, line by line."""
    yield "["
    last = len(told) - 1
    for number, (row, words, subject) in enumerate(zip(table.rows, told, subjects, strict=True)):
        entered = json.loads(canonical(row))
        said = {"subject": subject, "words": {name: plain_word(each) for name, each in words.items()}, "entered": entered}
        yield json.dumps(said, ensure_ascii=False) + ("," if number < last else "")
    yield "]"


def canonical(row: Any) -> bytes:
    """A row's content as the chain spells it."""
    return audit.canonical(evidence_of(type(row)).content(row))


def plain_word(value: Any) -> Any:
    """A word of a table for JSON: days and moments as ISO 8601."""
    return value.isoformat() if hasattr(value, "isoformat") else plain(value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that belongs into the pack: in which folder, by its hash."""

    folder: str
    sha256: str


def put_files(archive: Archive, wanted: Iterable[Wanted], tell: Callable[[int, int], None]) -> None:
    """Add the files, each once, as they came. One that is not held or may not be handed on is named with the reason."""
    found = list(dict.fromkeys(wanted))
    kinds = dict(StoredFile.objects.filter(pk__in={each.sha256 for each in found}).values_list("pk", "content_type"))
    for number, each in enumerate(found):
        tell(number, len(found))
        if each.sha256 not in kinds:
            archive.missing[each.sha256] = "it has not arrived from the phone yet"
            continue
        try:
            with files.open_file(each.sha256) as source:
                archive.copy(f"{each.folder}/{each.sha256}.{ENDINGS.get(kinds[each.sha256], 'bin')}", source)
        except Problem as refused:
            archive.missing[each.sha256] = refused.detail


def put_proof(archive: Archive, proof: Proof) -> None:
    """The rows' contents and their entries."""
    archive.lines("proof/contents.jsonl", content_lines(proof))
    archive.lines("proof/entries.jsonl", proof.entries)


def put_manifest(archive: Archive, said: dict[str, Any], proof: Proof) -> dict[str, Any]:
    """The manifest, signed, as the last member. Raises Problem without a signing key."""
    manifest = signing.signed(
        {
            "form": FORM,
            **said,
            "rows": proof.rows,
            "rows_root": proof.root,
            "members": dict(archive.members),
            "missing": dict(archive.missing),
        }
    )
    archive.put("manifest.json", json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False))
    return manifest


def put_reading(archive: Archive, *, title: str, answer: str, root: str) -> None:
    """The README and the checker."""
    missing = "".join(f"\nNot in this pack: file {name}: {why}" for name, why in archive.missing.items())
    text = READ_ME.format(title=title, answer=answer, root=root, key=signing.public_key(), missing=missing)
    archive.put("README.txt", text)
    archive.put("verify.py", verifier())


def verifier() -> str:
    """The program that checks a pack, in one file: the signature's arithmetic is that of the checker of exports."""
    source, program = (Path(str(each.__file__)).read_text() for each in (check_export, check_pack))
    arithmetic = source[source.index("# Ed25519") : source.index("class Findings")]
    before, mark, after = program.partition(check_pack.IMPORTED)
    if not mark:
        raise RuntimeError("the checker of packs does not import what it is to be joined with")
    words, future, asked = before.partition("from __future__ import annotations\n")
    lines = {*asked.splitlines(), *source.partition(arithmetic)[0].splitlines()}
    imports = sorted(each for each in lines if each.startswith(("import ", "from ")) and "__future__" not in each)
    return "\n".join([words.rstrip(), "", future, *imports, "", arithmetic.rstrip(), "", "", after.lstrip()])
