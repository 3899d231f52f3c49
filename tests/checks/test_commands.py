"""`manage.py due` and `manage.py library`: exit codes and plain words."""

import io
import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from backend.assets.models import AssetType
from backend.checks.models import CheckRevision, CheckType
from tests.checks.work import work

CASE = """
- name: a week missed is one lapse, and one thing to do
  rule: {every: 1, unit: week, counts: calendar, clock: standard, calendar: when-occupied}
  calendar:
    terms: [["2026-09-01", "2026-12-18"]]
    half_terms: [["2026-10-26", "2026-10-30"]]
  starts_on: 2026-09-01
  done: [2026-09-03, 2026-09-08]
  paused: []
  today: 2026-09-24
  expect: {due_on: 2026-09-25, status: overdue, overdue_since: 2026-09-18, lapses: [2026-09-18]}
"""


def run(*words: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = io.StringIO()
    try:
        call_command(*words, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_cases_that_hold_pass(tmp_path):
    (tmp_path / "good.yaml").write_text(CASE)
    assert run("due", "cases", str(tmp_path / "good.yaml")) == (0, "1 passed, 0 failed\n")


def test_a_case_that_does_not_hold_says_where_and_fails(tmp_path):
    (tmp_path / "bad.yaml").write_text(CASE + CASE.replace("due_on: 2026-09-25", "due_on: 2026-10-02"))
    code, said = run("due", "cases", str(tmp_path / "bad.yaml"))
    first, last = said.splitlines()
    assert code == 1 and last == "1 passed, 1 failed"
    assert "due_on is 2026-09-25, expected 2026-10-02" in first


def test_a_file_that_is_not_there_counts_as_failed(tmp_path):
    code, said = run("due", "cases", str(tmp_path / "none.yaml"))
    assert code == 1 and said.splitlines()[-1] == "0 passed, 1 failed"


def test_a_plan_is_explained_as_json(world, wednesday):
    from backend.checks.actions import record_check

    plan = world.plan()
    record_check(work(plan, world.caretaker, plan.starts_on))
    code, said = run("due", "explain", "--plan", str(plan.pk))
    told = json.loads(said)
    assert code == 0
    assert told["check_type"] == "fire-alarm-weekly-test" and told["status"] == "overdue"
    assert told["lapses"] and told["reasons"] and told["sentence"].endswith(".")


@pytest.mark.parametrize(
    ("wanted", "words"), [("7", "is not a plan's id"), ("00000000-0000-4000-8000-000000000000", "There is no plan")]
)
def test_an_unknown_plan_is_said_plainly(db, wanted, words):
    with pytest.raises(CommandError, match=words):
        call_command("due", "explain", "--plan", wanted)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the library's files."""
    return Path(shutil.copytree(Path(settings.ROOT) / "schedules", tmp_path / "schedules"))


def changed(folder: Path, old: str, new: str) -> None:
    """Change the weekly test's file."""
    text = (folder / "fire.yaml").read_text()
    assert old in text
    (folder / "fire.yaml").write_text(text.replace(old, new, 1))


def test_the_library_is_sound():
    code, said = run("library", "check")
    assert code == 0 and said.startswith("The library is sound: 152 checks")


def test_a_fault_in_a_file_is_named_with_its_place_and_nothing_is_published(library, folder):
    before = CheckRevision.objects.count()
    changed(folder, "unit: week", "unit: fortnight")
    for what in ("check", "publish", "diff"):
        code, said = run("library", what, "--folder", str(folder))
        assert code == 1 and "fire.yaml: fire-alarm-weekly-test" in said
    assert CheckRevision.objects.count() == before


def newest(code: str) -> CheckRevision:
    """The current revision of a check."""
    current = CheckType.objects.select_related("current").get(pk=code).current
    assert current
    return current


def test_a_changed_check_is_shown_then_published_as_a_new_revision(library, folder):
    changed(folder, "Fire alarm weekly call point test", "Weekly call point test")
    assert (
        "fire-alarm-weekly-test: title: was Fire alarm weekly call point test"
        in run("library", "diff", "--folder", str(folder))[1]
    )
    before = newest("fire-alarm-weekly-test")
    code, said = run("library", "publish", "--folder", str(folder))
    after = newest("fire-alarm-weekly-test")
    assert code == 0 and "0 new, 1 changed, 0 withdrawn, 151 as before" in said
    assert after.number == before.number + 1
    assert CheckRevision.objects.get(pk=before.pk).content["title"] == "Fire alarm weekly call point test"


def test_publishing_twice_changes_nothing(library):
    before = CheckRevision.objects.count(), AssetType.objects.count()
    assert "0 new, 0 changed, 0 withdrawn, 152 as before" in run("library", "publish")[1]
    assert run("library", "diff") == (0, "Nothing would change.\n")
    assert (CheckRevision.objects.count(), AssetType.objects.count()) == before


def test_a_folder_that_is_not_there_is_said_plainly():
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("library", "check", "--folder", "/nowhere/at/all")
