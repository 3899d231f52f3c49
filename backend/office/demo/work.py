"""Reports' codes, work orders in every state, an accepted risk and strangers' reports, at one school."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from backend.assets.models import Asset, Tag
from backend.maintenance.actions import (
    ask_to_accept,
    cancel_work,
    check_work,
    decide_risk,
    finish_work,
    give_work,
    raise_remedial,
    receive_report,
    start_work,
    triage_defect,
)
from backend.maintenance.models import Contractor, Defect, Proof
from backend.office.demo.dice import dice, made_id
from backend.office.demo.history import Year
from backend.office.demo.incidents import paper_of_work
from backend.trust.models import Person

DAY: Final = dt.timedelta(days=1)
SHOWN_AT: Final = "oakfield"  # where most of the demo's accounts are


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a report found: how many days ago, and in how many days from today the report says."""

    scheme: str
    code: str
    summary: str
    days_ago: int
    type: str = ""
    stated_in: int | None = None
    source: str = ""


EXTRA: Final = "Extra examination after the lift stopped with a jolt"  # LOLER reg. 9(3)(a)(iii): the six-monthly one stays owed
FOUND: Final = (
    Found("loler", "B", "Lift car: suspension rope worn to its limit", 12, "passenger-lift", 19, EXTRA),
    Found("loler", "C", "Lift pit light slow to start", 12, "passenger-lift", None, EXTRA),
    Found("fire-risk-assessment", "high", "Cross-corridor doors wedged open at lunch", 21, "", None, "Fire risk assessment"),
    Found("fire-risk-assessment", "medium", "Fire-stopping above the hall ceiling open", 21, "", None, "Fire risk assessment"),
    Found("gas-unsafe-situations", "NCS", "Boiler flue terminal close to a window", 30, "gas-boiler", None, "Gas service"),
    Found("playground", "medium", "Climbing frame: two bolt caps missing", 9, "playground-equipment", None, "Annual inspection"),
)  # fmt: skip


def went_wrong(year: Year) -> None:
    """All of it at one school; elsewhere a work order or two."""
    team, key = year.team, year.made.plan.key
    manager, caretaker = team.at(key, "site-manager"), team.at(key, "caretaker")
    if key == SHOWN_AT:
        raised(year, manager)
    opened = Defect.objects.filter(site__school=year.made.school, status=Defect.Status.OPEN, stage="new")
    rows = list(opened.select_related("site").order_by("deadline_fixed", "scheme", "found_on", "summary", "pk"))
    if key != SHOWN_AT:
        for defect in rows[:2]:
            triage_defect(defect=defect, person=manager, severity=defect.severity, unsafe=defect.unsafe, today=year.today)
            give_work(defect=defect, person=manager, to=caretaker, today=year.today, tell=False)
        return
    in_every_state(year, rows, manager, caretaker)
    accepted(year, rows[5:], manager)
    strangers(year)


def raised(year: Year, manager: Person) -> None:
    """What reports found there."""
    site = year.made.blocks()[0].building.site
    for found in FOUND:
        asset = Asset.objects.filter(site=site, type_id=found.type).order_by("name", "pk").first() if found.type else None
        raise_remedial(
            site=site,
            scheme=found.scheme,
            code=found.code,
            summary=found.summary,
            found_on=year.today - found.days_ago * DAY,
            person=manager,
            asset=asset,
            deadline_on=year.today + found.stated_in * DAY if found.stated_in is not None else None,
            source=found.source,
        )


AGREED = "Booked before its insurance ended; the trust's estates lead agreed, until the new one is seen."


def firm_of() -> Contractor:
    """The firm that does the trust's electrical work."""
    return Contractor.objects.filter(active=True, trades__contains=["electrical"]).order_by("name")[0]


def in_every_state(year: Year, rows: list[Defect], manager: Person, caretaker: Person) -> None:
    """Work that is given out, begun, done, checked and taken back; some of it late, some with a firm."""
    throw, today, firm = dice(year.seed, "work", year.made.plan.key), year.today, firm_of()
    for defect, state in zip(rows, ("checked", "done", "begun", "firm", "cancelled"), strict=False):
        triage_defect(defect=defect, person=manager, severity=defect.severity, unsafe=defect.unsafe, today=today)
        to = firm if state == "firm" else caretaker
        late = today - 3 * DAY if state == "begun" and not defect.deadline_fixed else None
        order = give_work(defect=defect, person=manager, to=to, today=today, tell=False, proof="", target_on=late, despite=AGREED)
        if state in ("begun", "done", "checked"):
            start_work(work_order=order, person=caretaker)
        if state in ("done", "checked"):
            paper = [paper_of_work(year, defect, caretaker, today)] if defect.proof == Proof.CERTIFICATE else []
            finish_work(
                id=made_id(throw), work_order=order, person=caretaker, note="Done; left clean and tested.", photos=paper,
                made_at=timezone.now(), minutes=throw.randint(15, 90), parts="2 fixings", cost_pence=throw.randint(400, 9000),
            )  # fmt: skip
        if state == "checked":
            check_work(work_order=order, person=manager, note="Looked at it with the caretaker.", without="Shown on site.")
        if state == "cancelled":
            cancel_work(work_order=order, person=manager, reason="The supplier comes under the guarantee.")


def accepted(year: Year, rows: list[Defect], manager: Person) -> None:
    """A risk that the headteacher agreed to live with until the holidays."""
    head = year.team.at(year.made.plan.key, "headteacher")
    for defect in rows:
        if defect.bars_use(year.today) or defect.deadline_fixed or head.pk == manager.pk:
            continue
        triage_defect(defect=defect, person=manager, severity=defect.severity, unsafe=False, today=year.today)
        risk = ask_to_accept(
            defect=defect, person=manager, reason="It needs the room empty for a week.", until=year.today + 40 * DAY,
            today=year.today, meanwhile="The caretaker looks at it every Monday.",
        )  # fmt: skip
        decide_risk(risk=risk, person=head, agree=True, today=year.today, answer="Agreed, until the holidays.")
        return


def strangers(year: Year) -> None:
    """Two reports by a label that wait for somebody to look."""
    on = Tag.objects.filter(asset__site__school=year.made.school, retired_at=None).order_by("asset__name", "code")
    for tag, said, unsafe in zip(
        [*on.filter(asset__type="fire-door")[:1], *on.filter(asset__type="fire-extinguisher")[:1], *on[:2]],
        ("The door does not close by itself and bangs.", "The pin is out and the seal is broken."),
        (False, True),
        strict=False,
    ):
        receive_report(tag=tag, said=said, unsafe=unsafe, name="A parent" if unsafe else "")
