"""Whatever a superuser changes behind the triggers, `verify` finds it. SITEWARD_TAMPERINGS=200 for the full number."""

import datetime as dt
import os
import random

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from backend.assets.actions import set_status
from backend.checks.actions import excuse_lapse, pause_plans, seal_lapses
from backend.checks.actions.not_applicable import ask_not_applicable
from backend.checks.models import CheckRecord, Lapse, LibraryDecision, RecordPhoto
from backend.core import audit, heads
from backend.core.days import today
from backend.core.evidence import all_evidence
from backend.core.files import keep, path_of
from backend.core.invariants import all_invariants
from backend.core.models import AuditEntry, StoredFile
from backend.hr.actions import add_competence
from backend.maintenance.actions import close_defect
from backend.maintenance.models import Defect, DefectPhoto
from backend.sync.models import LostWork
from backend.sync.senders import revoke_device
from backend.trust.actions import System, add_person, add_school, appoint, set_calendar
from backend.trust.actions.calendar import NewMark, NewTerm
from tests.evidence import busy_office
from tests.evidence.entering import enter_missing
from tests.evidence.tampering import draw
from tests.sync.conftest import own_files, phone  # noqa: F401
from tests.sync.test_order import work_of_a_day
from tests.trust.test_factors import with_app

TAMPERINGS = int(os.environ.get("SITEWARD_TAMPERINGS", "40"))
SEED = int(os.environ.get("SITEWARD_SEED", "20261122"))
NOWHERE_YET = {"viewing", "invitation"}


def faults() -> list[str]:
    """Everything that verify finds."""
    return [fault for each in all_invariants() for fault in each.faults(lambda _count: None)]


@pytest.fixture
def busy(world, phone, settings, tmp_path):  # noqa: F811
    """A world in which nearly everything that there is has happened, in the chain, its head published."""
    settings.HEADS_FILE = str(tmp_path / "heads.jsonl")
    office = System("The test's own world")
    school = add_school(trust=world.trust, name="Ashdown", urn=900003, phase="primary", actor=office)
    day = today()
    set_calendar(school=school, terms=[NewTerm("Autumn", day, day)], marks=[NewMark("inset", day, day, "Fog")], actor=office)
    person = add_person(email="new@ashdown.example", name="New Colleague", actor=office)
    appoint(person=person, role="caretaker", school=school, starts_on=day, actor=office)
    add_competence(person=person, name="Ladders", covers=["fire"], held_from=day, actor=office)
    lead = world.lead
    enter_missing()
    phone.push(*work_of_a_day(world, phone), phone.op("dance", {}), {"no": "shape"})
    enter_missing()
    plan = world.plan()
    seal_lapses(today=day)
    excuse_lapse(lapse=Lapse.objects.select_related("plan__site")[0], person=lead, reason="Snow")
    pause_plans([plan], first=day, last=None, person=lead, today=day)
    ask_not_applicable(
        check_type=plan.check_type, site=plan.site, asset=plan.asset, person=lead, reason="Shared panel", today=day,
        expires_on=day + dt.timedelta(days=90),
    )  # fmt: skip
    LibraryDecision.objects.create(revision=plan.check_type.current, kind="accepted", made_at=timezone.now(), made_by=lead)
    set_status(plan.asset, status="out-of-service", person=lead, on=day, reason="Leaks")
    close_defect(defect=Defect.objects.filter(status="open").select_related("site")[0], person=lead, note="Mended")
    defect = Defect.objects.latest("pk")
    DefectPhoto.objects.create(defect=defect, sha256="ab" * 32, content_type="image/jpeg", size=3)
    RecordPhoto.objects.create(record=CheckRecord.objects.latest("pk"), field="report", sha256="cd" * 32, size=3)
    LostWork.objects.create(device=world.caretaker.devices.get(), announced_seq=9, came_back_with=3, seen_at=timezone.now())
    for number in range(3):
        keep(b"%%PDF-1.4 report %d" % number, "application/pdf")
    revoke_device(device=world.caretaker.devices.get(), person=lead, reason="Lost")
    with_app(lead)
    busy_office.fill(world)
    enter_missing()
    heads.publish(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return world


def test_the_busy_world_holds_and_leaves_few_tables_empty(busy):
    assert faults() == []
    empty = {each.subject for each in all_evidence() if not each.model._base_manager.exists()}
    assert empty <= NOWHERE_YET


@pytest.mark.slow
def test_every_random_change_behind_the_triggers_is_found(busy):
    throw, unfound, made = random.Random(SEED), [], 0
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    files = {name: default_storage.open(path_of(name)).read() for name in StoredFile.objects.values_list("pk", flat=True)}
    while made < TAMPERINGS:
        change, point = draw(throw), transaction.savepoint()
        if change.do():
            made += 1
            if not faults():
                unfound.append(change.words)
        transaction.savepoint_rollback(point)
        put_back(files)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")
    assert faults() == []
    assert not unfound


def put_back(files: dict[str, bytes]) -> None:
    """Every file as it was."""
    for name, content in files.items():
        path = path_of(name)
        if not default_storage.exists(path) or default_storage.open(path).read() != content:
            with open(default_storage.path(path), "wb") as file:  # noqa: PTH123
                file.write(content)


def test_a_newest_end_cut_off_with_all_that_it_speaks_of_is_found_by_the_published_head_alone(busy):
    """Rows and entries go together, so that within the database nothing is amiss."""
    newest = CheckRecord.objects.latest("received_at")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        first = AuditEntry.objects.get(subject=f"record:{newest.pk}").number
        gone = list(AuditEntry.objects.filter(number__gte=first).values_list("subject", flat=True))
        cursor.execute("DELETE FROM core_auditentry WHERE number >= %s", [first])
        for evidence in all_evidence():
            keys = [each.partition(":")[2] for each in gone if each.startswith(f"{evidence.subject}:")]
            if keys and not AuditEntry.objects.filter(subject__in=[f"{evidence.subject}:{key}" for key in keys]).exists():
                evidence.model._base_manager.filter(pk__in=keys)._raw_delete("default")
        cursor.execute("SET session_replication_role = origin")
    found = faults()
    assert any("its newest end was cut off" in each for each in found)


def test_a_chain_written_anew_from_its_first_entry_is_found_by_the_published_head_alone(busy):
    """Somebody who knows how the chain is made changes a record and works out every hash again."""
    from backend.checks.evidence import RECORDS

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        record = CheckRecord.objects.latest("received_at")
        cursor.execute("UPDATE checks_checkrecord SET reason = 'Another' WHERE id = %s", [record.pk])
        record.refresh_from_db()
        previous = audit.GENESIS
        for entry in AuditEntry.objects.order_by("number"):
            if entry.subject == f"record:{record.pk}":
                entry.content_hash = audit.digest(RECORDS.content(record))
            previous = audit.link(previous, entry, audit.moment(entry.at))
            changed = (previous, entry.content_hash, entry.number)
            cursor.execute("UPDATE core_auditentry SET hash = %s, content_hash = %s WHERE number = %s", changed)
        cursor.execute("SET session_replication_role = origin")
    found = [each for each in faults() if "names a head that is not in the chain" not in each]  # packs print heads as well
    assert len(found) == 1
    assert "rewritten" in found[0]
