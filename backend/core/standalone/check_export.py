"""Checks an export of Siteward's evidence, or a report of its `verify`, with Python alone. Run it on a machine you trust:

    python3 check_export.py EXPORT.zip [--key KEY] [--head FILE] [--files FOLDER]
    python3 check_export.py REPORT.json [--key KEY]

KEY is the installation's public key, which you need from elsewhere than the export itself (a letter, the trust's own papers).
FILE holds a head of the chain that reached you before: the e-mail as it came, saved as text. FOLDER is the installation's folder
of files (var/files) or a copy. Exit code 0: all that was looked at holds. 1: something does not, or a report tells of faults.
2: it is no such file. Needs Python 3.8 or later, and nothing else.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any, Iterator, TextIO, Tuple  # noqa: UP035  Python 3.8

FORM, REPORT = "siteward-evidence-1", "siteward-verify-1"
NEVER_REMOVED = frozenset("""act annual-return approval approval-step asset-history assumption board-paper budget-change
    budget-entry certificate certificate-item certificate-remedial commitment condition-ending condition-item decision
    defect-note defect-photo document evidence-pack fault-photo file finding floor-plan-picture import-trace journal journal-line
    kept label-run lapse lapse-note library-decision lost-work not-done op reading receipt record record-photo return-answer
    revision risk-score scenario-choice scenario-run scheme-limit site-induction tag-retirement viewing
""".split())  # fmt: skip  # noqa: SIM905  a list of them is longer than the file may be
# Ed25519, as RFC 8032 (section 5.1) tells it: the curve -x² + y² = 1 + d x² y² over the numbers modulo P, points as X, Y, Z, T.
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = Tuple[int, int, int, int]  # noqa: UP006


def added(a: Point, b: Point) -> Point:
    """The sum of two points."""
    left, right = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    both, twice = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = right - left, twice - both, twice + both, right + left
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, point: Point) -> Point:
    """A point added to itself so many times."""
    found: Point = (0, 1, 1, 0)
    for bit in f"{factor:b}":
        found = added(added(found, found), point) if bit == "1" else added(found, found)
    return found


def point_of(data: bytes) -> Point | None:
    """The point that 32 bytes spell; None when they spell none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * ROOT % P if (x * x - square) % P else x
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def verifies(public: str, signature: str, content: bytes) -> bool:
    """Whether the signature was made over the content by the holder of that public key (both base64)."""
    try:
        key, signed = base64.b64decode(public, validate=True), base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    owner, first, s = point_of(key), point_of(signed[:32]), int.from_bytes(signed[32:], "little")
    base = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    if len(key) != 32 or len(signed) != 64 or owner is None or first is None or s >= ORDER or base is None:
        return False
    h = int.from_bytes(hashlib.sha512(signed[:32] + key + content).digest(), "little") % ORDER
    left, right = times(s, base), added(first, times(h, owner))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def is_signed(said: dict[str, Any]) -> bool:
    """Whether a paper bears a good signature by the key that it names."""
    bare = {name: value for name, value in said.items() if name != "signature"}
    spelled = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return verifies(str(said.get("public_key", "")), str(said.get("signature", "")), spelled)


