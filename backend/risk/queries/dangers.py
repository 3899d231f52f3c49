"""Exposures from defects that are dangerous or serious, from things of which there is one only, and from firms. Seven queries."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Max, Q

from backend.assets.models import Asset
from backend.checks.models import CheckRecord
from backend.maintenance.models import Contractor, ContractorVisit, Defect, DefectQuerySet, Severity, WorkOrder, barred
from backend.maintenance.queries.contractors import standings
from backend.risk.estate import estate
from backend.risk.queries.assumed import Assumed
from backend.risk.queries.exposure import ASSUMED, GIVEN, Exposure, Price
from backend.rules import exposures
from backend.rules.estate import years_between
from backend.trust import permits
from backend.trust.models import Person, Site

YEAR = dt.timedelta(days=365)
SOON = dt.timedelta(days=60)


def dangerous(rows: DefectQuerySet, day: dt.date) -> DefectQuerySet:
    """The open defects that are unsafe, serious, or because of which something must not be used."""
    return rows.filter(barred(day) | Q(status=Defect.Status.OPEN, severity=Severity.HIGH), found_on__lte=day)


def of_defects(person: Person, day: dt.date, figures: Mapping[str, Assumed]) -> Iterator[Exposure]:
    """Open defects that are dangerous or serious. Two queries."""
    rows = dangerous(Defect.objects.visible_to(person, permits.RISK_VIEW), day)
    found = list(rows.select_related("site__school", "building", "asset__building"))
    given = prices_given([each.pk for each in found])
    for each in found:
        unsafe, shut = each.unsafe, each.bars_use(day)
        scored = exposures.defect(
            estate(),
            unsafe=unsafe,
            made_safe=bool(each.made_safe_on or each.made_safe),
            barred=shut,
            days_past_target=(day - each.target_on).days if each.target_on else 0,
            accepted=each.standing(day) == "accepted",
        )
        key = "defect-unsafe" if unsafe or shut else "defect-high"
        price = Price(given[each.pk], GIVEN) if each.pk in given else Price(figures[key].value, ASSUMED, key)
        building = each.building or (each.asset.building if each.asset else None)
        yield Exposure(
            key=f"defect.{each.pk}",
            kind=exposures.DEFECT,
            title=each.summary,
            where=", ".join(str(one) for one in (each.asset, building, each.site) if one),
            site=each.site,
            score=scored,
            link=f"/problems/{each.pk}/",
            building_id=building.pk if building else None,
            discipline=each.discipline,
            since=each.found_on,
            price=price,
        )


def prices_given(defects: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Defect -> the highest price, in pence, that a work order for it says. One query."""
    orders = WorkOrder.objects.filter(defect__in=defects, cost_pence__isnull=False).exclude(status=WorkOrder.Status.CANCELLED)
    return dict(orders.order_by().values_list("defect_id").annotate(cost=Max("cost_pence")))


def of_single_things(person: Person, day: dt.date) -> Iterator[Exposure]:
    """Things of which a site has one only, where the site must do without when it fails. Two queries."""
    groups = {kind: single for single in estate().single_points for kind in single.types}
    rows = Asset.objects.visible_to(person, permits.RISK_VIEW).filter(type__in=groups).exclude(status=Asset.Status.RETIRED)
    there: dict[tuple[uuid.UUID, str], list[Asset]] = defaultdict(list)
    for asset in rows.select_related("site__school", "building").order_by("pk"):
        there[asset.site_id, groups[asset.type_id].group].append(asset)
    alone = [those[0] for those in there.values() if len(those) == 1]
    open_now = Defect.objects.filter(asset__in=alone, status=Defect.Status.OPEN).values_list("asset_id").annotate(n=Count("pk"))
    problems = dict(open_now.order_by())
    for asset in alone:
        life = estate().lives.get(asset.type_id)
        past = years_between(asset.installed_on, day) - life if asset.installed_on and life else 0
        scored = exposures.single_point(
            estate(),
            only=groups[asset.type_id].words,
            weight=None,
            years_past_life=past,
            open_defects=problems.get(asset.pk, 0),
        )
        yield Exposure(
            key=f"single.{asset.pk}",
            kind=exposures.SINGLE,
            title=asset.name,
            where=", ".join(str(one) for one in (asset.building, asset.site) if one),
            site=asset.site,
            score=scored,
            link=f"/assets/{asset.pk}/",
            building_id=asset.building_id,
            law_key="single-point",
            since=asset.installed_on,
        )


def of_single_people(day: dt.date, sites: Mapping[uuid.UUID, Site]) -> Iterator[Exposure]:
    """Sites where one person did nearly all of the checks lately. One query."""
    by = estate().single_person
    since = day - dt.timedelta(days=by["days"])
    rows = CheckRecord.objects.counting().filter(site__in=sites, done_on__gt=since, done_on__lte=day)
    counts: dict[uuid.UUID, list[int]] = defaultdict(list)
    for site, _, number in rows.values_list("site_id", "author_id").annotate(n=Count("pk")).order_by():
        counts[site].append(number)
    for site_id, numbers in sorted(counts.items(), key=lambda each: str(each[0])):
        total = sum(numbers)
        if total < by["least_records"] or max(numbers) * 10_000 < total * by["share_hundredths"]:
            continue
        site = sites[site_id]
        scored = exposures.single_point(estate(), only=by["words"], weight=None, years_past_life=0, open_defects=0)
        yield Exposure(
            key=f"single-person.{site_id}",
            kind=exposures.SINGLE,
            title="The checks hang on one person",
            where=str(site),
            site=site,
            score=scored,
            link=f"/records/?site={site_id}",
            law_key="single-point",
        )


def of_firms(person: Person, day: dt.date, sites: Mapping[uuid.UUID, Site]) -> Iterator[Exposure]:
    """Firms whose papers do not let them work, at each site where they work or worked in the last year. Three queries."""
    firms = list(Contractor.objects.visible_to(person).filter(active=True))
    stand = standings(firms, day) if firms else {}
    lapsed = {firm.pk: firm for firm in firms if stand[firm.pk].missing}
    if not lapsed:
        return
    at_work: dict[tuple[Any, Any], bool] = {}
    orders = WorkOrder.objects.filter(contractor__in=lapsed, site__in=sites).exclude(status=WorkOrder.Status.CANCELLED)
    for order in orders.filter(Q(done_at=None) | Q(done_at__date__gt=day - YEAR)):
        key = (order.contractor_id, order.site_id)
        at_work[key] = at_work.get(key, False) or order.is_running
    visits = ContractorVisit.objects.filter(
        contractor__in=lapsed, site__in=sites, called_off_at=None, planned_on__gt=day - YEAR, planned_on__lte=day + SOON
    )
    for visit in visits:
        key = (visit.contractor_id, visit.site_id)
        at_work[key] = at_work.get(key, False) or (visit.left_at is None and visit.planned_on >= day)
    for (firm_id, site_id), now in sorted(at_work.items(), key=str):
        firm, site = lapsed[firm_id], sites[site_id]
        scored = exposures.contractor(estate(), missing=" ".join(stand[firm_id].missing), at_work=now)
        yield Exposure(
            key=f"contractor.{firm_id}.{site_id}",
            kind=exposures.CONTRACTOR,
            title=f"{firm.name}: papers",
            where=str(site),
            site=site,
            score=scored,
            link=f"/contractors/{firm_id}/",
            law_key="contractors",
            since=stand[firm_id].first_end,
        )
