"""Everything that an evidence pack is made of, read from the database: what is owed, done, missed, wrong and certified.

Every row asked for is of the chosen site (and building). A bounded number of queries, however many rows.
"""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.assets.models import Asset
from backend.checks.models import (
    Certificate,
    CertificateItem,
    CertificateRemedial,
    CheckRecord,
    CheckRevision,
    Document,
    Finding,
    Lapse,
    NotDone,
    Plan,
    RecordPhoto,
)
from backend.checks.models.packs import Chosen
from backend.checks.queries.documents import kinds
from backend.checks.queries.past import Known, owed_on, records_known, statuses_on
from backend.core.days import LONDON
from backend.maintenance.models import AcceptedRisk, Defect, DefectNote, DefectPhoto, WorkOrder
from backend.office.queries.misses import Miss, as_miss


def at_place(chosen: Chosen, before: str = "") -> Q:
    """Rows at the chosen place; `before` is the path to what has a site, a building and an asset ("plan__")."""
    wanted = Q(**{f"{before}site": chosen.site_id})
    if chosen.building_id:
        at = Q(**{f"{before}building": chosen.building_id}) | Q(**{f"{before}asset__building": chosen.building_id})
        wanted &= at
    return wanted


def moments(chosen: Chosen) -> tuple[dt.datetime, dt.datetime]:
    """From the first moment of the first day to the first after the last day, London time."""
    first = dt.datetime.combine(chosen.first_day, dt.time(), LONDON)
    return first, dt.datetime.combine(chosen.last_day + dt.timedelta(days=1), dt.time(), LONDON)


def plans_of(chosen: Chosen, today: dt.date) -> QuerySet[Plan]:
    """What is owed there; for a period that is over, what was owed on its last day, also what was ended since."""
    rows: QuerySet[Plan] = Plan.objects.filter(at_place(chosen), discipline__in=chosen.disciplines)
    day = chosen.last_day
    rows = owed_on(rows, day, Known.NOW) if day < today else rows.filter(active=True, starts_on__lte=day)
    return rows.select_related("check_type__current", "site", "building", "asset").order_by("check_type__title", "pk")


def records_of(chosen: Chosen) -> QuerySet[CheckRecord]:
    """What was done in the period, also what was corrected later."""
    rows = CheckRecord.objects.filter(at_place(chosen), check_type__discipline__in=chosen.disciplines)
    rows = rows.filter(done_on__gte=chosen.first_day, done_on__lte=chosen.last_day)
    return rows.select_related("check_type", "building", "asset", "correction").order_by("done_at", "pk")


def lapses_of(chosen: Chosen) -> QuerySet[Lapse]:
    """What was missed in the period."""
    rows = Lapse.objects.filter(at_place(chosen, "plan__"), plan__discipline__in=chosen.disciplines)
    rows = rows.filter(due_on__gte=chosen.first_day, due_on__lte=chosen.last_day)
    return rows.select_related("plan__check_type", "plan__site", "plan__building", "plan__asset").order_by("due_on", "pk")


def attempts_of(chosen: Chosen) -> QuerySet[NotDone]:
    """Attempts in the period that came to nothing."""
    first, end = moments(chosen)
    rows = NotDone.objects.filter(at_place(chosen, "plan__"), plan__discipline__in=chosen.disciplines)
    rows = rows.filter(made_at__gte=first, made_at__lt=end)
    return rows.select_related("plan__check_type", "plan__site", "plan__building", "plan__asset").order_by("made_at", "pk")


def defects_of(chosen: Chosen) -> QuerySet[Defect]:
    """What was wrong at any time in the period: found by its last day and not closed before its first."""
    first, _ = moments(chosen)
    rows = Defect.objects.filter(at_place(chosen), discipline__in=chosen.disciplines, found_on__lte=chosen.last_day)
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=first))
    return rows.select_related("site", "building", "asset", "reported_by", "merged_into").order_by("found_on", "pk")


def certificates_of(chosen: Chosen) -> QuerySet[Certificate]:
    """Certificates and reports of the period."""
    of = Q(check_type__discipline__in=chosen.disciplines) | Q(defect__discipline__in=chosen.disciplines)
    rows = Certificate.objects.filter(of, site=chosen.site_id).exclude(kind=Certificate.Kind.WITHDRAWN)
    rows = rows.filter(examined_on__gte=chosen.first_day, examined_on__lte=chosen.last_day)
    if chosen.building_id:
        here = Q(record__building=chosen.building_id) | Q(record__asset__building=chosen.building_id)
        items = CertificateItem.objects.filter(here, certificate=OuterRef("pk"))
        mended = Q(defect__building=chosen.building_id) | Q(defect__asset__building=chosen.building_id)
        rows = rows.filter(Exists(items) | mended)
    return rows.select_related("check_type", "contractor", "filed_by", "defect", "correction").order_by("examined_on", "pk")