class Findings:
    """What was found: faults, lines that say what was looked at, and what was not."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.faults, self.says = out, 0, ""
        self.unchecked: list[str] = []

    def holds(self, words: str) -> None:
        """Something was looked at and holds."""
        self.out.write(f"  holds  {words}\n")

    def fault(self, words: str) -> None:
        """Something does not hold; of very many the first hundred are told."""
        self.faults += 1
        if self.faults <= 100:
            self.out.write(f"  FAULT  {words}\n")

    def since(self, before: int, words: str) -> None:
        """It holds, if there was no fault since there were `before`."""
        if self.faults == before:
            self.holds(words)


def check_paper(said: dict[str, Any], key: str, found: Findings) -> None:
    """The signature of a manifest or a report, and whose it is."""
    whose = "the key you gave" if key else f"key {said.get('public_key')}, which the file itself names"
    if not is_signed(said):
        found.fault("the signature does not fit: it was changed after it was signed, or was never signed")
    elif key and said["public_key"] != key:
        found.fault(f"it is signed by another key ({said['public_key']}) than the one you gave")
    else:
        found.holds(f"signed at {said['made_at']} by {whose}")


def lines_of(archive: zipfile.ZipFile, name: str) -> Iterator[Any]:
    """Every line of a member, read as JSON."""
    with archive.open(name) as member:
        for line in member:
            yield json.loads(line)


def check_members(archive: zipfile.ZipFile, manifest: dict[str, Any], found: Findings) -> None:
    """Every member of the archive is the one that was signed."""
    before, spare = found.faults, Counter(archive.namelist()) - Counter([*manifest["members"], "manifest.json"])
    for name in spare:
        found.fault(f"{name} was put into the archive: it is not signed, or stands there twice")
    for name, sha256 in manifest["members"].items():
        try:
            with archive.open(name) as member:
                said = hashlib.sha256()
                for piece in iter(lambda: member.read(2**20), b""):
                    said.update(piece)
            if said.hexdigest() != sha256:
                found.fault(f"{name} is not the one that was signed")
        except (KeyError, zipfile.BadZipFile):
            found.fault(f"{name} is missing or damaged")
    found.since(before, f"all {len(manifest['members'])} parts are the ones that were signed")


def check_chain(archive: zipfile.ZipFile, manifest: dict[str, Any], found: Findings) -> dict[int, str]:
    """Walk the chain; number -> hash. Each hash is SHA-256 over the one before and the lines of what the entry says."""
    number, previous = manifest["first"] - 1, manifest["previous"]
    before, hashes = found.faults, {number: previous}
    for entry in lines_of(archive, "entries.jsonl"):
        *said, hash = entry
        if said[0] != number + 1:
            found.fault(f"entries {number + 1} to {said[0] - 1} are missing")
        lines = "".join("\n" if each is None else f"{each}\n" for each in [previous, *said])
        if hashlib.sha256(lines.encode()).hexdigest() != hash:
            found.fault(f"entry {said[0]} was changed, or does not follow from the entry before it")
        number, previous = said[0], hash
        hashes[number] = hash
    if (number, previous) != (manifest["head"]["number"], manifest["head"]["hash"]):
        found.fault("the chain does not end at the head that the manifest names")
    found.since(before, f"{len(hashes) - 1:,} entries of the chain follow from one another, from {manifest['first']} to {number}")
    return hashes


def check_removals(archive: zipfile.ZipFile, found: Findings) -> None:
    """Count the removals that the chain tells of, by table. There is none of what Siteward never removes."""
    removed = [(each[0], each[6]) for each in lines_of(archive, "entries.jsonl") if each[5] == "removed"]
    for number, subject in removed:
        if subject.partition(":")[0] in NEVER_REMOVED:
            found.fault(f"{subject} is gone: a sealed row was removed (entry {number}), which Siteward itself never does")
    tables = sorted(Counter(subject.partition(":")[0] for _, subject in removed).items())
    each = ", ".join(f"{count:,} {table}" for table, count in tables)
    found.out.write(f"         rows removed, as the chain tells: {each or 'none'}\n")


def check_contents(archive: zipfile.ZipFile, manifest: dict[str, Any], found: Findings) -> None:
    """Every content is what the chain's newest entry of it says and, in a whole export, every subject is there."""
    before = found.faults
    rows: dict[str, tuple[int, str]] = {}
    for each in lines_of(archive, "contents.jsonl"):
        hash = hashlib.sha256(each["salt"].encode() + each["content"].encode()).hexdigest()
        rows[each["subject"]] = each["entry"], hash
    newest = {entry[6]: (entry[0], entry[7], entry[5]) for entry in lines_of(archive, "entries.jsonl")}
    for subject, (number, hash) in rows.items():
        if newest.get(subject, ())[:2] != (number, hash):
            found.fault(f"{subject} is not what the chain's newest entry of it says")
    if manifest["whole"]:
        for subject, (number, _, kind) in newest.items():
            if subject not in rows and kind != "removed" and subject.partition(":")[0] not in manifest["withheld"]:
                found.fault(f"{subject} is gone; entry {number} of the chain speaks of it")
    found.since(before, f"{len(rows):,} rows are word for word what the chain says of them")
    if manifest["withheld"]:
        found.out.write(f"         not in this export, on purpose: {', '.join(manifest['withheld'])}\n")


def check_heads(said: list[dict[str, Any]], chain: dict[int, str], whose: str, key: str, found: Findings) -> None:
    """Heads that left the machine earlier are in the chain."""
    before, count, newest = found.faults, 0, max(chain)
    for each in said:
        number, day = int(each.get("number") or 0), str(each.get("published_at"))[:10]
        if not is_signed(each) or (key and each["public_key"] != key):
            found.fault(f"the head of {day} ({whose}) bears no good signature")
        elif number in chain:
            count += 1
            if chain[number] != each["hash"]:
                found.fault(f"the head of {day} ({whose}) was entry {number}, and the chain has another there: it was rewritten")
        elif number > newest:
            found.fault(f"the head of {day} ({whose}) was entry {number}, and the chain ends before: its newest end was cut off")
    if whose == "yours" and not count:
        found.fault("none of your heads could be compared: the file holds none, or only some from before this export begins")
    found.since(before, f"{count} heads ({whose}) are in the chain")


