"""The figures of the CFO's page and of the board paper: what could hurt somebody, what could cost, what is to be decided.

One set of figures for page and paper, as plain as JSON, so that a paper is these figures frozen. Money is pence.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Sum

from backend.checks.models import DocumentNotNeeded, NotApplicable
from backend.maintenance.models import AcceptedRisk, Defect, WorkOrder
from backend.risk.estate import estate
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.gathered import Gathered, Sums, gather, summed, summed_by
from backend.risk.queries.money import Backlog, Forecast, backlog, forecast
from backend.risk.queries.register import to_review
from backend.rules.exposures import CONTRACTOR, DEFECT, KINDS
from backend.rules.forecast import year_ahead
from backend.trust import permits
from backend.trust.models import Building, Person, School, Trust

Figures = dict[str, Any]
SHOWN: Final = 5
HURTS: Final = 4  # from this consequence on somebody could be badly hurt


def brief(person: Person, day: dt.date) -> Figures:
    """Everything that the page shows and a paper freezes, for what somebody may see of risk on a day."""
    found = gather(person, day)
    ahead = forecast(person, day, found.figures)
    trust = Trust.objects.first()
    hurting = [each for each in found.exposures if each.score.consequence >= HURTS]
    dear = sorted((each for each in found.exposures if each.price.pence), key=lambda each: (-(each.price.pence or 0), each.order))
    back = backlog(found.items, day, found.figures)
    return {
        "day": day.isoformat(),
        "trust": str(trust) if trust else "",
        "bands": [{"key": each.key, "title": each.title, "least": each.least} for each in estate().bands],
        "all": plain(summed(found.exposures)),
        "hurting": plain(summed(hurting)),
        "pupils_under_severe": pupils_under(found, "severe"),
        "hurt": [told(each) for each in hurting[:SHOWN]],
        "cost": [told(each) for each in dear[:SHOWN]],
        "decide": decisions(person, found),
        "kinds": kinds_of(found.exposures),
        "schools": schools_of(found, ahead),
        "backlog": backlog_of(back),
        "forecast": forecast_of(ahead, day),
        "assumptions": [
            {"key": each.of.key, "title": each.of.title, "unit": each.of.unit, "value": each.value, "own": each.own is not None}
            for each in found.figures.values()
        ],
    }


def plain(sums: Sums) -> Figures:
    """Sums as plain figures; the bands with the total beside them, never one without the other."""
    return {
        "bands": dict(sums.bands), "total": sums.total, "worst": sums.worst, "pence": sums.pence, "unpriced": sums.unpriced,
        "assumed": sums.assumed, "waiting": sums.waiting,
    }  # fmt: skip


def told(one: Exposure) -> Figures:
    """An exposure as plain words and figures."""
    law = one.in_law
    return {
        "key": one.key, "kind": one.kind, "title": one.title, "where": one.where,
        "school": str(one.site.school) if one.site else "", "link": one.link, "band": one.band.key,
        "score": one.score.score, "likelihood": one.score.likelihood, "consequence": one.score.consequence,
        "why": [each.words for each in one.score.steps], "pence": one.price.pence, "basis": one.price.words,
        "waiting": one.waiting, "in_law": law.words if law else "",
    }  # fmt: skip


def pupils_under(found: Gathered, band: str) -> Figures:
    """How many schools have something open in a band, how many pupils they have, and how many of them do not say."""
    schools = {each.site.school for each in found.exposures if each.site and each.band.key == band}
    said = [each.pupils for each in schools]
    return {"schools": len(schools), "pupils": sum(each or 0 for each in said), "unknown": said.count(None)}


def kinds_of(those: Sequence[Exposure]) -> list[Figures]:
    """The sums by sort of exposure, every sort, also those of which there is none."""
    by = summed_by(those, lambda each: each.kind)
    return [{"key": key, "title": title, **plain(by.get(key, Sums()))} for key, title in KINDS.items()]


def schools_of(found: Gathered, ahead: Forecast) -> list[Figures]:
    """Each school with its sums, per pupil and per square metre; the worst first."""
    by = summed_by(found.exposures, lambda each: each.site.school_id if each.site else None)
    schools: dict[Any, School] = {each.school_id: each.school for each in found.sites}
    areas = dict(
        Building.objects.filter(site__in=[each.pk for each in found.sites])
        .values_list("site__school_id")
        .annotate(area=Sum("floor_area_m2"))
        .order_by()
    )
    rows = []
    for school_id, school in schools.items():
        sums, area = by.get(school_id, Sums()), areas.get(school_id)
        rows.append(
            (
                sums.order,
                school.name,
                {
                    "id": str(school_id), "name": school.name, "pupils": school.pupils, "area": area, **plain(sums),
                    "per_pupil": sums.pence // school.pupils if school.pupils else None,
                    "per_m2": sums.pence // area if area else None, "forecast": ahead.by_school.get(school_id, 0),
                },
            )
        )  # fmt: skip
    rows.sort(key=lambda each: each[:2])
    trusts = [{"id": "", "name": "The trust itself", "pupils": None, "area": None, **plain(by[None]), "per_pupil": None,
               "per_m2": None, "forecast": 0}] if None in by else []  # fmt: skip
    return [each[2] for each in rows] + trusts


def backlog_of(rows: dict[int, Backlog]) -> list[Figures]:
    """The backlog by priority."""
    titles = estate().priorities
    return [
        {"priority": key, "title": titles[key], "items": row.items, "pence": row.pence, "unpriced": row.unpriced,
         "waiting": row.waiting}
        for key, row in rows.items()
    ]  # fmt: skip


def forecast_of(ahead: Forecast, day: dt.date) -> Figures:
    """The twelve months ahead."""
    months = [{"month": each.isoformat(), "pence": pence} for each, pence in zip(year_ahead(day), ahead.months, strict=True)]
    fields = sorted(ahead.by_discipline.items(), key=lambda each: (-each[1], each[0]))
    return {
        "pence": ahead.pence, "minutes": ahead.minutes, "months": months,
        "disciplines": [{"key": key, "pence": pence} for key, pence in fields],
    }  # fmt: skip


def decisions(person: Person, found: Gathered) -> list[Figures]:
    """What somebody has to decide this month: each with how many, what it costs as far as known, and where. Five queries."""
    risks = AcceptedRisk.objects.visible_to(person, permits.RISK_VIEW).filter(decision=AcceptedRisk.Decision.WAITING).count()
    spared = NotApplicable.objects.visible_to(person, permits.RISK_VIEW).filter(decided_at=None, ended_at=None).count()
    papers = DocumentNotNeeded.objects.visible_to(person, permits.RISK_VIEW).filter(decided_at=None, ended_at=None).count()
    dangers = [each for each in found.exposures if each.kind == DEFECT]
    ids = [uuid.UUID(each.key.partition(".")[2]) for each in dangers]
    given = {str(each) for each in WorkOrder.objects.filter(defect_id__in=ids).out().values_list("defect_id", flat=True)}
    idle = [each for each in dangers if each.key.partition(".")[2] not in given]
    firms = [each for each in found.exposures if each.kind == CONTRACTOR]
    urgent = [each for each in found.items if each.priority == 1]
    overspent = Defect.objects.visible_to(person, permits.RISK_VIEW).run_out(found.day).count()
    return [
        each
        for each in (
            said(
                len(idle),
                "dangerous or serious problem",
                "that nobody has been given",
                "/risk/exposures/?kind=defect",
                pence_of(idle),
            ),
            said(len(urgent), "urgent condition item", "to be put into this year's money", "/condition/items/?priority=1", None),
            said(len(firms), "contractor", "with papers that do not let them work", "/risk/exposures/?kind=contractor", None),
            said(risks, "risk", "that somebody asks to live with", "/problems/?stage=asked", None),
            said(overspent, "accepted risk", "that has run out", "/problems/?stage=run-out", None),
            said(to_review(person, found.day), "risk", "of the register to be looked at again", "/risk/register/?when=due", None),
            said(spared, "check", "that is said not to apply", "/applying/", None),
            said(papers, "document", "that is said not to be needed", "/documents/", None),
        )
        if each["count"]
    ]


def pence_of(those: Sequence[Exposure]) -> int:
    """What some cost as far as it is known."""
    return sum(each.price.pence or 0 for each in those)


def said(count: int, what: str, words: str, link: str, pence: int | None) -> Figures:
    """One thing to decide."""
    return {"count": count, "what": what, "words": words, "link": link, "pence": pence}