def documents_of(chosen: Chosen) -> QuerySet[Any]:
    """The standing papers of the register that belong to the chosen disciplines, held by the period's last day."""
    from backend.checks.models import CheckType

    of_check = dict(CheckType.objects.values_list("code", "discipline"))
    wanted = [
        key for key, kind in kinds().items() if of_check.get(kind.check or "", "documents-management") in chosen.disciplines
    ]
    rows = Document.objects.filter(site=chosen.site_id, kind__in=wanted, next=None, issued_on__lte=chosen.last_day)
    if chosen.building_id:
        rows = rows.filter(Q(building=chosen.building_id) | Q(building=None, asset=None) | Q(asset__building=chosen.building_id))
    return rows.order_by("kind", "pk")


def preview(chosen: Chosen, today: dt.date) -> dict[str, int]:
    """How many of what a pack would hold. Counting alone: a query each."""
    records = records_of(chosen)
    said = {
        "plans": plans_of(chosen, today).count(),
        "records": records.count(),
        "late_entries": records.filter(late_entry=True).count(),
        "lapses": lapses_of(chosen).count(),
        "attempts": attempts_of(chosen).count(),
        "defects": defects_of(chosen).count(),
        "certificates": certificates_of(chosen).count(),
        "documents": documents_of(chosen).count(),
    }
    of_records = RecordPhoto.objects.filter(record__in=records.order_by().values("pk"))
    of_defects = DefectPhoto.objects.filter(defect__in=defects_of(chosen).order_by().values("pk"))
    said["photos"] = (of_records.count() + of_defects.count()) if chosen.photos else 0
    return said


@dataclass(slots=True)
class Gathered:
    """All rows of a pack, loaded, with what each belongs to."""

    chosen: Chosen
    as_of: dt.date
    plans: list[Plan]
    records: list[CheckRecord]
    lapses: list[Miss]
    attempts: list[NotDone]
    defects: list[Defect]
    certificates: list[Certificate]
    documents: list[Document]
    statuses: dict[uuid.UUID, str] = field(default_factory=dict)
    revisions: dict[int, CheckRevision] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    photos: list[RecordPhoto] = field(default_factory=list)
    notes: list[DefectNote] = field(default_factory=list)
    defect_photos: list[DefectPhoto] = field(default_factory=list)
    orders: list[WorkOrder] = field(default_factory=list)
    risks: list[AcceptedRisk] = field(default_factory=list)
    items: list[CertificateItem] = field(default_factory=list)
    remedials: list[CertificateRemedial] = field(default_factory=list)
    later_done: dict[uuid.UUID, list[dt.date]] = field(default_factory=dict)
    unproved: set[uuid.UUID] = field(default_factory=set)
    """The plans that are in date by their dates alone: nothing was recorded of them by then."""

    def counts(self) -> dict[str, int]:
        """How many of what there are, and how what is owed stands."""
        stands = [self.statuses[each.pk] for each in self.plans]
        standing = [each for each in self.lapses if each.stands]
        still = [each for each in self.defects if self.open_then(each)]
        return {
            "plans": len(self.plans),
            **{key: stands.count(key.replace("_", "-")) for key in ("in_date", "due_soon", "due", "overdue", "paused")},
            "unproved": len(self.unproved),
            "records": len(self.records),
            "late_entries": sum(each.late_entry for each in self.records),
            "corrections": sum(each.supersedes_id is not None for each in self.records),
            "unsatisfactory": sum(each.outcome == CheckRecord.Outcome.UNSATISFACTORY for each in self.records),
            "lapses": len(standing),
            "lapses_explained": sum(each.excused for each in standing),
            "lapses_withdrawn": len(self.lapses) - len(standing),
            "attempts": len(self.attempts),
            "defects": len(self.defects),
            "defects_open": len(still),
            "certificates": len(self.certificates),
            "documents": len(self.documents),
        }

    def failing(self) -> set[uuid.UUID]:
        """The plans whose last record in the period that stands was not satisfactory."""
        last: dict[uuid.UUID, CheckRecord] = {}
        replaced = {each.supersedes_id for each in self.records}
        for each in self.records:
            if each.plan_id and each.pk not in replaced:
                before = last.get(each.plan_id)
                last[each.plan_id] = each if before is None or each.done_at >= before.done_at else before
        return {plan for plan, each in last.items() if each.outcome == CheckRecord.Outcome.UNSATISFACTORY}

    def open_then(self, defect: Defect) -> bool:
        """Whether a problem was open at the end of the period (today, when that lies ahead)."""
        return defect.closed_at is None or defect.closed_at.astimezone(LONDON).date() > self.as_of

    def next_done(self, miss: Miss) -> dt.date | None:
        """The day on which what was missed was next done; None when it was not since."""
        done = self.later_done.get(miss.lapse.plan_id, [])
        return next((day for day in done if day > miss.lapse.due_on), None)


