"""Compares what phones say that they saved with what the database holds. Run as a module, with the ledger's file; prints faults.

Each line of the ledger is one bad day (fieldapp/src/testing/badday.ts): its seed, the phone, every piece of work word for word.
"""

import contextlib
import hashlib
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from backend.checks.models import CheckRecord, NotDone  # noqa: E402
from backend.core import files  # noqa: E402
from backend.core.models import StoredFile  # noqa: E402
from backend.maintenance.models import Defect  # noqa: E402
from backend.sync.canonical import canonical  # noqa: E402
from backend.sync.models import KeptAside, LostWork, Op  # noqa: E402

EFFECTS: dict[str, Any] = {
    "check_done": CheckRecord,
    "check_not_done": NotDone,
    "defect_reported": Defect,
}
"""Kind -> the model whose row has the operation's id."""
MAY_BE_HELD = {"device_revoked", "in_future", "author_not_proved"}


def faults_of(day: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the work of one day."""
    ops = {str(op.pk): op for op in Op.objects.filter(device_id=day["device"])}
    forms = Counter((op.kind, canonical(json.loads(op.sent)["body"])) for op in ops.values())
    for (kind, form), times in forms.items():
        if times > 1:
            yield f"doubled: {kind} {form[:90]}"
    for entry in day["entries"]:
        yield from faults_of_entry(day, entry, ops.pop(str(entry["id"]), None))
    yield from (f"nobody saved this: {op.kind} {op.sent[:200]}" for op in ops.values())


def faults_of_entry(day: dict[str, Any], entry: dict[str, Any], op: Op | None) -> Iterator[str]:
    """What is wrong with one piece of work."""
    what = f"{entry['key']} ({entry['kind']})"
    if op is None:
        yield f"{what} is lost"
        return
    sent = json.loads(op.sent)
    if canonical(sent["body"]) != canonical(entry["body"]) or canonical(sent["body"]) != entry["text"]:
        yield f"{what} has changed"
    if (op.kind, op.author_id) != (entry["kind"], entry["author"]):
        yield f"{what} has another kind or author"
    if op.outcome == Op.Outcome.HELD and not day["revoked"] and not may_be_held(op, sent["body"]):
        yield f"{what} is held: {op.code} {op.detail}"
    if op.doubt and not (op.doubt == Op.Doubt.TWICE and another_did(op)):
        yield f"{what} is doubted: {op.doubt}"
    made = EFFECTS.get(op.kind)
    if made and made.objects.filter(pk=op.pk).exists() != (op.outcome == Op.Outcome.APPLIED):
        yield f"{what} is {op.outcome} and its row says otherwise"
    for ref in entry["photos"]:
        yield from (f"a photo of {what}: {fault}" for fault in faults_of_photo(ref))


def another_did(op: Op) -> bool:
    """Whether somebody else recorded the same check on the same day: then the doubt is right."""
    record = CheckRecord.objects.filter(pk=op.pk).first()
    same: dict[str, Any] = {"plan": record.plan_id, "done_on": record.done_on} if record and record.plan_id else {"pk": None}
    return any(
        str(other) != str(op.author_id) for other in CheckRecord.objects.filter(**same).values_list("author_id", flat=True)
    )


def may_be_held(op: Op, body: dict[str, Any]) -> bool:
    """Whether the office has a right to look at it first: a clock that ran ahead, or news of something that is itself held."""
    if op.code == "waiting":
        return Op.objects.filter(pk=str(body.get("defect")), outcome=Op.Outcome.HELD).exists()
    return op.code in MAY_BE_HELD


def faults_of_photo(ref: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one photo."""
    if not StoredFile.objects.filter(pk=ref["sha256"], size=ref["size"]).exists():
        yield "it is lost"
        return
    with files.open_file(ref["sha256"]) as kept:
        if hashlib.sha256(kept.read()).hexdigest() != ref["sha256"]:
            yield "its bytes have changed"


def unproved() -> list[str]:
    """What `manage.py verify` says does not hold, each row by itself. (The small world is made past the actions: its rows.)"""
    said = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("verify", stdout=said)
    lines = [line.strip() for line in said.getvalue().splitlines()]
    end = next(at for at, line in enumerate(lines) if "invariants looked at" in line)
    return [line for line in lines[:end] if line and not line.startswith(("holds ", "FAULT "))]


def main(ledger: Path) -> int:
    """Judge every day, then the whole chain; the number of faults. Before the first day: note what was so already."""
    before = ledger.with_suffix(".before")
    if not ledger.exists():
        before.write_text("\n".join(unproved()), encoding="utf-8")
        return 0
    days = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
    faults = [f"seed {day['seed']}: {fault}; {', '.join(day['did'])}" for day in days for fault in faults_of(day)]
    faults += [f"kept aside: {each.code} {each.detail}" for each in KeptAside.objects.all()]
    faults += [f"taken for lost: {loss} of {loss.device_id}" for loss in LostWork.objects.all()]
    known = set(before.read_text(encoding="utf-8").splitlines())
    faults += [f"verify: {line}" for line in unproved() if line not in known]
    saved = sum(len(day["entries"]) for day in days)
    photos = sum(len(entry["photos"]) for day in days for entry in day["entries"])
    died = sum(day["did"].count("died") + day["did"].count("kill") for day in days)
    lines = [*faults, f"{len(days)} days, {saved} pieces of work, {photos} photos, {died} deaths, {len(faults)} faults"]
    print("\n".join(lines))  # noqa: T201  read by the test
    return min(len(faults), 100)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
