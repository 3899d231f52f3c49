"""Stand-ins and declared interests."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from backend.approvals.evidence import INTERESTS, STAND_INS
from backend.approvals.models import Interest, StandIn
from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach


@transaction.atomic
def name_stand_in(*, absent: Person, stands_in: Person, starts_on: dt.date, ends_on: dt.date, person: Person) -> StandIn:
    """Let somebody decide for somebody who is away. They name their own; the CFO names anybody's. Raises Forbidden, Problem."""
    if person.pk != absent.pk and not reach(person, permits.SCHEME_PROPOSE).everywhere:
        raise Forbidden("People name who stands in for them; otherwise the CFO does.")
    if absent.pk == stands_in.pk or ends_on < starts_on:
        fields = (
            {"stands_in": "Name somebody else."} if absent.pk == stands_in.pk else {"ends_on": "The end is before the start."}
        )
        raise Problem("stand_in", "That cannot be.", status=422, fields=fields)
    made = StandIn.objects.create(
        absent=absent, stands_in=stands_in, starts_on=starts_on, ends_on=ends_on, made_by=person, made_at=timezone.now()
    )
    audit.append([STAND_INS.fact(made, person.pk, person.name, kind="stand-in-named")])
    return made


@transaction.atomic
def declare_interest(
    *,
    person: Person,
    organisation: str,
    nature: str,
    starts_on: dt.date,
    company_number: str = "",
    family: bool = False,
    ends_on: dt.date | None = None,
) -> Interest:
    """Declare a tie of one's own or of one's close family to an organisation. Raises Problem."""
    fields = {} if organisation.strip() else {"organisation": "Which organisation?"}
    if not nature.strip():
        fields["nature"] = "What is the tie?"
    if ends_on and ends_on < starts_on:
        fields["ends_on"] = "The end is before the start."
    if fields:
        raise Problem("interest", "Something is missing.", status=422, fields=fields)
    made = Interest.objects.create(
        person=person, organisation=organisation.strip()[:200], nature=nature.strip()[:300], family=family, starts_on=starts_on,
        company_number=company_number.strip().upper()[:12], ends_on=ends_on, declared_at=timezone.now(),
    )  # fmt: skip
    audit.append([INTERESTS.fact(made, person.pk, person.name, kind="interest-declared")])
    return made