def gather(chosen: Chosen, today: dt.date) -> Gathered:
    """Read all of it. Call it within one snapshot."""
    lapses = [as_miss(each) for each in lapses_of(chosen).prefetch_related("notes__made_by")]
    found = Gathered(
        chosen=chosen,
        as_of=min(chosen.last_day, today),
        plans=list(plans_of(chosen, today)),
        records=list(records_of(chosen)),
        lapses=lapses,
        attempts=list(attempts_of(chosen)),
        defects=list(defects_of(chosen)),
        certificates=list(certificates_of(chosen)),
        documents=list(documents_of(chosen)),
    )
    found.statuses = statuses(found.plans, found.as_of, today)
    found.unproved = never_recorded(found)
    tell_records(found)
    tell_defects(found)
    found.items = list(CertificateItem.objects.filter(certificate__in=found.certificates))
    found.remedials = list(CertificateRemedial.objects.filter(certificate__in=found.certificates).select_related("defect"))
    found.later_done = later(found)
    return found


def statuses(plans: list[Plan], day: dt.date, today: dt.date) -> dict[uuid.UUID, str]:
    """How each plan stands on a day: by its dates today, from the records in the past."""
    if day >= today:
        return {plan.pk: plan.status(day).value for plan in plans}
    return {plan.pk: status.value for plan, status in statuses_on(plans, day, Known.NOW)}


def never_recorded(found: Gathered) -> set[uuid.UUID]:
    """Those in date or due soon of which nothing was recorded up to the pack's day. One query."""
    fine = {plan for plan, status in found.statuses.items() if status in {"in-date", "due-soon"}}
    known = records_known(found.as_of, Known.NOW).filter(plan__in=fine)
    return fine - set(known.order_by().values_list("plan_id", flat=True).distinct())


def tell_records(found: Gathered) -> None:
    """Load what belongs to the records: the revision that was on the screen, findings, photos, the assets named in answers."""
    records = found.records
    found.revisions = CheckRevision.objects.in_bulk({each.revision_id for each in records})
    for each in records:
        each.revision = found.revisions[each.revision_id]
    ids = [each.pk for each in records]
    found.findings = list(Finding.objects.filter(record__in=ids).select_related("defect").order_by("pk"))
    found.photos = list(RecordPhoto.objects.filter(record__in=ids).order_by("pk"))
    named: set[str] = set()
    for record in records:
        for answer in record.answers.values():
            given = answer if isinstance(answer, list) else [answer]
            named.update(each.lower() for each in given if isinstance(each, str) and len(each) == 36)
    rows = Asset.objects.filter(site=found.chosen.site_id)
    found.assets = {str(each.pk): each for each in rows if str(each.pk) in named} if named else {}


def tell_defects(found: Gathered) -> None:
    """Load what belongs to the problems: what was said and done, photos, work and accepted risks."""
    ids = [each.pk for each in found.defects]
    found.notes = list(DefectNote.objects.filter(defect__in=ids).select_related("made_by", "firm").order_by("made_at", "pk"))
    found.defect_photos = list(DefectPhoto.objects.filter(defect__in=ids).order_by("pk"))
    found.orders = list(WorkOrder.objects.filter(defect__in=ids).select_related("assigned_to", "contractor").order_by("pk"))
    found.risks = list(AcceptedRisk.objects.filter(defect__in=ids).select_related("asked_by", "decided_by").order_by("pk"))


def later(found: Gathered) -> dict[uuid.UUID, list[dt.date]]:
    """Plan -> the days on which it was done since the period began, for those with misses."""
    plans = {each.lapse.plan_id for each in found.lapses}
    done: dict[uuid.UUID, list[dt.date]] = defaultdict(list)
    rows = CheckRecord.objects.counting().filter(plan__in=plans, done_on__gte=found.chosen.first_day).order_by("done_on")
    for plan_id, on in rows.values_list("plan_id", "done_on"):
        if plan_id:
            done[plan_id].append(on)
    return done
