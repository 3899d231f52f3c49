"""Freezing a paper for the board."""

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.files import person_owner, take
from backend.core.papers import PDF
from backend.core.problems import Forbidden, Problem
from backend.risk.evidence import PAPERS
from backend.risk.models import BoardPaper
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach


def require_whole(person: Person) -> None:
    """Refuse who does not manage the risk of the whole trust."""
    if not reach(person, permits.RISK_MANAGE).everywhere:
        raise Forbidden("Your role does not let you freeze board papers. Ask the estates lead or the CFO.")


@transaction.atomic
def freeze_paper(
    *,
    person: Person,
    title: str,
    commentary: str,
    figures: dict[str, Any],
    pdf: bytes,
    pages: int,
    edition: int,
    again: BoardPaper | None = None,
    reason: str = "",
) -> BoardPaper:
    """Freeze the figures of a day and the PDF made of them. `again`: the paper that this one corrects, for a `reason`.

    Raises Problem without a title, and for a correction without a reason or of a paper that was corrected already.
    """
    require_whole(person)
    faults = {}
    if not title.strip():
        faults["title"] = "Give it a title."
    if again and not reason.strip():
        faults["reason"] = "Say why it is made again."
    if faults:
        raise Problem("paper", "Something is missing.", fields=faults)
    if again and BoardPaper.objects.select_for_update().filter(supersedes=again).exists():
        raise Problem("corrected_already", "This paper has been made again already. Correct the newest one.", status=409)
    file = take(pdf, owner=person_owner(person.pk), kinds={PDF})
    row = BoardPaper.objects.create(
        title=title.strip()[:160],
        day=dt.date.fromisoformat(figures["day"]),
        version=again.version + 1 if again else 1,
        supersedes=again,
        reason=reason.strip()[:500] if again else "",
        commentary=commentary.strip()[:4000],
        edition=edition,
        figures=figures,
        figures_sha256=digest(figures),
        pdf_sha256=file.pk,
        pages=pages,
        frozen_at=timezone.now(),
        frozen_by=person,
    )
    audit.append([PAPERS.fact(row, person.pk, person.name)])
    return row


def digest(figures: dict[str, Any]) -> str:
    """SHA-256 (hex) of the figures in their one spelling."""
    return hashlib.sha256(audit.canonical(figures)).hexdigest()
