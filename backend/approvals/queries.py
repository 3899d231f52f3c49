"""Who may decide what is waiting, and why somebody may not."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from backend.approvals.models import Chain, Decision, Interest, StandIn, Step
from backend.rules.delegation import Band, limit_of
from backend.trust.models import Appointment, CostCentre, Person

HOLDER: Final = "budget-holder"
"""The role that is held by a cost centre's holder, and not by an appointment."""
NOISE: Final = re.compile(r"\b(ltd|limited|plc|llp|the|co|company|uk)\b|[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Authority:
    """By what somebody may decide: a role, where it comes from, and for whom they stand in (None: by their own)."""

    person: Person
    role: str
    held: uuid.UUID
    stands_in_for: Person | None = None


def open_step(chain: Chain) -> Step | None:
    """The step that is waiting. None: all have agreed, or it was sent back or withdrawn."""
    decisions = list(chain.decisions.all())
    if any(each.kind != Decision.Kind.AGREE for each in decisions):
        return None
    agreed = {each.step_id for each in decisions}
    return next((step for step in chain.steps.order_by("place") if step.pk not in agreed), None)


def is_agreed(chain: Chain) -> bool:
    """Whether everybody who has to agree has done so."""
    decisions = list(chain.decisions.all())
    return all(each.kind == Decision.Kind.AGREE for each in decisions) and len(decisions) == chain.steps.count()


def roles_for(step: Step, bands: Sequence[Band]) -> list[str]:
    """The roles that may take a step: its own, and those that agree to more as the last ones asked."""
    own = limit_of(bands, step.role)
    others = {role: limit_of(bands, role) for band in bands for role in band.roles}
    above = [role for role, limit in others.items() if own is not None and (limit is None or limit > own)]
    return list(dict.fromkeys([step.role, *above]))


def held_in(roles: Sequence[str], centre: CostCentre, day: dt.date) -> Iterator[tuple[Person, str, uuid.UUID]]:
    """Who holds which of the roles over a cost centre on a day: (person, role, id of the appointment or of the holding)."""
    if HOLDER in roles:
        for holder in centre.holders_on(day).select_related("person"):
            yield holder.person, HOLDER, holder.pk
    for each in Appointment.objects.in_force(day).filter(role__in=roles).exclude(role=HOLDER).select_related("person"):
        if covers(each, centre) and each.person.is_active:
            yield each.person, each.role, each.pk


def covers(appointment: Appointment, centre: CostCentre) -> bool:
    """Whether an appointment reaches a cost centre: the whole trust's does, a school's its own, a site's none."""
    if appointment.site_id is not None:
        return False
    return appointment.school_id is None or appointment.school_id == centre.school_id


def parties(chain: Chain) -> set[uuid.UUID]:
    """Who asked, and for whom: they take no part in deciding."""
    return {chain.asked_by_id} | ({chain.asked_for_id} if chain.asked_for_id else set())


def plain_name(organisation: str) -> str:
    """An organisation's name as it is compared: without case, signs, and words such as "Ltd"."""
    return NOISE.sub("", organisation.casefold())


def interested(chain: Chain, day: dt.date) -> set[uuid.UUID]:
    """Who declared an interest in the organisation that is to get the money."""
    name, number = plain_name(chain.organisation), chain.company_number.strip().upper()
    rows = Interest.objects.in_force(day).values_list("person_id", "organisation", "company_number")
    return {
        person
        for person, organisation, company in rows
        if (number and company.strip().upper() == number) or (name and plain_name(organisation) == name)
    }


def agreed_by(chain: Chain) -> set[uuid.UUID]:
    """Who agreed to an earlier step, by themselves or through somebody who stood in."""
    rows = chain.decisions.filter(kind=Decision.Kind.AGREE).values_list("person_id", "stood_in_for_id")
    return {each for pair in rows for each in pair if each}


def who_can(chain: Chain, day: dt.date) -> list[Authority]:
    """Who may decide the step that is waiting: own roles first, then those who stand in. Nobody twice."""
    step = open_step(chain)
    if step is None:
        return []
    barred = parties(chain) | interested(chain, day) | agreed_by(chain)
    roles = roles_for(step, chain.scheme.bands())
    found = {
        person.pk: Authority(person, role, held)
        for person, role, held in sorted(held_in(roles, chain.centre, day), key=lambda each: -roles.index(each[1]))
        if person.pk not in barred
    }
    for each in StandIn.objects.in_force(day).filter(absent__in=list(found)).select_related("stands_in", "absent"):
        if each.stands_in_id not in barred and each.stands_in_id not in found and each.stands_in.is_active:
            own = found[each.absent_id]
            found[each.stands_in_id] = Authority(each.stands_in, own.role, own.held, each.absent)
    return sorted(found.values(), key=lambda each: (roles.index(each.role), each.person.name))


def waiting_for(person: Person, chains: Sequence[Chain], day: dt.date) -> list[Chain]:
    """Those of the chains that somebody may decide now."""
    return [chain for chain in chains if any(each.person.pk == person.pk for each in who_can(chain, day))]


def names(those: Sequence[Authority]) -> str:
    """Who can, in a few words: "Ada Byrne, Sam Cole or somebody else"."""
    said = [each.person.name for each in those[:2]]
    return ", ".join(said) + (" or somebody else" if len(those) > 2 else "") or "nobody yet: ask the CFO to name somebody"
