"""A backup is believed when it has been restored and asked."""

import shutil
from dataclasses import replace

import pytest

from backend.config.backup import last_backup, runs
from backend.config.backup.making import create
from backend.config.backup.programs import where
from backend.config.backup.proving import prove
from backend.core.files import path_of
from backend.core.invariants import all_invariants
from backend.core.models import StoredFile
from backend.core.problems import Problem
from tests.backup.conftest import contents
from tests.scale.findings import of_invariants

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("backup")]


def test_a_sound_backup_is_proved_aside_and_nothing_is_left_of_the_proof(source, tmp_path):
    made = create(tmp_path / "a.backup")
    runs.note_made(made, "a.backup", scheduled=True)
    before = contents(where())
    proof = prove(made.path)
    assert sorted(proof.faults) == sorted(of_invariants())  # no more and no less than is found here
    assert proof.asked == len(all_invariants())
    proof = replace(proof, faults=[])
    assert not list(source.var.glob("proving-*"))
    assert contents(where()) == before
    runs.note_proved(proof, "a.backup")
    last = last_backup()
    assert last
    assert last.ok
    assert last.verified_at


def test_a_backup_of_a_damaged_installation_is_not_sound(source, tmp_path):
    path = source.files / path_of(StoredFile.objects.latest("received_at").pk)
    good = path.read_bytes()
    try:
        path.write_bytes(good[::-1])
        made = create(tmp_path / "a.backup")
    finally:
        path.write_bytes(good)
    runs.note_made(made, "a.backup", scheduled=True)
    proof = prove(made.path)
    assert not proof.sound
    assert any("other bytes" in fault for fault in proof.faults)
    runs.note_proved(proof, "a.backup")
    last = last_backup()
    assert last
    assert not last.ok


def test_a_damaged_copy_says_nothing_of_the_backup_it_was_copied_from(source, tmp_path):
    made = create(tmp_path / "a.backup")
    runs.note_made(made, "a.backup", scheduled=True)
    copy = tmp_path / "copy.backup"
    content = made.path.read_bytes()
    copy.write_bytes(content[: len(content) * 2 // 3])
    proof = prove(copy)
    assert [each for each in proof.faults if each.startswith("It cannot be restored")], proof.faults
    assert not [each for each in proof.faults if "CommandError" in each], proof.faults
    runs.note_proved(proof, str(copy))
    last = last_backup()
    assert last
    assert last.ok


def test_no_room_is_said_before_anything_is_begun(source, tmp_path):
    large = tmp_path / "large.backup"
    with large.open("wb") as file:
        file.truncate(shutil.disk_usage(source.var).free)
    with pytest.raises(Problem, match="are free"):
        prove(large)