def check_files(archive: zipfile.ZipFile, folder: Path, found: Findings) -> None:
    """Every file of the export is in the folder, flat or as Siteward keeps them, with the bytes that its name says."""
    before, missing = found.faults, []
    names = [line.split()[0] for line in archive.read("files.sha256").decode().splitlines()]
    for name in names:
        places = (base / inner / name for base in (folder, folder / "kept") for inner in ("", f"{name[:2]}/{name[2:4]}"))
        if (path := next((each for each in places if each.is_file()), None)) is None:
            missing.append(name)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != name:
            found.fault(f"file {name} holds other bytes than when it was received")
    if missing:
        found.fault(f"{len(missing):,} of {len(names):,} files are not in {folder}, such as {', '.join(missing[:3])}")
    found.since(before, f"all {len(names):,} files have the bytes that they were received with")


def check_export(path: Path, given: argparse.Namespace, found: Findings) -> None:
    """All of an export."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        if manifest.get("form") != FORM:
            raise ValueError("its manifest is of another form")
        found.out.write(f"Evidence of {manifest['trust']}: {manifest['scope']}\n")
        check_paper(manifest, given.key, found)
        check_members(archive, manifest, found)
        chain = check_chain(archive, manifest, found)
        check_removals(archive, found)
        check_contents(archive, manifest, found)
        check_heads(list(lines_of(archive, "heads.jsonl")), chain, "in the export", given.key, found)
        if given.head:
            lines = given.head.read_text(errors="replace").splitlines()
            said = [json.loads(line) for line in lines if line.lstrip().startswith("{")]
            check_heads(said, chain, "yours", given.key, found)
        if given.files:
            check_files(archive, given.files, found)
        found.unchecked += [] if given.head else ["heads that reached you before (no --head was given)"]
        found.unchecked += [] if given.files else ["photos and documents (no --files was given)"]


def check_report(path: Path, given: argparse.Namespace, found: Findings) -> None:
    """A report of `verify`: who signed it, and what it says. The faults of which it tells are faults here."""
    if (said := json.loads(path.read_text(encoding="utf-8"))).get("form") != REPORT:
        raise ValueError("it is of another form")
    check_paper(said, given.key, found)
    told, before = [f"{each['key']}: {fault}" for each in said["invariants"] for fault in each["faults"]], found.faults
    wrong = said["fault_count"] or said["ok"] is not True or not all(each["ok"] for each in said["invariants"])
    for fault in told or (["faults, and not which"] if wrong else []):
        found.fault(f"the report tells of {fault}")
    found.since(before, f"it says that {len(said['invariants'])} invariants were looked at, and nothing was found wrong")
    found.says = " It shows what was found on that machine then: nothing of what came after, and nothing that was not looked at."


def why_not(path: Path, wrong: Exception) -> str:
    """Why a file cannot be checked, in plain words; Python's own follow in brackets."""
    start = path.open("rb").read(2) if path.is_file() else b""
    words = f"it is {'cut short, damaged or ' if start[:1] == b'{' else ''}no export of Siteward and no report of its verify"
    if start == b"PK":
        words = "it is damaged, or no export of Siteward" if zipfile.is_zipfile(path) else "it is cut short: its end is missing"
    words = "a file cannot be opened" if isinstance(wrong, OSError) else words
    return f"{words} [{type(wrong).__name__}: {wrong}]"


def main(arguments: list[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Check a file and say so. Answers the exit code."""
    parser = argparse.ArgumentParser(description="Checks an export of Siteward's evidence, or a report of its verify.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", default="", help="the installation's public key, as you have it from elsewhere")
    parser.add_argument("--head", type=Path, help="a head that reached you before: the e-mail, saved as text")
    parser.add_argument("--files", type=Path, help="a folder of photos and documents, named by their SHA-256")
    given, found = parser.parse_args(arguments), Findings(out)
    try:
        (check_export if zipfile.is_zipfile(given.file) else check_report)(given.file, given, found)
    except Exception as wrong:  # a damaged file makes the standard library raise nearly anything
        out.write(f"{given.file} cannot be checked: {why_not(given.file, wrong)}\n")
        return 2
    if found.faults:
        out.write(f"{found.faults} {'fault' if found.faults == 1 else 'faults'} found.\n")
        return 1
    shows = (found.says or " It shows that nothing was changed since; not that what was entered was true.") if given.key else ""
    unchecked = ([] if given.key else ["who signed it (no --key was given)"]) + found.unchecked
    out.write(f"All that was looked at holds.{shows}{' Not checked: ' if unchecked else ''}{'; '.join(unchecked)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
