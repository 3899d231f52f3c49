"""What went wrong in the invented year: an unsatisfactory report, a lift out of service, problems put right or not."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace

from backend.assets.models import Asset
from backend.checks.actions import NewRecord, excuse_lapse, record_not_done, take_out_of_service
from backend.checks.models import Lapse
from backend.core.days import LONDON
from backend.core.files import person_owner, vouch
from backend.maintenance.actions import close_defect, report_defect, triage_defect
from backend.maintenance.models import Defect, Proof
from backend.office.demo.dice import dice, made_id
from backend.office.demo.duties import Duty
from backend.office.demo.history import Year
from backend.office.demo.past import Past, Visit
from backend.trust.models import Person

EICR = "fixed-wire-eicr"
BAD_WIRING = [
    {"summary": "C2: no RCD on socket outlets that may feed equipment outdoors", "severity": "high"},
    {"summary": "C2: damaged insulation at the stage distribution board", "severity": "high"},
    {"summary": "FI: earth continuity of the sports hall heater circuit not confirmed", "severity": "medium"},
    {"summary": "C3: circuit chart out of date", "severity": "low"},
]
LONGEST = 200
"""After so many days everything is put right."""
LOOKED_AT = 21
"""After so many days somebody has said how bad it is and by when it is put right."""
ATTEMPTS = {
    "no-access": "Room locked for exams, no key on site.",
    "no-time": "Called away to a burst pipe.",
    "out-of-service": "Being serviced when I came.",
    "part-missing": "Test key missing; a new one is ordered.",
}


def is_bad_eicr(year: Year, duty: Duty) -> bool:
    """Whether this is the building whose electrical report was unsatisfactory."""
    told = year.fixtures.duties.incidents["eicr"]
    place = duty.asset.building.name if duty.asset and duty.asset.building else ""
    return duty.check.code == EICR and year.made.plan.key == told["school"] and place == told["building"]


def past_of_bad_eicr(year: Year) -> Past:
    """The five-yearly report before, and the unsatisfactory one."""
    on = year.today - dt.timedelta(days=year.fixtures.duties.incidents["eicr"]["days_ago"])
    before = on - dt.timedelta(days=5 * 365 - 10)
    return Past(year.today - dt.timedelta(days=365), (Visit(before), Visit(on)))


def made_bad(record: NewRecord) -> NewRecord:
    """The report as it came: unsatisfactory, with what the electrician found."""
    answers = {**record.answers, "outcome": "unsatisfactory", "overall": "unsatisfactory", "c1": 0, "c2": 2, "fi": 1, "c3": 1}
    return replace(record, answers={**answers, "defects": BAD_WIRING})


def out_of_service(year: Year, assets: Sequence[Asset]) -> None:
    """Take the asset that the fixtures name out of service, at the school that they name."""
    told = year.fixtures.duties.incidents["out_of_service"]
    asset = next((each for each in assets if each.type_id == told["type"]), None)
    if year.made.plan.key != told["school"] or asset is None:
        return
    on = year.today - dt.timedelta(days=told["days"])
    take_out_of_service(asset, person=year.team.lead, on=on, reason=told["reason"], today=year.today)


def settle(year: Year) -> None:
    """Close the problems of the year that were put right, as many as the school's habits say; those left are looked at."""
    by, manager = (year.team.at(year.made.plan.key, role) for role in ("sbm", "site-manager"))
    open_ones = Defect.objects.filter(site__school=year.made.school, status=Defect.Status.OPEN)
    for defect in open_ones.select_related("site").order_by("found_on", "summary", "pk"):
        throw = dice(year.seed, "settle", year.made.plan.key, defect.summary, defect.found_on)
        age = (year.today - defect.found_on).days
        lasting = defect.summary.startswith(("C2", "FI"))
        if lasting or age < 10 or (throw.random() >= year.habits.closed and age < LONGEST):
            if age > LOOKED_AT and not lasting:
                triage_defect(defect=defect, person=manager, severity=defect.severity, unsafe=defect.unsafe, today=year.today)
            continue
        on = defect.found_on + dt.timedelta(days=throw.randint(1, min(age - 1, 45)))
        at = dt.datetime(on.year, on.month, on.day, throw.randint(9, 16), throw.randint(0, 59), tzinfo=LONDON)
        words = throw.choice(year.fixtures.spoken.put_right)
        if defect.proof == Proof.CERTIFICATE:
            close_defect(defect=defect, person=by, note=words, at=at, photos=[paper_of_work(year, defect, by, on)])
        else:
            close_defect(defect=defect, person=by, note=words, at=at, without="Seen on the spot.")


