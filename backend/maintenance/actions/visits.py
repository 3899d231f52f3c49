"""Visits of firms: plan one, sign in, sign out, call off."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.days import today
from backend.core.problems import Problem
from backend.maintenance.evidence import VISITS
from backend.maintenance.models import Contractor, ContractorPerson, ContractorVisit, WorkOrder
from backend.maintenance.queries.contractors import standing
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import require

FARTHEST = dt.timedelta(days=730)
DOING = "plan and sign in contractors"


@transaction.atomic
def plan_visit(
    *,
    person: Person,
    contractor: Contractor,
    site: Site,
    purpose: str,
    planned_on: dt.date,
    planned_from: dt.time | None = None,
    building: Building | None = None,
    work_order: WorkOrder | None = None,
    booking_id: uuid.UUID | None = None,
) -> ContractorVisit:
    """Say that a firm is to come. Raises Problem without a purpose, for a day that is past or more than two years ahead, or when
    building or work are another site's."""
    require(person, permits.CONTRACTOR_MANAGE, site, DOING)
    if not today() <= planned_on <= today() + FARTHEST:
        raise Problem("wrong_day", "They are to come today or later.", fields={"planned_on": "Choose today or a later day."})
    if not purpose.strip():
        raise Problem("answers", "Say what they come for.", fields={"purpose": "Write a few words."})
    if any(each is not None and each.site_id != site.pk for each in (building, work_order)):
        raise Problem("wrong_place", "That building or work is at another site.", fields={"site": "Choose its site."})
    visit = ContractorVisit.objects.create(
        contractor=contractor, site=site, building=building, purpose=purpose.strip()[:300], planned_on=planned_on,
        planned_from=planned_from, planned_by=person, work_order=work_order, booking_id=booking_id,
    )  # fmt: skip
    audit.append([VISITS.fact(visit, person.pk, person.name)])
    return visit


@transaction.atomic
def sign_in_visit(
    *,
    person: Person,
    visit: ContractorVisit,
    people: Sequence[ContractorPerson] = (),
    others: str = "",
    asbestos_seen: bool = False,
    let_in_why: str = "",
    at: dt.datetime | None = None,
    how: str = "office",
) -> ContractorVisit:
    """Sign a firm in. One that may not work here is let in only with a reason, which stays with the visit.

    That they were shown the asbestos register is asked before work starts: Control of Asbestos Regulations 2012 reg. 4(9)(c).
    """
    require(person, permits.CONTRACTOR_MANAGE, visit.site, DOING)
    visit = locked(visit)
    if visit.state != "planned":
        raise Problem("not_planned", f"This visit is {visit.state} already.", status=409)
    if any(each.contractor_id != visit.contractor_id for each in people):
        raise Problem("wrong_firm", "Somebody chosen belongs to another firm.", fields={"people": "Choose people of this firm."})
    how_it_stands = standing(visit.contractor, today())
    if not how_it_stands.may_work and not let_in_why.strip():
        said = f"{visit.contractor.name} should not work here: {' '.join(how_it_stands.missing)}"
        raise Problem(
            "may_not_work", said, status=409, fields={"let_in_why": "Say why they are let in all the same, and who agreed."}
        )
    moment = (at or timezone.now()).astimezone(dt.UTC)
    visit.arrived_at, visit.arrived_how, visit.let_in_by = moment, how, person
    visit.people, visit.others = [str(each.pk) for each in people], others.strip()[:300]
    visit.asbestos_seen = asbestos_seen
    visit.let_in_why = "" if how_it_stands.may_work else let_in_why.strip()[:300]
    visit.save()
    audit.append([VISITS.fact(visit, person.pk, person.name, kind="contractor-arrived")])
    return visit


@transaction.atomic
def sign_out_visit(*, person: Person, visit: ContractorVisit, note: str = "", at: dt.datetime | None = None) -> ContractorVisit:
    """Sign a firm out, with what they left word of."""
    require(person, permits.CONTRACTOR_MANAGE, visit.site, DOING)
    visit = locked(visit)
    if visit.state != "here" or visit.arrived_at is None:
        raise Problem("not_here", "They are not signed in.", status=409)
    visit.left_at = max((at or timezone.now()).astimezone(dt.UTC), visit.arrived_at)
    visit.note = note.strip()[:1000]
    visit.save(update_fields=["left_at", "note"])
    audit.append([VISITS.fact(visit, person.pk, person.name, kind="contractor-left")])
    return visit


@transaction.atomic
def call_off_visit(*, person: Person, visit: ContractorVisit, why: str) -> ContractorVisit:
    """Call a planned visit off, or say that nobody came. Raises Problem without a reason."""
    require(person, permits.CONTRACTOR_MANAGE, visit.site, DOING)
    visit = locked(visit)
    if visit.state != "planned":
        raise Problem("not_planned", f"This visit is {visit.state} already.", status=409)
    if not why.strip():
        raise Problem("reason_missing", "Say why.", fields={"why": "Write a few words, such as: nobody came."})
    visit.called_off_at, visit.called_off_why = timezone.now(), why.strip()[:300]
    visit.save(update_fields=["called_off_at", "called_off_why"])
    audit.append([VISITS.fact(visit, person.pk, person.name, kind="contractor-visit-off")])
    return visit


def locked(visit: ContractorVisit) -> ContractorVisit:
    """The visit as it stands now, locked until the action ends."""
    rows = ContractorVisit.objects.select_for_update(of=("self",)).select_related("site__school", "contractor")
    return rows.get(pk=visit.pk)
