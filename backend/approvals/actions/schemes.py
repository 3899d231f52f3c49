"""Schemes of delegation: proposed by the CFO, approved by the board."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from backend.approvals.evidence import LIMITS, SCHEMES
from backend.approvals.models import Limit, Scheme
from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.rules.delegation import Band, NotContinuous, in_order
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.numbering import next_number
from backend.trust.scope import reach


@transaction.atomic
def propose_scheme(*, person: Person, title: str, starts_on: dt.date, bands: Sequence[Band]) -> Scheme:
    """Write a scheme down. It counts for nothing until the board approved it.

    Raises Forbidden, and Problem `limits_not_continuous` (422) where an amount would belong to nobody, or to two.
    """
    if not reach(person, permits.SCHEME_PROPOSE).everywhere:
        raise Forbidden("The CFO proposes the scheme of delegation.")
    try:
        ordered = in_order(bands)
    except NotContinuous as fault:
        raise Problem("limits_not_continuous", str(fault), status=422, fields={"limits": str(fault)}) from fault
    unknown = sorted({role for band in ordered for role in band.roles} - set(permits.ROLES))
    if unknown or not title.strip():
        fields = {"limits": f"There is no role {unknown[0]}."} if unknown else {"title": "Give it a name."}
        raise Problem("scheme", "Something is missing.", status=422, fields=fields)
    number = next_number(Scheme.objects.all())
    scheme = Scheme.objects.create(
        number=number, title=title.strip()[:160], starts_on=starts_on, proposed_by=person, proposed_at=timezone.now()
    )
    limits = Limit.objects.bulk_create(
        Limit(
            scheme=scheme, upper_pence=band.upper, roles=list(band.roles), quotes=band.quotes, tender=band.tender,
            consult_heads=band.consult_heads,
        )
        for band in ordered
    )  # fmt: skip
    facts = [LIMITS.fact(each, person.pk, person.name) for each in limits]
    audit.append([SCHEMES.fact(scheme, person.pk, person.name, kind="scheme-proposed"), *facts])
    return scheme


@transaction.atomic
def approve_scheme(*, scheme: Scheme, person: Person, minute: str) -> Scheme:
    """Say that the board approved it, and in which minute. Who proposed it cannot. Raises Forbidden and Problem."""
    if not reach(person, permits.SCHEME_APPROVE).everywhere:
        raise Forbidden("A trustee says that the board approved it.")
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    if scheme.proposed_by_id == person.pk:
        raise Problem("separation_of_duties", "You proposed this, so someone else must approve it.", status=403)
    if scheme.approved_at:
        raise Problem("decided", "The board approved it already.", status=409)
    if not minute.strip():
        raise Problem("minute", "Say which minute of the board it is in.", status=422, fields={"minute": "Which minute?"})
    scheme.approved_by, scheme.approved_at, scheme.minute = person, timezone.now(), minute.strip()[:160]
    scheme.save(update_fields=["approved_by", "approved_at", "minute"])
    audit.append([SCHEMES.fact(scheme, person.pk, person.name, kind="scheme-approved")])
    return scheme