def paper_of_work(year: Year, defect: Defect, by: Person, on: dt.date) -> dict[str, object]:
    """The made-up paper of the firm that put right what a report had found, handed in by `by`: as a note names its files."""
    papers, firms = year.answers.papers, year.fixtures.spoken.firms
    of_trade = firms.get(defect.discipline, firms["inspectors"])
    firm = dice(year.seed, "firm", year.made.plan.key, defect.discipline).choice(of_trade)
    sha256 = papers.report("remedial work", defect.site.name, firm, on)
    vouch([(sha256, person_owner(by.pk))])
    kind, size = papers.kinds[sha256]
    return {"sha256": sha256, "type": kind, "size": size}


def explain_misses(year: Year) -> None:
    """Attempts that came to nothing on some of the days missed; and one day's misses excused."""
    told, excused = year.fixtures.duties.incidents["not_done"], year.fixtures.duties.incidents["excused"]
    lapses = list(
        Lapse.objects.filter(plan__site__school=year.made.school)
        .select_related("plan__site", "plan__building")
        .order_by("due_on", "plan__check_type_id", "plan__asset", "plan__building__name")
    )
    for lapse in lapses:
        day, plan = lapse.due_on, lapse.plan
        thing = (plan.check_type_id, plan.site.name, plan.building, plan.asset_id)
        throw = dice(year.seed, "attempt", year.made.plan.key, *thing, day)
        if throw.random() < told["share"]:
            attempt(made_id(throw), lapse, throw.choice(told["reasons"]), year)
    if year.made.plan.key == excused["school"] and lapses:
        day = lapses[len(lapses) // 2].due_on
        for lapse in (each for each in lapses if each.due_on == day):
            excuse_lapse(lapse=lapse, person=year.team.at(year.made.plan.key, "sbm"), reason=excused["reason"])


def attempt(id: uuid.UUID, lapse: Lapse, reason: str, year: Year) -> None:
    """An attempt on the day that the check was owed."""
    day = lapse.due_on
    at = dt.datetime(day.year, day.month, day.day, 11, 20, tzinfo=LONDON)
    record_not_done(
        id=id,
        plan=lapse.plan,
        author=year.team.at(year.made.plan.key, "caretaker"),
        reason=reason,
        note=ATTEMPTS.get(reason, ""),
        made_at=at,
        received_at=at + dt.timedelta(minutes=3),
    )


def reports(year: Year) -> None:
    """What people of the school noticed and reported in the last two weeks."""
    told, plan = year.fixtures.duties.incidents["reports"], year.made.plan
    throw = dice(year.seed, "reports", plan.key)
    for summary, severity, use in throw.sample(told["words"], k=told[plan.habits]):
        places = [(block, each.space) for block in year.made.blocks() for each in block.places if each.use == use]
        if not places:
            continue
        block, space = throw.choice(places)
        on = year.today - dt.timedelta(days=throw.randint(1, 14))
        at = dt.datetime(on.year, on.month, on.day, throw.randint(8, 16), throw.randint(0, 59), tzinfo=LONDON)
        unsafe = "gas" in summary
        report_defect(
            id=made_id(throw),
            site=block.building.site,
            person=year.team.at(plan.key, throw.choice(("staff", "caretaker", "headteacher"))),
            summary=summary,
            severity=severity,
            unsafe=unsafe,
            found_on=on,
            reported_at=at,
            building=block.building,
            space=space,
            made_safe="Gas turned off at the kitchen valve; engineer called." if unsafe else "",
        )
