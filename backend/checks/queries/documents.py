"""The register of documents as it stands: what is held, missing or expired at each place. Eight queries, however many places.

A kind with a linked check is needed where that check is planned, and its newest report satisfies it by itself; a check that
leaves records and no report (a log) is satisfied by being in date. Other kinds are needed at every place of their sort.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from backend.checks.models import CheckRecord, CheckType, Document, DocumentNotNeeded, Plan
from backend.rules.documents import (
    ASSET,
    BUILDING,
    EXPIRED,
    MISSING,
    NOT_NEEDED,
    SITE,
    TRUST,
    WORDS,
    WORST_FIRST,
    Kind,
    Standing,
    better,
    needed_for,
    read_kinds,
    standing_until,
)
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import reach

Place = tuple[uuid.UUID | None, uuid.UUID | None, uuid.UUID | None]
"""A site's, a building's and an asset's id; all None for the whole trust."""
NOTHING = Standing(MISSING)
PAPERS = {"certificate", "document"}


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of document by its key, read once per process and only when somebody needs it."""
    return read_kinds(Path(settings.ROOT) / "schedules")


@dataclass(slots=True)
class Need:
    """A kind that is needed at a place, how it stands there, and the page where it is seen."""

    kind: Kind
    place: Place
    where: str
    site: Site | None
    standing: Standing = NOTHING
    link: str = ""

    @property
    def order(self) -> tuple[int, str, str]:
        """The worst first."""
        return (WORST_FIRST.index(self.standing.state), self.kind.title, self.where)


def needs(person: Person, today: dt.date, site: Site | None = None) -> list[Need]:
    """All that is needed where the person may see, or at one site, and how it stands; the worst first."""
    if reach(person, permits.ESTATE_VIEW).nowhere():
        return []
    sites = Site.objects.visible_to(person).select_related("school")
    if site is not None:
        sites = sites.filter(pk=site.pk)
    found = Register(person, today, list(sites), whole=site is None)
    return sorted(found.needs(), key=lambda each: each.order)


@dataclass(frozen=True, slots=True)
class Wanting:
    """How many documents are missing and expired at a place, and the list of exactly those."""

    missing: int
    expired: int
    where: str

    @property
    def lists(self) -> Iterable[tuple[int, str, str]]:
        """Each number that is not nothing, with its word and its list."""
        rows = ((self.missing, WORDS[MISSING].lower(), MISSING), (self.expired, WORDS[EXPIRED].lower(), EXPIRED))
        return [(number, word, f"/documents/list/?{self.where}&state={state}") for number, word, state in rows if number]


def wanting(person: Person, today: dt.date, sites: Sequence[Site], building: Building | None = None) -> dict[uuid.UUID, Wanting]:
    """What is missing or expired at each of some sites that somebody may see, or in one building; nothing where nothing is.

    Eight queries, however many sites.
    """
    if reach(person, permits.ESTATE_VIEW).nowhere():
        return {}
    states: dict[uuid.UUID, list[str]] = defaultdict(list)
    for each in Register(person, today, sites, whole=False).needs():
        if each.site and (building is None or each.place[1] == building.pk):
            states[each.site.pk].append(each.standing.state)
    found = {}
    for site, those in states.items():
        where = f"site={site}" + (f"&building={building.pk}" if building else "")
        said = Wanting(those.count(MISSING), those.count(EXPIRED), where)
        if said.missing or said.expired:
            found[site] = said
    return found


class Register:
    """What is read of the register for some sites, and of the whole trust if `whole`."""

    def __init__(self, person: Person, today: dt.date, sites: Sequence[Site], *, whole: bool) -> None:
        self.today, self.whole = today, whole
        self.sites = {each.pk: each for each in sites}
        chosen = list(self.sites)
        self.buildings = list(Building.objects.filter(site__in=chosen).order_by("name"))
        linked = {each.check for each in kinds().values() if each.check}
        checks = CheckType.objects.filter(pk__in=linked).values_list("pk", "current__content__evidence")
        self.with_paper = {code for code, evidence in checks if PAPERS & set(evidence or ())}
        self.plans = self.planned(chosen, linked)
        self.held = self.documents(person, chosen)
        self.spared = self.not_needed(person, chosen)

    def planned(self, sites: Sequence[uuid.UUID], linked: set[str]) -> dict[str, list[Any]]:
        """The plans of linked checks at the sites, by check, each with whether a report came with what was done."""
        reports = CheckRecord.objects.counting().filter(plan=OuterRef("pk"), photos__isnull=False)
        rows = Plan.objects.filter(active=True, site__in=sites, check_type__in=linked).annotate(paper=Exists(reports))
        found: dict[str, list[Any]] = defaultdict(list)
        for plan in rows.select_related("asset").order_by("pk"):
            found[plan.check_type_id].append(plan)
        return found

    def documents(self, person: Person, sites: Sequence[uuid.UUID]) -> dict[tuple[str, Place], Document]:
        """The newest version of every document at the sites, and of the trust's own."""
        rows = Document.objects.visible_to(person).filter(next__isnull=True)
        rows = rows if self.whole else rows.filter(site__in=sites)
        return {(each.kind, (each.site_id, each.building_id, each.asset_id)): each for each in rows}

    def not_needed(self, person: Person, sites: Sequence[uuid.UUID]) -> dict[tuple[str, Place], DocumentNotNeeded]:
        """What is agreed not to be needed today."""
        rows = in_force(DocumentNotNeeded.objects.visible_to(person), self.today)
        rows = rows if self.whole else rows.filter(site__in=sites)
        return {(each.kind, (each.site_id, each.building_id, None)): each for each in rows}

    def needs(self) -> Iterable[Need]:
        """Every kind at every place that needs it."""
        for kind in kinds().values():
            if kind.held_for == TRUST:
                if self.whole:
                    yield self.stood(Need(kind, (None, None, None), "The whole trust", None), ())
            elif kind.check:
                yield from self.of_check(kind)
            else:
                yield from self.of_places(kind)

    def of_places(self, kind: Kind) -> Iterable[Need]:
        """A kind without a linked check, at every site or building."""
        if kind.held_for == SITE:
            for site in self.sites.values():
                yield self.stood(Need(kind, (site.pk, None, None), site.name, site), ())
            return
        for building in self.buildings:
            if needed_for(kind, building.built):
                where = f"{building.name}, {self.sites[building.site_id].name}"
                yield self.stood(Need(kind, (building.site_id, building.pk, None), where, self.sites[building.site_id]), ())

    def of_check(self, kind: Kind) -> Iterable[Need]:
        """A kind with a linked check: where that is planned, gathered by the kind's sort of place."""
        by_place: dict[Place, list[Any]] = defaultdict(list)
        for plan in self.plans.get(kind.check, ()):
            by_place[place_of(kind, plan)].append(plan)
        names = {each.pk: each.name for each in self.buildings}
        for place, plans in by_place.items():
            site = self.sites[plans[0].site_id]
            parts = [str(plans[0].asset)] if place[2] else []
            parts += [names[place[1]]] if place[1] in names else []
            yield self.stood(Need(kind, place, ", ".join([*parts, site.name]), site), plans)

    def stood(self, need: Need, plans: Sequence[Any]) -> Need:
        """How it stands: by its own paper, by the reports of its check, or as agreed not to be needed."""
        best = Standing(MISSING)
        if document := self.held.get((need.kind.key, need.place)):
            best = standing_until(document.valid_until, self.today, "document")
            need.link = f"/documents/{document.pk}/"
        if plans:
            by_check = worst_of(self.by_plan(plan) for plan in plans)
            if by_check.state != MISSING and better(by_check, best) is by_check:
                best, need.link = by_check, f"/plans/{plans[0].pk}/" if len(plans) == 1 else plans_link(need, plans)
        site_id, building_id, _ = need.place
        spared = [(need.kind.key, (site_id, building_id, None)), (need.kind.key, (site_id, None, None))]
        if row := next((self.spared[each] for each in spared if each in self.spared), None):
            best = Standing(NOT_NEEDED, row.expires_on, "decision")
        need.standing = best
        return need

    def by_plan(self, plan: Any) -> Standing:
        """How one plan's newest report stands: good until the check is overdue."""
        done = plan.last_done_on is not None and (plan.paper or plan.check_type_id not in self.with_paper)
        if not done:
            return Standing(MISSING)
        until = plan.overdue_from - dt.timedelta(days=1) if plan.overdue_from else None
        return standing_until(until, self.today, "check")


def in_force(rows: QuerySet[Any], today: dt.date) -> QuerySet[Any]:
    """Those agreed, not taken back, and not run out."""
    return rows.filter(agreed=True, ended_at=None, expires_on__gte=today)


def worst_of(standings: Iterable[Standing]) -> Standing:
    """The worst of several that are all needed at one place."""
    return min(standings, key=lambda each: (WORST_FIRST.index(each.state), each.until or dt.date.max))


def place_of(kind: Kind, plan: Any) -> Place:
    """Where a plan's report belongs, by the sort of place that the kind is held for."""
    building = plan.building_id or (plan.asset.building_id if plan.asset else None)
    if kind.held_for == ASSET:
        return (plan.site_id, building, plan.asset_id)
    return (plan.site_id, building if kind.held_for == BUILDING else None, None)


def plans_link(need: Need, plans: Sequence[Any]) -> str:
    """The list of the plans behind a need."""
    building = f"&building={need.place[1]}" if need.place[1] else ""
    return f"/plans/?check={plans[0].check_type_id}&site={plans[0].site_id}{building}"
