"""How firms stand, and what of them is needed when certificates are filed. Bounded queries, however many firms."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max

from backend.maintenance.models import Contractor, ContractorPaper, ContractorPerson, SiteInduction
from backend.rules.contractors import ACCREDITATION, Paper, Standing, person_missing, standing_of, wanted_of
from backend.trust.models import Site


def papers_of(contractors: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ContractorPaper]]:
    """The papers of firms that were not taken back, those that last longest first. One query."""
    found: dict[uuid.UUID, list[ContractorPaper]] = defaultdict(list)
    rows = ContractorPaper.objects.filter(contractor__in=list(contractors), withdrawn_at=None)
    for each in rows.order_by("kind", "scheme", "-expires_on", "pk"):
        found[each.contractor_id].append(each)
    return found


def as_rule(paper: ContractorPaper) -> Paper:
    """A paper as the rule reads it."""
    return Paper(paper.kind, paper.scheme, paper.expires_on, paper.cover_pence)


def wanted(contractor: Contractor) -> list[Paper]:
    """The papers that a firm must have."""
    return wanted_of(
        contractor.trades, contractor.asked_for, employs_nobody=contractor.employs_nobody, advises=contractor.advises
    )


def standings(contractors: Sequence[Contractor], today: dt.date) -> dict[uuid.UUID, Standing]:
    """How each firm stands on a day. One query."""
    papers = papers_of(each.pk for each in contractors)
    return {
        each.pk: standing_of(wanted(each), map(as_rule, papers.get(each.pk, ())), today, active=each.active)
        for each in contractors
    }


def standing(contractor: Contractor, today: dt.date) -> Standing:
    """How one firm stands on a day."""
    return standings([contractor], today)[contractor.pk]


def proof_of(contractor: Contractor, on: dt.date) -> list[dict[str, Any]]:
    """What a firm held on a day that shows its competence: its accreditations then, as kept with a record. One query."""
    rows = ContractorPaper.objects.filter(contractor=contractor, kind=ACCREDITATION, withdrawn_at=None, expires_on__gte=on)
    return [
        {
            "name": f"{contractor.name}: {each.scheme}{' ' + each.number if each.number else ''}",
            "expires_on": each.expires_on.isoformat(),
        }
        for each in rows.order_by("scheme", "expires_on", "pk")
    ]


def people_missing(people: Sequence[ContractorPerson], site: Site, today: dt.date) -> dict[uuid.UUID, list[str]]:
    """What stands against each of a firm's people working alone at a site. One query."""
    rows = SiteInduction.objects.filter(person__in=[each.pk for each in people], site=site).values_list("person_id")
    until = dict(rows.annotate(until=Max("expires_on")))
    return {
        each.pk: person_missing(
            dbs_on=each.dbs_on, dbs_expires_on=each.dbs_expires_on, induction_until=until.get(each.pk),
            inducted=each.pk in until, today=today,
        )
        for each in people
    }  # fmt: skip
