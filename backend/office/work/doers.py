"""Who can be given work: the trust's people who work on problems at a site, and the firms that are given work."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q

from backend.core.days import today
from backend.core.problems import Problem
from backend.maintenance.actions.giving import Doer
from backend.maintenance.models import Contractor
from backend.maintenance.queries.contractors import standings
from backend.trust import permits
from backend.trust.models import Appointment, Person, Site
from backend.trust.scope import may

Choice = tuple[str, str]
Choices = list[tuple[str, list[Choice]]]


def doers(sites: Iterable[Site], person: Person) -> Mapping[uuid.UUID, Choices]:
    """For each site, whom `person` may give work there to, as a select's groups. Three queries, however many sites."""
    wanted = {each.pk: each for each in sites}
    schools = {each.school_id for each in wanted.values()}
    roles = permits.roles_with(permits.DEFECT_WORK)
    here = Q(school=None, site=None) | Q(school__in=schools) | Q(site__in=wanted)
    held = Appointment.objects.in_force(today()).filter(here, role__in=roles, person__is_active=True)
    people: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    for each in held.select_related("person").order_by("person__name", "person_id"):
        for site in wanted.values():
            everywhere = each.school_id is None and each.site_id is None
            if everywhere or each.school_id == site.school_id or each.site_id == site.pk:
                people[site.pk][f"p:{each.person_id}"] = each.person.name
    rows = list(Contractor.objects.filter(active=True).order_by("name"))
    how = standings(rows, today())
    firms = [(f"c:{each.pk}", each.name if how[each.pk].may_work else f"{each.name} (should not work here)") for each in rows]
    return {
        site.pk: [
            *([("Our own people", list(people[site.pk].items()))] if may(person, permits.OFFICE_SETTLE, site) else []),
            *([("Contractors", firms)] if firms and may(person, permits.CONTRACTOR_MANAGE, site) else []),
        ]
        for site in wanted.values()
    }


def doer_of(text: str) -> Doer | None:
    """Whoever was chosen; None for nobody. Raises Problem for what is no choice."""
    kind, _, key = text.partition(":")
    if not text:
        return None
    try:
        pk = uuid.UUID(key)
    except ValueError:
        pk = None
    model = {"p": Person, "c": Contractor}.get(kind)
    found = model._default_manager.filter(pk=pk).first() if model and pk else None
    if found is None:
        raise Problem("unknown", "Choose somebody from the list.", fields={"to": "Choose somebody from the list."})
    return found  # type: ignore[return-value]
