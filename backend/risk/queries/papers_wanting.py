"""Exposures from documents that are missing or have expired."""

import datetime as dt
from collections.abc import Iterator, Mapping, Set
from typing import Any

from backend.checks.models import CheckType
from backend.checks.queries.documents import Need, needs
from backend.risk.estate import estate
from backend.risk.queries.assumed import Assumed
from backend.risk.queries.exposure import ASSUMED, Exposure, Price
from backend.rules import exposures
from backend.rules.documents import EXPIRED, MISSING
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach


def of_documents(
    person: Person, day: dt.date, figures: Mapping[str, Assumed], listed: Set[tuple[str, Any, Any]]
) -> Iterator[Exposure]:
    """Documents that are missing or have expired; not those whose own check is `listed` as overdue or unproved at that place."""
    here = reach(person, permits.RISK_VIEW)
    anywhere = {(code, site) for code, site, _ in listed}
    weights = dict(CheckType.objects.values_list("pk", "weight"))
    for need in needs(person, day):
        if need.standing.state not in (MISSING, EXPIRED):
            continue
        if not (here.covers(need.site.pk, need.site.school_id) if need.site else here.everywhere):
            continue
        if not is_listed(need, listed, anywhere):
            yield of_need(need, day, figures, weights.get(need.kind.check))


def is_listed(need: Need, listed: Set[tuple[str, Any, Any]], anywhere: Set[tuple[str, Any]]) -> bool:
    """Whether the check that makes this document is listed by itself at that place (`anywhere` at a site)."""
    _, building, asset = need.place
    if not need.kind.check or not need.site:
        return False
    if building is None and asset is None:
        return (need.kind.check, need.site.pk) in anywhere
    return (need.kind.check, need.site.pk, building) in listed


def of_need(need: Need, day: dt.date, figures: Mapping[str, Assumed], weight: int | None) -> Exposure:
    """The exposure of one document at one place."""
    until = need.standing.until
    expired = (day - until).days if need.standing.state == EXPIRED and until else None
    place = ".".join(str(each) for each in need.place if each)
    where = "&".join(f"{name}={value}" for name, value in zip(("site", "building"), need.place, strict=False) if value)
    return Exposure(
        key=f"document.{need.kind.key}.{place}".rstrip("."),
        kind=exposures.DOCUMENT,
        title=need.kind.title,
        where=need.where,
        site=need.site,
        score=exposures.document(estate(), days_expired=expired, weight=weight),
        link=need.link or f"/documents/list/?kind={need.kind.key}" + (f"&{where}" if where else ""),
        building_id=need.place[1],
        law=(need.kind.law,) if need.kind.law else (),
        law_key="documents",
        since=until,
        price=Price(figures["document"].value, ASSUMED, "document"),
    )
