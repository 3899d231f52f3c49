"""The annual return: saying how it stands with a statement, and signing the whole."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.risk.actions.papers import digest
from backend.risk.estate import standards
from backend.risk.evidence import ANSWERS, RETURNS
from backend.risk.models import AnnualReturn, ReturnAnswer
from backend.rules.standards import MET, NOT_MET, PARTLY, year_of
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach


@transaction.atomic
def answer_statement(
    *, person: Person, statement: str, position: str, gap: str, today: dt.date, owner: Person | None = None
) -> ReturnAnswer:
    """Say how it stands with a statement this year. What is not met whole needs words on what is missing. Raises Problem."""
    if not reach(person, permits.RISK_MANAGE).everywhere:
        raise Forbidden("Your role does not let you answer the annual return. Ask the estates lead or the CFO.")
    if statement not in {each.key for each in standards().statements}:
        raise Problem("statement", "There is no such statement.", status=404)
    faults = {}
    if position not in (MET, PARTLY, NOT_MET):
        faults["position"] = "Choose how it stands."
    if position in (PARTLY, NOT_MET) and not gap.strip():
        faults["gap"] = "Say what is missing, and what is done about it."
    if position in (PARTLY, NOT_MET) and owner is None:
        faults["owner"] = "Say whose it is to put right."
    if faults:
        raise Problem("answer", "Something is missing.", fields=faults)
    row = ReturnAnswer.objects.create(
        year=year_of(today),
        statement=statement,
        position=position,
        gap=gap.strip()[:1000],
        owner=owner,
        made_at=timezone.now(),
        made_by=person,
    )
    audit.append([ANSWERS.fact(row, person.pk, person.name)])
    return row


@transaction.atomic
def sign_return(*, person: Person, figures: dict[str, Any], reason: str = "") -> AnnualReturn:
    """Sign the return of a year: frozen as it stands. Signed again, it is the next version and says why.

    Raises Problem while a statement is not answered, and Forbidden for who may not sign for the trust.
    """
    if not reach(person, permits.RETURN_SIGN).everywhere:
        raise Forbidden("Your role does not let you sign the annual return. The trust's leader or the CFO does.")
    if figures["unanswered"]:
        detail = f"{figures['unanswered']} statements are not answered yet. Answer each of them, then sign."
        raise Problem("unanswered", detail, status=409)
    before = AnnualReturn.objects.select_for_update().filter(year=figures["year"]).order_by("version").last()
    if before and not reason.strip():
        raise Problem("reason_missing", "Say why it is signed again.", fields={"reason": "Write a few words."})
    row = AnnualReturn.objects.create(
        year=figures["year"],
        version=before.version + 1 if before else 1,
        supersedes=before,
        reason=reason.strip()[:500] if before else "",
        edition=figures["edition"][:200],
        level=figures["reached"],
        figures=figures,
        figures_sha256=digest(figures),
        signed_at=timezone.now(),
        signed_by=person,
    )
    audit.append([RETURNS.fact(row, person.pk, person.name)])
    return row
