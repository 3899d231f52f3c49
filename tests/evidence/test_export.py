"""An export is checked on another machine, with Python alone, and shows whatever was changed in it."""

import base64
import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.utils import timezone

from backend.assets.actions import ensure_place_tags
from backend.core import audit, heads, signing
from backend.core.evidence import all_evidence
from backend.core.models import Act
from backend.core.personal import all_personal
from backend.core.standalone import check_export
from tests.checks.work import work
from tests.evidence.entering import enter_missing

CHECKER = Path(check_export.__file__)


@pytest.fixture
def known(world, settings, tmp_path):
    """A small world with a record, in the chain, its head published."""
    from backend.checks.actions import record_check
    from backend.core.days import today

    settings.HEADS_FILE = str(tmp_path / "heads.jsonl")
    record_check(work(world.plan(), world.caretaker, today(), {"interfaces": "fail"}))
    enter_missing()
    heads.publish(timezone.now())
    return world


def exported(path: Path, *options: str) -> Path:
    """An export."""
    call_command("evidence", "export", str(path), *options, stdout=io.StringIO())
    return path


def checked(path: Path, *options: str) -> tuple[int, str]:
    """What the checker says of a file, called as a function."""
    out = io.StringIO()
    return check_export.main([str(path), *options], out), out.getvalue()


def changed(path: Path, name: str, change) -> Path:
    """A copy of the archive with one member changed."""
    other = path.with_name(f"other-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for each in old.namelist():
            data = old.read(each)
            new.writestr(each, change(data) if each == name else data)
    return other


def with_another_signature(path: Path, name: str, change) -> Path:
    """The same by somebody who makes the manifest fit, and signs it with a key of their own."""
    other = changed(path, name, change)
    with zipfile.ZipFile(other) as archive:
        data, manifest = archive.read(name), json.loads(archive.read("manifest.json"))
    manifest["members"][name] = hashlib.sha256(data).hexdigest()
    key = Ed25519PrivateKey.generate()
    manifest["public_key"] = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    manifest["signature"] = base64.b64encode(key.sign(signing.spelled(manifest))).decode()
    return changed(other, "manifest.json", lambda _data: json.dumps(manifest).encode())


def test_it_holds_on_another_machine_with_python_alone(known, tmp_path, settings):
    path = exported(tmp_path / "out.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extract("check_export.py", tmp_path / "elsewhere")
    command = [sys.executable, "-I", "-S", str(tmp_path / "elsewhere" / "check_export.py"), str(path)]
    command += ["--key", signing.public_key(), "--head", settings.HEADS_FILE]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rows are word for word" in done.stdout and "1 heads (yours) are in the chain" in done.stdout


def test_handing_it_out_enters_the_chain(known, tmp_path):
    exported(tmp_path / "out.zip")
    assert Act.objects.filter(kind="evidence-exported").count() == 1


def test_without_people_it_holds_no_name_and_no_address(known, tmp_path):
    def text(path: Path) -> str:
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(name).decode() for name in archive.namelist())

    name, email = known.caretaker.name, known.caretaker.email
    assert name not in text(exported(tmp_path / "without.zip")) and email not in text(tmp_path / "without.zip")
    assert name in text(exported(tmp_path / "with.zip", "--people")) and email in text(tmp_path / "with.zip")
    assert checked(tmp_path / "with.zip")[0] == 0


def test_one_schools_export_holds_the_labels_of_its_rooms_and_buildings_too(known, tmp_path):
    theirs = []
    for site in (known.oakfield, known.riverside):
        house = site.buildings.get()
        made = ensure_place_tags([house, house.spaces.get(name="Hall")], person=known.lead)
        theirs.append({f"tag:{tag.pk}" for tag in made.values()})
    with zipfile.ZipFile(exported(tmp_path / "one.zip", "--school", "900002")) as archive:
        subjects = {json.loads(line)["subject"] for line in archive.read("contents.jsonl").splitlines()}
    assert theirs[1] <= subjects
    assert not theirs[0] & subjects
    assert checked(tmp_path / "one.zip")[0] == 0


def test_one_schools_export_holds_its_rows_only_and_is_checked_all_the_same(known, tmp_path):
    with zipfile.ZipFile(exported(tmp_path / "one.zip", "--school", "900002")) as archive:
        subjects = [json.loads(line)["subject"] for line in archive.read("contents.jsonl").splitlines()]
    assert f"site:{known.riverside.pk}" in subjects
    assert f"site:{known.oakfield.pk}" not in subjects and not [each for each in subjects if each.startswith("record:")]
    assert checked(tmp_path / "one.zip")[0] == 0
    with pytest.raises(CommandError, match="No school has the URN"):
        exported(tmp_path / "none.zip", "--school", "1")


def test_an_export_since_a_day_begins_in_the_middle_of_the_chain(known, tmp_path):
    assert checked(exported(tmp_path / "later.zip", "--since", "2099-01-01"))[0] == 0
    assert checked(exported(tmp_path / "earlier.zip", "--since", "2020-01-01"))[0] == 0


PARTS = ["entries.jsonl", "contents.jsonl", "heads.jsonl", "files.sha256", "manifest.json", "README.txt"]


@pytest.mark.parametrize("member", PARTS)
def test_any_change_to_any_part_shows(known, tmp_path, member):
    path = exported(tmp_path / "out.zip")
    throw = random.Random(member)

    def flip(data: bytes) -> bytes:
        at = throw.randrange(len(data)) if data else 0
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] if data else b"x"

    for _ in range(8):
        assert checked(changed(path, member, flip))[0] != 0


