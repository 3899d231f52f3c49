"""The set of plans that a site's facts and assets ask for, compared with the plans that it has."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.checks.models import CheckRevision, NotApplicable, Plan
from backend.checks.queries.excused import Excused, Stand, excused, key_of
from backend.checks.queries.places import judgings, published_now
from backend.rules.applying import Finding, Key, Verdict, findings
from backend.rules.known_facts import Judging
from backend.trust.models import Site


@dataclass(frozen=True, slots=True)
class New:
    """A check that applies and is not planned."""

    revision: CheckRevision
    finding: Finding
    thing: str

    @property
    def key(self) -> Key:
        """What it is about."""
        return self.finding.key


@dataclass(frozen=True, slots=True)
class Gone:
    """A plan whose check does not apply any more, and why."""

    plan: Plan
    why: str


@dataclass(frozen=True, slots=True)
class Open:
    """A check of which something must be answered or entered first."""

    revision: CheckRevision
    finding: Finding
    place: str


@dataclass(slots=True)
class Proposal:
    """What is proposed for a site. `kept` plans stay; `hand` of them were made by hand and are never proposed to go."""

    site: Site
    judged: Judging
    new: list[New] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    asks: list[Open] = field(default_factory=list)
    gaps: list[Open] = field(default_factory=list)
    excused: list[Excused] = field(default_factory=list)
    kept: int = 0
    hand: int = 0
    extended: int = 0
    """Checks for special equipment that would apply and were not asked for."""

    def standing(self, *stands: Stand) -> list[Excused]:
        """The decisions that stand so."""
        return [each for each in self.excused if each.stand in stands]


def proposal(site: Site, *, today: dt.date, extended: bool = False) -> Proposal:
    """What a site's facts and assets ask for. `extended`: checks for special equipment too. Eight queries, whatever its size."""
    judged = judgings([site])[site.pk]
    found = Proposal(site, judged)
    published = published_now()
    plans = list(
        Plan.objects.filter(site=site, active=True, rule__isnull=False)
        .select_related("check_type", "building", "asset")
        .order_by("check_type__title", "pk")
    )
    decisions = NotApplicable.objects.filter(site=site).select_related("check_type", "site", "building", "asset")
    found.excused = excused(decisions.order_by("-asked_at", "pk"), today)
    planned = {key_of(plan) for plan in plans}
    settled = {key_of(each.row) for each in found.standing(Stand.IN_FORCE, Stand.WAITING)}
    all_findings: dict[str, list[Finding]] = {}
    for revision in published:
        code = revision.check_type_id
        all_findings[code] = findings(code, revision.content, judged)
        sort_in(found, revision, all_findings[code], planned, settled, extended)
    sort_plans(found, plans, all_findings)
    return found


def sort_in(
    found: Proposal, revision: CheckRevision, those: Sequence[Finding], planned: set[Key], settled: set[Key], extended: bool
) -> None:
    """Put what was found of one check where it belongs; those of special equipment only when they were asked for."""
    special = revision.check_type.tier == "extended" and not extended
    for each in those:
        if each.key in planned or each.key in settled:
            continue
        if special:
            found.extended += each.verdict is Verdict.APPLIES
        elif each.verdict is Verdict.APPLIES:
            found.new.append(New(revision, each, thing_of(found.judged, each.key)))
        elif each.verdict is Verdict.ASK:
            found.asks.append(Open(revision, each, found.judged.name(each.key.building)))
        elif each.verdict is Verdict.GAP:
            found.gaps.append(Open(revision, each, found.judged.name(each.key.building)))


def thing_of(judged: Judging, key: Key) -> str:
    """What a duty is on, in words."""
    if key.asset:
        return next((thing.name for thing in judged.place.things if thing.id == key.asset), "")
    return judged.name(key.building)


def sort_plans(found: Proposal, plans: Sequence[Plan], those: Mapping[str, Sequence[Finding]]) -> None:
    """Which plans stay, and which are wanted no longer. A plan that hangs on an unanswered fact stays: unknown is never no."""
    stays = {each.key for group in those.values() for each in group if each.verdict in (Verdict.APPLIES, Verdict.ASK)}
    asked_whole = {
        each.key.code for group in those.values() for each in group if each.verdict is Verdict.ASK and not any(each.key[1:])
    }
    agreed = {key_of(each.row): each.row for each in found.standing(Stand.IN_FORCE)}
    for plan in plans:
        key = key_of(plan)
        if plan.origin == Plan.Origin.BY_HAND:
            found.hand += 1
            found.kept += 1
        elif key in agreed:
            found.gone.append(Gone(plan, f"it was agreed that it does not apply: {agreed[key].reason}"))
        elif key in stays or plan.check_type_id in asked_whole:
            found.kept += 1
        else:
            found.gone.append(Gone(plan, why_gone(plan, those.get(plan.check_type_id))))


def why_gone(plan: Plan, those: Sequence[Finding] | None) -> str:
    """Why a plan is wanted no longer."""
    if those is None:
        return "the library has this check no more"
    if plan.asset and plan.asset.status == plan.asset.Status.RETIRED:
        return f"{plan.asset.name} has been retired"
    key = key_of(plan)
    mine = [each for each in those if each.key == key] or [each for each in those if not any(each.key[1:])]
    if mine:
        return mine[0].why
    return "it is planned elsewhere here now" if those else "nothing here asks for it"


def by_discipline(lines: Sequence[New]) -> dict[str, dict[CheckRevision, list[New]]]:
    """New plans by discipline and check, in the order of the library."""
    grouped: dict[str, dict[CheckRevision, list[New]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        grouped[line.revision.check_type.discipline][line.revision].append(line)
    return {discipline: dict(checks) for discipline, checks in grouped.items()}
