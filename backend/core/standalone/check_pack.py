"""Checks an evidence pack of Siteward with Python alone, without a network:

    python3 verify.py                  in the folder that the ZIP was unpacked to
    python3 verify.py PACK.zip         the ZIP itself
    options: --key KEY                 the installation's public key, as you have it from elsewhere than the pack
             --root HASH               the hash over all rows, as the printed PDF has it
             --chain EXPORT.zip        the trust's whole chain (manage.py evidence export): the rows' entries must stand in it

Exit code 0: all that was looked at holds. 1: something does not. 2: it is no pack of Siteward. Needs Python 3.8 or later, and
nothing else.
"""

import argparse
import csv
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, Iterator, TextIO  # noqa: UP035  Python 3.8

from backend.core.standalone.check_export import is_signed

FORM = "siteward-pack-1"
IMPORTED = "from backend.core.standalone.check_export import is_signed\n"
TABLES = {
    "records": "record", "plans": "plan", "lapses": "lapse", "attempts": "not-done", "defects": "defect",
    "certificates": "certificate", "documents": "document",
}  # fmt: skip
FOLDERS = {"photos", "certificates", "documents"}
MOST = 100


class Findings:
    """What was found: faults, and lines that say what was looked at."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.faults = out, 0
        self.said: set[str] = set()

    def fault(self, words: str) -> None:
        """Something does not hold; said once; of very many the first hundred are told."""
        if words in self.said:
            return
        self.said.add(words)
        self.faults += 1
        if self.faults <= MOST:
            self.out.write(f"  FAULT  {words}\n")

    def since(self, before: int, words: str) -> None:
        """It holds, if there was no fault since there were `before`."""
        if self.faults == before:
            self.out.write(f"  holds  {words}\n")


class Pack:
    """The files of a pack: in a folder, or in the ZIP. What cannot be read is None."""

    def __init__(self, path: Path) -> None:
        self.zip = None if path.is_dir() else zipfile.ZipFile(path)
        self.folder = path

    def names(self) -> list[str]:
        """Every file there is, also one that stands there twice."""
        if self.zip:
            return [each for each in self.zip.namelist() if not each.endswith("/")]
        found = (each for each in self.folder.rglob("*") if each.is_file() and "__pycache__" not in each.parts)
        return [each.relative_to(self.folder).as_posix() for each in found]

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None when it is missing or damaged."""
        try:
            if self.zip:
                return self.zip.read(name)
            path = self.folder / name
            return path.read_bytes() if path.is_file() else None
        except Exception:  # a damaged ZIP makes the standard library raise nearly anything
            return None

    def lines(self, name: str, found: Findings) -> Iterator[Any]:
        """Each line of a file, read as JSON; the brackets and commas of a list are passed over."""
        for number, line in enumerate((self.read(name) or b"").decode(errors="replace").splitlines(), 1):
            text = line.strip().rstrip(",")
            if text not in {"", "[", "]"}:
                try:
                    yield json.loads(text)
                except ValueError:
                    found.fault(f"{name}, line {number}, was changed: it is not readable any more")


def check_signature(manifest: dict[str, Any], key: str, found: Findings) -> None:
    """Who signed the manifest, and that it was not changed since."""
    before = found.faults
    if not is_signed(manifest):
        found.fault("manifest.json was changed after it was signed, or was never signed")
    elif key and manifest["public_key"] != key:
        found.fault(f"the pack is signed by another key ({manifest['public_key']}) than the one you gave")
    whose = "the key you gave" if key else f"key {manifest.get('public_key')}, which the pack itself names"
    found.since(before, f"the manifest is signed at {manifest.get('made_at')} by {whose}")


def owners(pack: Pack, found: Findings) -> dict[str, str]:
    """The hash of a file -> what it belongs to, in words."""
    whose: dict[str, str] = {}
    for row in pack.lines("proof/contents.jsonl", found):
        try:
            content = json.loads(row["content"])
        except (ValueError, KeyError, TypeError):
            continue
        if "sha256" in content and not str(row["subject"]).startswith("file:"):
            of = content.get("record_id") or content.get("defect_id")
            kind = "record" if content.get("record_id") else "problem"
            whose[content["sha256"]] = f"of {kind} {of}" if of else f"of {row['subject']}"
    return whose