@pytest.mark.parametrize(
    ("member", "change", "words"),
    [
        ("contents.jsonl", lambda data: data.replace(b"unsatisfactory", b"satisfactory"), "is not what the chain's newest entry"),
        ("contents.jsonl", lambda data: b"".join(line for line in data.splitlines(True) if b'"record:' not in line), "is gone"),
        ("entries.jsonl", lambda data: data.replace(b'"record"', b'"recoil"'), "was changed"),
        ("entries.jsonl", lambda data: b"".join(data.splitlines(True)[:-9]), "does not end at the head"),
        ("entries.jsonl", lambda data: b"".join(data.splitlines(True)[:5] + data.splitlines(True)[6:]), "are missing"),
    ],
)
def test_a_change_shows_even_when_it_is_signed_anew(known, tmp_path, member, change, words):
    path = with_another_signature(exported(tmp_path / "out.zip"), member, change)
    code, said = checked(path)
    assert code == 1 and words in said
    assert "signed by another key" in checked(path, "--key", signing.public_key())[1]


def test_a_head_from_before_shows_that_the_end_was_cut_off(known, tmp_path, settings):
    said = json.loads(Path(settings.HEADS_FILE).read_text())
    later = signing.signed({**{k: said[k] for k in ("hash", "at", "published_at")}, "number": 10**6})
    (tmp_path / "later.txt").write_text(json.dumps(later))
    code, words = checked(exported(tmp_path / "out.zip"), "--head", str(tmp_path / "later.txt"))
    assert code == 1 and "its newest end was cut off" in words


def test_files_in_a_folder_are_compared(known, tmp_path):
    from backend.core.files import keep

    name = keep(b"%PDF-1.4 another report of a test", "application/pdf").pk
    path = exported(tmp_path / "out.zip")
    (tmp_path / name).write_bytes(b"%PDF-1.4 another report of a test")
    assert checked(path, "--files", str(tmp_path))[0] == 0
    (tmp_path / name).write_bytes(b"%PDF-1.4 something else")
    assert "holds other bytes" in checked(path, "--files", str(tmp_path))[1]


@pytest.mark.parametrize("inner", ["", "kept"])
def test_files_are_found_as_the_installation_keeps_them(known, tmp_path, inner):
    from backend.core.files import keep, path_of

    name = keep(b"%PDF-1.4 another report of a test", "application/pdf").pk
    place = tmp_path / "files" / path_of(name)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"%PDF-1.4 another report of a test")
    code, said = checked(exported(tmp_path / "out.zip"), "--files", str(tmp_path / "files" / inner))
    assert code == 0 and "all 1 files have the bytes" in said


def test_a_folder_without_the_files_does_not_hold(known, tmp_path):
    from backend.core.files import keep

    names = [keep(f"%PDF-1.4 report {number}".encode(), "application/pdf").pk for number in range(5)]
    code, said = checked(exported(tmp_path / "out.zip"), "--files", str(tmp_path))
    assert code == 1 and "5 of 5 files are not in" in said and any(name in said for name in names)
    assert "holds  all" not in said.splitlines()[-2]


def test_what_was_not_looked_at_stands_in_the_last_line(known, tmp_path, settings):
    path = exported(tmp_path / "out.zip")
    last = checked(path)[1].splitlines()[-1]
    assert "Not checked: who signed it (no --key was given)" in last and "nothing was changed" not in last
    assert "--head" in last and "--files" in last
    last = checked(path, "--key", signing.public_key(), "--head", settings.HEADS_FILE)[1].splitlines()[-1]
    assert "nothing was changed since" in last and "who signed it" not in last and "--head" not in last


