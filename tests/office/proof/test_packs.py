"""An evidence pack holds what the database holds, and its checker finds whatever was changed in it, and names it."""

import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from backend.checks.actions.packs import ask_pack, open_pack
from backend.checks.models import CheckRecord, EvidencePack, PackRequest
from backend.checks.queries.compliance import standing_lapses
from backend.core import audit, signing
from backend.core.models import AuditEntry
from backend.core.problems import NotFound, Problem
from backend.office.proof.making import make_pack
from tests.office.proof.conftest import picture, wanted


def run(folder, *more) -> tuple[int, str]:
    """What verify.py says, as an inspector runs it: another Python, in the folder, with nothing of ours."""
    command = [sys.executable, "-I", "verify.py", *more]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stdout + ended.stderr


def text_of(folder) -> str:
    """The PDF's text, read back."""
    pages = PdfReader(folder / "evidence-pack.pdf").pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def edit(path, change) -> None:
    """Change a JSON file."""
    said = json.loads(path.read_text())
    change(said)
    path.write_text(json.dumps(said, ensure_ascii=False))


def test_a_pack_as_it_was_made_holds(unpacked):
    code, said = run(unpacked)
    assert code == 0, said
    assert "All of it holds" in said
    code, said = run(unpacked, "--key", signing.public_key())
    assert code == 0
    assert "signed" in said


def test_one_flipped_byte_is_found_and_its_file_named(unpacked):
    path = unpacked / "data" / "records.csv"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    code, said = run(unpacked)
    assert code == 1
    assert "data/records.csv was changed" in said


def test_a_flipped_byte_in_the_zip_itself_is_found(pack, tmp_path):
    with open_pack(pack) as file:
        content = bytearray(file.read())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        at = archive.getinfo("data/records.json").header_offset + 200
    content[at] ^= 1
    (tmp_path / "pack.zip").write_bytes(bytes(content))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
    code, said = run(tmp_path, "pack.zip")
    assert code == 1
    assert "data/records.json is missing or damaged" in said


@pytest.mark.parametrize("where", ["proof/contents.jsonl", "data/records.json", "data/records.csv", "proof/entries.jsonl"])
def test_one_missing_record_is_found_and_named(unpacked, where):
    gone = str(CheckRecord.objects.filter(site__name="Oakfield site").order_by("done_at").values_list("pk", flat=True)[1])
    path = unpacked / where
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(each for each in lines if gone not in each))
    code, said = run(unpacked)
    assert code == 1
    assert f"record:{gone}" in said


def test_a_swapped_photo_is_found_with_the_record_it_belongs_to(unpacked):
    [photo] = (unpacked / "photos").iterdir()
    photo.write_bytes(picture("blue"))
    record = CheckRecord.objects.get(photos__isnull=False)
    code, said = run(unpacked)
    assert code == 1
    assert f"photos/{photo.name} (of record {record.pk}) was swapped or changed" in said


def test_every_file_is_named_in_words_and_the_name_leads_to_it(unpacked):
    page = (unpacked / "files.html").read_text()
    record = CheckRecord.objects.get(photos__isnull=False)
    files = [each for folder in ("photos", "certificates", "documents") for each in (unpacked / folder).glob("*")]
    assert files
    for each in files:
        assert f'href="{each.parent.name}/{each.name}"' in page
    assert str(record.check_type) in page


def test_a_record_altered_together_with_the_manifest_is_found(unpacked):
    record = CheckRecord.objects.filter(site__name="Oakfield site").order_by("done_at").first()
    assert record
    subject, path = f"record:{record.pk}", unpacked / "proof" / "contents.jsonl"
    lines = [json.loads(each) for each in path.read_text().splitlines()]
    for each in lines:
        if each["subject"] == subject:
            each["content"] = each["content"].replace('"satisfactory"', '"unsatisfactory"')
            forged = sha256((each["salt"] + each["content"]).encode()).hexdigest()
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines))
    data = unpacked / "data" / "records.json"
    data.write_text(data.read_text().replace('"outcome": "satisfactory"', '"outcome": "unsatisfactory"', 1))

    def forge(manifest):
        manifest["rows"][subject][2] = forged
        for name in ("proof/contents.jsonl", "data/records.json"):
            manifest["members"][name] = sha256((unpacked / name).read_bytes()).hexdigest()

    edit(unpacked / "manifest.json", forge)
    code, said = run(unpacked)
    assert code == 1
    assert "manifest.json was changed after it was signed" in said
    assert subject in said


def test_a_pack_signed_anew_by_another_is_found_by_the_key_and_by_the_hash_on_paper(unpacked, tmp_path_factory, settings, pack):
    key = signing.public_key()
    edit(unpacked / "manifest.json", lambda said: said["rows"].pop(next(iter(said["rows"]))))
    settings.SIGNING_KEY_FILE = tmp_path_factory.mktemp("keys") / "another.pem"
    signing.make_key(settings.SIGNING_KEY_FILE)
    edit(unpacked / "manifest.json", lambda said: said.update(signing.signed(said)))
    code, said = run(unpacked, "--key", key, "--root", pack.rows_root)
    assert code == 1
    assert "signed by another key" in said