def check_members(pack: Pack, manifest: dict[str, Any], found: Findings) -> None:
    """Every file is there with the bytes that were sealed, photos under the name of their own bytes, and none besides."""
    before, names, whose = found.faults, pack.names(), owners(pack, found)
    for name in sorted(set(names) - set(manifest["members"]) - {"manifest.json"}):
        found.fault(f"{name} was put into the pack: it was not there when it was sealed")
    for name in sorted({each for each in names if names.count(each) > 1} if len(names) != len(set(names)) else ()):
        found.fault(f"{name} stands in the pack twice")
    for name, sha256 in manifest["members"].items():
        folder, _, file = name.partition("/")
        about = f" ({whose.get(file.partition('.')[0], 'no row names it')})" if folder in FOLDERS else ""
        content = pack.read(name)
        if content is None:
            found.fault(f"{name}{about} is missing or damaged")
        elif (now := hashlib.sha256(content).hexdigest()) != sha256:
            what = "was swapped or changed" if folder in FOLDERS else "was changed"
            found.fault(f"{name}{about} {what}: its bytes are not those that were sealed")
        elif folder in FOLDERS and file.partition(".")[0] != now:
            found.fault(f"{name}{about} was swapped: its bytes are those of {now}")
    found.since(before, f"all {len(manifest['members']):,} files are the ones that were sealed")


def check_entries(pack: Pack, manifest: dict[str, Any], found: Findings) -> dict[str, list[Any]]:
    """Every entry's hash follows from what it says and the entry before. Subject -> number, hash, hash of the content."""
    before = found.faults
    seen: dict[str, list[Any]] = {}
    hashes: dict[int, str] = {}
    for entry in pack.lines("proof/entries.jsonl", found):
        previous, *said, hash = entry
        number, subject = said[0], said[6]
        lines = "".join("\n" if each is None else f"{each}\n" for each in [previous, *said])
        if hashlib.sha256(lines.encode()).hexdigest() != hash:
            found.fault(f"entry {number} of the chain, of {subject}, was changed")
        if hashes.get(number - 1, previous) != previous:
            found.fault(f"entry {number} of the chain, of {subject}, does not follow from entry {number - 1}")
        hashes[number] = hash
        seen[subject] = [number, hash, said[7]]
    for subject, expected in manifest["rows"].items():
        if subject not in seen:
            found.fault(f"{subject}: its entry of the chain is missing")
        elif seen[subject] != expected:
            found.fault(f"{subject}: its entry of the chain is not the one that was sealed")
    for subject in seen.keys() - manifest["rows"].keys():
        found.fault(f"{subject} was put into the pack, or taken out of the manifest")
    if hashes and max(hashes) > manifest["head"]["number"]:
        found.fault("the pack holds entries that are newer than the chain's head it names")
    found.since(
        before, f"{len(seen):,} entries of the chain are whole, none newer than its head, entry {manifest['head']['number']}"
    )
    return seen


def check_rows(pack: Pack, manifest: dict[str, Any], entries: dict[str, list[Any]], found: Findings) -> dict[str, Any]:
    """Every row's content is word for word what its entry covers; none is missing. Subject -> content."""
    before = found.faults
    contents: dict[str, Any] = {}
    for row in pack.lines("proof/contents.jsonl", found):
        subject, text = row["subject"], row["content"]
        hash = hashlib.sha256(row["salt"].encode() + text.encode()).hexdigest()
        for expected in (entries.get(subject), manifest["rows"].get(subject)):
            if expected is None or expected[2] != hash:
                found.fault(f"{subject} was changed: it is not what the chain's entry says")
        contents[subject] = json.loads(text)
    for subject in manifest["rows"].keys() - contents.keys():
        found.fault(f"{subject} is missing: the pack was sealed with it")
    said = hashlib.sha256()
    for subject in sorted(manifest["rows"]):
        said.update(" ".join([subject, *map(str, manifest["rows"][subject])]).encode() + b"\n")
    if said.hexdigest() != manifest["rows_root"]:
        found.fault("the hash over all rows is not that of the manifest's list of rows")
    found.since(before, f"{len(contents):,} rows are word for word what the chain says; over all: {manifest['rows_root']}")
    return contents


