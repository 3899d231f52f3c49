"""Living with a problem for a while: asked for by one person, agreed by another, until a day."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Problem
from backend.core.templatetags.words import day
from backend.maintenance.actions.notes import changed, write_note
from backend.maintenance.actions.triage import KEPT, locked
from backend.maintenance.evidence import RISKS
from backend.maintenance.models import AcceptedRisk, Defect, Stage
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

MOST_DAYS = 365


@transaction.atomic
def ask_to_accept(
    *, defect: Defect, person: Person, reason: str, until: dt.date, today: dt.date, meanwhile: str = ""
) -> AcceptedRisk:
    """Ask that the trust lives with a problem until a day, at most a year ahead. Somebody else decides.

    Raises Problem without a reason, while it is unsafe, past a date that a competent person set, and while one is asked for.
    """
    require(person, permits.DEFECT_WORK, defect.site, "ask for a risk to be accepted")
    defect = locked(defect)
    if not reason.strip():
        raise Problem("reason_missing", "Say why it can wait.", fields={"reason": "Write a few words."})
    check_until(defect, until, today)
    if defect.risks.filter(decision=AcceptedRisk.Decision.WAITING).exists():
        raise Problem("asked_already", "That is being decided already.", status=409)
    risk = AcceptedRisk.objects.create(
        defect=defect,
        reason=reason.strip()[:2000],
        meanwhile=meanwhile.strip()[:2000],
        until=until,
        asked_by=person,
        asked_at=timezone.now(),
    )
    words = f"Asked to accept the risk until {day(until)}: {reason.strip()}"
    _, facts = write_note(defect, kind="risk", words=words, at=risk.asked_at, person=person)
    audit.append([RISKS.fact(risk, person.pk, person.name, kind="risk-asked"), *facts])
    return risk


def check_until(defect: Defect, until: dt.date, today: dt.date) -> None:
    """Refuse a risk that nobody may accept: of something unsafe, for ever, or past a date that is fixed. Raises Problem."""
    if defect.bars_use(today):
        detail = "It is unsafe. Make it safe first and say how; only then can the rest wait."
        raise Problem("unsafe", detail, status=409)
    if not today < until <= today + dt.timedelta(days=MOST_DAYS):
        raise Problem("until", "Choose a day after today, at most a year ahead.", fields={"until": "Choose a day within a year."})
    if defect.deadline_fixed and defect.target_on and until > defect.target_on:
        raise Problem("deadline_fixed", KEPT, status=409, fields={"until": f"Not after {day(defect.target_on)}."})


@transaction.atomic
def decide_risk(
    *, risk: AcceptedRisk, person: Person, agree: bool, today: dt.date, answer: str = "", until: dt.date | None = None
) -> AcceptedRisk:
    """Agree, until the day that was asked for or an earlier one, or not. Never the person who asked.

    Raises Problem when it was decided already, when the asker decides, and without words when it is not agreed.
    """
    require(person, permits.RISK_DECIDE, risk.defect.site, "accept risks")
    defect = locked(risk.defect)
    risk = AcceptedRisk.objects.select_for_update(of=("self",)).get(pk=risk.pk)
    if risk.decision != AcceptedRisk.Decision.WAITING:
        raise Problem("decided_already", "That was decided already.", status=409)
    if risk.asked_by_id == person.pk:
        raise Problem("own", "You asked for this. Somebody else must decide.", status=403)
    if not agree and not answer.strip():
        raise Problem("reason_missing", "Say why not.", fields={"answer": "Write a few words."})
    last = until or risk.until
    if agree and last > risk.until:
        raise Problem("until", "That is later than was asked for.", fields={"until": f"Not after {day(risk.until)}."})
    if agree:
        check_until(defect, last, today)
    risk.decision = AcceptedRisk.Decision.AGREED if agree else AcceptedRisk.Decision.REFUSED
    risk.until, risk.answer = last, answer.strip()[:2000]
    risk.decided_by, risk.decided_at = person, timezone.now()
    risk.save(update_fields=["decision", "until", "answer", "decided_by", "decided_at"])
    said = f"{person.name} accepted the risk until {day(last)}." if agree else f"{person.name} did not accept the risk."
    _, facts = write_note(defect, kind="risk", words=f"{said} {answer}".strip(), at=risk.decided_at, person=person)
    if agree:
        changes = {"stage": Stage.ACCEPTED, "accepted_until": last}
        facts += changed(defect, person, changes, kind="risk-accepted")
    audit.append([RISKS.fact(risk, person.pk, person.name, kind="risk-decided"), *facts])
    return risk


@transaction.atomic
def end_risk(*, defect: Defect, person: Person, reason: str) -> Defect:
    """End an accepted risk before its day: the problem is to be put right after all."""
    require(person, permits.OFFICE_SETTLE, defect.site, "end accepted risks")
    defect = locked(defect)
    risk = defect.risks.filter(decision=AcceptedRisk.Decision.AGREED).order_by("-decided_at").first()
    if defect.stage != Stage.ACCEPTED or risk is None:
        raise Problem("not_accepted", "No risk is accepted there.", status=409)
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a few words."})
    risk.decision = AcceptedRisk.Decision.ENDED
    risk.save(update_fields=["decision"])
    _, facts = write_note(defect, kind="risk", words=f"No longer accepted: {reason}", at=timezone.now(), person=person)
    facts += changed(defect, person, {"stage": Stage.TRIAGED, "accepted_until": None}, kind="risk-ended")
    audit.append([RISKS.fact(risk, person.pk, person.name, kind="risk-ended"), *facts])
    return defect