def test_a_file_put_into_the_pack_is_found(unpacked):
    (unpacked / "certificates").mkdir(exist_ok=True)
    (unpacked / "certificates" / "nice.pdf").write_bytes(b"%PDF-")
    code, said = run(unpacked)
    assert code == 1
    assert "certificates/nice.pdf was put into the pack" in said


def test_the_rows_stand_in_the_trusts_whole_chain(unpacked, tmp_path_factory, world):
    whole = tmp_path_factory.mktemp("chain") / "chain.zip"
    call_command("evidence", "export", str(whole), stdout=io.StringIO())
    code, said = run(unpacked, "--chain", str(whole))
    assert code == 0, said
    assert "stand in the chain you gave" in said


def test_the_pdf_says_what_the_database_says(unpacked, pack, world, worked):
    text = text_of(unpacked)
    records = CheckRecord.objects.filter(site=world.oakfield)
    lapses = standing_lapses().filter(plan__site=world.oakfield)
    assert pack.counts["records"] == records.count() == 3
    assert pack.counts["lapses"] == lapses.count() > 0
    assert f"{records.count()} recorded, {lapses.count()} missed" in text
    for record in records:
        assert str(record.pk).replace("-", "")[-8:].upper() in text
        assert record.author_name in text
    assert "Regulatory Reform (Fire Safety) Order 2005" in text
    assert "Tag scanned" in text
    assert pack.rows_root in text.replace(" ", "")
    assert pack.head_hash in text.replace(" ", "")
    assert "Not done since" in text or "Next done" in text


def test_the_pdfs_index_names_the_pages_on_which_its_parts_stand(unpacked):
    reader = PdfReader(unpacked / "evidence-pack.pdf")
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    outline = [each for each in reader.outline if not isinstance(each, list)]
    fire = next(each for each in outline if each.title == "Fire safety")
    at = reader.get_destination_page_number(fire)
    assert at is not None
    assert "checks in date" in pages[at]
    index = next(page for page in pages if "What is in this pack" in page)
    assert f"Fire safety {at + 1}" in index
    assert all(f"page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))


def test_a_pack_holds_rows_of_the_chosen_site_alone(unpacked, world):
    for path in unpacked.rglob("*"):
        if path.is_file() and path.suffix in {".json", ".jsonl", ".csv", ".txt"}:
            said = path.read_text()
            assert "Riverside" not in said, path
            assert str(world.riverside.pk) not in said, path
    assert "Riverside" not in text_of(unpacked)


def test_a_pack_without_photos_holds_none(world, worked, tmp_path):
    asked = ask_pack(wanted(world, photos=False), person=world.lead)
    make_pack(str(asked.pk))
    with open_pack(EvidencePack.objects.get(pk=asked.pk)) as file, zipfile.ZipFile(file) as archive:
        assert not [each for each in archive.namelist() if each.startswith("photos/")]


def test_what_was_sealed_is_in_the_chain_with_the_head_of_that_moment(pack):
    entry = AuditEntry.objects.get(subject=f"evidence-pack:{pack.pk}")
    assert entry.number > pack.head_number
    assert AuditEntry.objects.get(number=pack.head_number).hash == pack.head_hash
    with open_pack(pack) as file:
        assert sha256(file.read()).hexdigest() == pack.sha256


def test_a_job_that_runs_twice_makes_one_pack(pack):
    head = audit.head()
    assert make_pack(str(pack.pk)) == "nothing to do"
    assert audit.head() == head
    assert EvidencePack.objects.count() == 1


def test_made_again_it_is_the_next_version_and_says_why(world, pack):
    lead = world.lead
    asked = ask_pack(wanted(world, again=pack, reason="A late report came"), person=lead)
    make_pack(str(asked.pk))
    newer = EvidencePack.objects.get(pk=asked.pk)
    assert (newer.version, newer.supersedes, newer.reason) == (2, pack, "A late report came")
    with pytest.raises(Problem, match="newer version"):
        ask_pack(wanted(world, again=EvidencePack.objects.get(pk=pack.pk), reason="Again"), person=lead)
    with pytest.raises(Problem, match="why"):
        ask_pack(wanted(world, again=newer), person=lead)


def test_a_person_without_the_permit_gets_nothing(world, worked, pack):
    with pytest.raises(Problem) as colleague:
        ask_pack(wanted(world), person=world.caretaker)
    assert colleague.value.status == 403
    with pytest.raises(NotFound):
        ask_pack(wanted(world), person=world.person("site-manager", school=world.riverside.school))
    assert not EvidencePack.objects.visible_to(world.caretaker).exists()
    assert not EvidencePack.objects.visible_to(world.person("site-manager", school=world.riverside.school)).exists()
    assert PackRequest.objects.count() == 1


def test_a_making_that_fails_says_so_and_keeps_nothing(world, worked, settings, tmp_path):
    settings.DEMO = False
    settings.SIGNING_KEY_FILE = tmp_path / "none.pem"
    asked = ask_pack(wanted(world), person=world.lead)
    make_pack(str(asked.pk))
    asked.refresh_from_db()
    assert asked.state == PackRequest.State.FAILED
    assert "signing key" in asked.told
    assert not EvidencePack.objects.exists()