def test_a_letter_without_a_head_is_not_taken_for_one(known, tmp_path):
    (tmp_path / "letter.txt").write_bytes("Dear colleague, nothing here. £".encode("latin-1"))
    code, said = checked(exported(tmp_path / "out.zip"), "--head", str(tmp_path / "letter.txt"))
    assert code == 1 and "none of your heads could be compared" in said


def test_what_was_put_into_the_archive_shows(known, tmp_path):
    path = exported(tmp_path / "out.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("letter.txt", "Everything is fine.")
    code, said = checked(path, "--key", signing.public_key())
    assert code == 1 and "letter.txt was put into the archive" in said


def test_removals_are_counted_and_that_of_a_sealed_row_is_a_fault(known, tmp_path):
    assert "as the chain tells: none" in checked(exported(tmp_path / "before.zip"))[1]
    audit.append([audit.Fact(audit.REMOVED, "token:1", {"removed": "token:1"}, None, "Expiry")])
    code, said = checked(exported(tmp_path / "token.zip"))
    assert code == 0 and "as the chain tells: 1 token" in said
    audit.append([audit.Fact(audit.REMOVED, "record:1", {"removed": "record:1"}, None, "Somebody")])
    code, said = checked(exported(tmp_path / "record.zip"))
    assert code == 1 and "record:1 is gone: a sealed row was removed" in said and "1 record, 1 token" in said


def test_the_checker_knows_every_table_that_is_only_added_to():
    sealed = {each.subject for each in all_evidence() if each.sealed}
    assert {each.subject for each in all_evidence()} >= check_export.NEVER_REMOVED >= sealed | {"op", "kept"}
    assert {each.model for each in all_personal() if each.delete}.isdisjoint(
        each.model for each in all_evidence() if each.subject in check_export.NEVER_REMOVED
    )


def test_a_part_of_an_export_is_said_to_be_cut_short(known, tmp_path):
    whole = exported(tmp_path / "out.zip").read_bytes()
    for part in (whole[: len(whole) // 2], whole[:-30]):
        (tmp_path / "part.zip").write_bytes(part)
        code, said = checked(tmp_path / "part.zip")
        assert code == 2 and said.split("cannot be checked: ")[1].startswith("it is cut short: its end is missing [")
    assert "a file cannot be opened" in checked(tmp_path / "nowhere.zip")[1]


def test_a_report_of_verify_is_checked_by_the_same_program(known, tmp_path):
    call_command("verify", "--report", str(tmp_path / "report.json"), stdout=io.StringIO())
    assert checked(tmp_path / "report.json", "--key", signing.public_key())[0] == 0
    report = json.loads((tmp_path / "report.json").read_text())
    (tmp_path / "report.json").write_text(json.dumps({**report, "fault_count": 7}))
    assert checked(tmp_path / "report.json")[0] == 1


@pytest.mark.parametrize("content", [b"", b"nothing", b"{}", b"[]", b"PK\x05\x06" + b"\x00" * 18])
def test_something_else_gets_a_plain_answer(tmp_path, content):
    (tmp_path / "other").write_bytes(content)
    code, said = checked(tmp_path / "other")
    words, _, pythons = said.split("cannot be checked: ")[1].partition(" [")
    assert code == 2 and words.startswith("it is ") and "codec" not in words and pythons


def test_its_ed25519_agrees_with_a_library_that_everybody_uses():
    throw = random.Random(8032)
    for length in (0, 1, 31, 64, 200):
        key, content = Ed25519PrivateKey.generate(), throw.randbytes(length)
        public, signature = key.public_key().public_bytes_raw(), key.sign(content)

        def spelled(data: bytes) -> str:
            return base64.b64encode(data).decode()

        assert check_export.verifies(spelled(public), spelled(signature), content)
        assert not check_export.verifies(spelled(public), spelled(signature), content + b"x")
        for _ in range(6):
            at, bit = throw.randrange(64), 1 << throw.randrange(8)
            broken = signature[:at] + bytes([signature[at] ^ bit]) + signature[at + 1 :]
            assert not check_export.verifies(spelled(public), spelled(broken), content)
            assert not signing.verifies(spelled(public), spelled(broken), content)
    order = check_export.ORDER
    too_large = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert not check_export.verifies(spelled(public), spelled(too_large), content)  # the same point, spelled in a second way
    assert not check_export.verifies("", "", b"") and not check_export.verifies("!", "?", b"")
