"""Cost centres: added, and held by somebody from a day on."""

import datetime as dt
import re

from django.db import transaction
from django.db.models import Q

from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.trust import permits
from backend.trust.evidence import CENTRES, HOLDERS
from backend.trust.models import CentreHolder, CostCentre, Person, School
from backend.trust.scope import reach


def require_centres(person: Person, school: School | None) -> None:
    """Refuse who does not keep the cost centres of a school (None: of the trust's own services). Raises Forbidden."""
    if not reach(person, permits.BUDGET_MANAGE).covers_school(school.pk if school else None):
        raise Forbidden("Your role does not let you change cost centres here. Ask the business manager or the CFO.")


@transaction.atomic
def add_centre(*, person: Person, code: str, name: str, school: School | None = None) -> CostCentre:
    """Add a cost centre of a school, or of the trust's own services. Raises Forbidden, and Problem (422, 409)."""
    require_centres(person, school)
    code = code.strip().upper()
    fields = (
        {}
        if re.fullmatch(r"[A-Z0-9][A-Z0-9-]{1,19}", code, re.ASCII)
        else {"code": "Letters, figures and dashes, as in OAK-SCI."}
    )
    if not name.strip():
        fields["name"] = "Give it a name."
    if fields:
        raise Problem("cost_centre", "Something is missing.", status=422, fields=fields)
    if CostCentre.objects.filter(code=code).exists():
        raise Problem("exists", f"There is a cost centre {code} already.", status=409)
    made = CostCentre.objects.create(code=code, name=name.strip()[:120], school=school)
    audit.append([CENTRES.fact(made, person.pk, person.name, kind="cost-centre-added")])
    return made


@transaction.atomic
def name_holder(
    *, person: Person, centre: CostCentre, holder: Person, starts_on: dt.date, ends_on: dt.date | None = None
) -> CentreHolder:
    """Say who answers for a cost centre from a day on. Raises Forbidden, and Problem (422; 409 where they do already)."""
    require_centres(person, centre.school)
    if ends_on and ends_on < starts_on:
        raise Problem("holder", "The end is before the start.", status=422, fields={"ends_on": "The end is before the start."})
    same = CentreHolder.objects.filter(centre=centre, person=holder).exclude(ends_on__lt=starts_on)
    if same.filter(Q(starts_on__lte=ends_on) if ends_on else Q()).exists():
        raise Problem("exists", f"{holder.name} holds {centre} then already.", status=409)
    made = CentreHolder.objects.create(centre=centre, person=holder, starts_on=starts_on, ends_on=ends_on)
    audit.append([HOLDERS.fact(made, person.pk, person.name, kind="holder-named")])
    return made