def check_tables(pack: Pack, contents: dict[str, Any], found: Findings) -> None:
    """What is told in data/ is what was entered, row by row, with none left out."""
    before, count = found.faults, 0
    for table, kind in TABLES.items():
        wanted = {subject for subject in contents if subject.partition(":")[0] == kind}
        told = set()
        for row in pack.lines(f"data/{table}.json", found):
            told.add(row["subject"])
            count += 1
            if row["entered"] != contents.get(row["subject"]):
                found.fault(f"{row['subject']} in data/{table}.json was changed: it is not what the chain's entry says")
        text = (pack.read(f"data/{table}.csv") or b"").decode("utf-8-sig", errors="replace")
        printed = {line[-1] for line in csv.reader(io.StringIO(text)) if line} - {"Row"}
        for name, there in ((f"data/{table}.json", told), (f"data/{table}.csv", printed)):
            for subject in sorted(wanted - there):
                found.fault(f"{subject} is missing from {name}")
            for subject in sorted(there - wanted):
                found.fault(f"{subject} in {name} is no row of the pack")
    found.since(before, f"the tables tell {count:,} rows as they were entered")


def check_chain(path: Path, entries: dict[str, list[Any]], found: Findings) -> None:
    """The rows' entries stand in the trust's whole chain."""
    before = found.faults
    with zipfile.ZipFile(path) as archive, archive.open("entries.jsonl") as lines:
        chain = {entry[0]: entry[-1] for entry in map(json.loads, lines)}
    for subject, (number, hash, _) in entries.items():
        if chain.get(number) != hash:
            found.fault(f"{subject}: entry {number} stands otherwise in the chain you gave")
    found.since(before, f"all {len(entries):,} entries stand in the chain you gave")


def check(pack: Pack, given: argparse.Namespace, found: Findings) -> None:
    """All of a pack."""
    manifest = json.loads(pack.read("manifest.json") or b"{}")
    if manifest.get("form") != FORM:
        raise ValueError("it has no manifest of a pack that can be read")
    found.out.write(f"{manifest['title']}\n")
    check_signature(manifest, given.key, found)
    check_members(pack, manifest, found)
    entries = check_entries(pack, manifest, found)
    contents = check_rows(pack, manifest, entries, found)
    check_tables(pack, contents, found)
    if given.root and given.root != manifest["rows_root"]:
        found.fault(f"the hash over all rows is {manifest['rows_root']}, and not the one you gave")
    if given.chain:
        check_chain(given.chain, entries, found)
    for name, why in manifest["missing"].items():
        found.out.write(f"         not in the pack: file {name}: {why}\n")


def main(arguments: list[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Check a pack and say so. Answers the exit code."""
    parser = argparse.ArgumentParser(description="Checks an evidence pack of Siteward.")
    parser.add_argument("pack", type=Path, nargs="?", default=Path(__file__).resolve().parent)
    parser.add_argument("--key", default="", help="the installation's public key, as you have it from elsewhere")
    parser.add_argument("--root", default="", help="the hash over all rows, as the printed PDF has it")
    parser.add_argument("--chain", type=Path, help="an export of the trust's whole chain")
    given, found = parser.parse_args(arguments), Findings(out)
    try:
        check(Pack(given.pack), given, found)
    except Exception as wrong:  # whatever a damaged pack makes the standard library raise
        out.write(f"{given.pack} cannot be checked, so do not rely on it: {type(wrong).__name__}: {wrong}\n")
        return 1 if found.faults else 2
    if found.faults:
        out.write(f"{found.faults} {'fault' if found.faults == 1 else 'faults'} found. Do not rely on this pack.\n")
        return 1
    whose = "" if given.key else " Who signed it was not checked: no --key was given."
    out.write(f"All of it holds: nothing was changed since it was sealed.{whose}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
