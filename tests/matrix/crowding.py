"""More of everything at a place, under the names of Oakfield's main site: whoever may not see it must not notice."""

import copy
import uuid
from typing import TYPE_CHECKING, Any, Final

from django.db.models import CharField, Model, TextField
from django.utils import timezone

from backend.assets.models import Asset, Reading
from backend.checks.models import (
    BookedCheck,
    Booking,
    Certificate,
    CertificateItem,
    CheckRecord,
    Document,
    DocumentNotNeeded,
    EvidencePack,
    NotApplicable,
    Plan,
    Round,
)
from backend.core.days import today
from backend.hr.models import Absence
from backend.maintenance.models import (
    ContractorPerson,
    ContractorVisit,
    DefectNote,
    FaultReport,
    ReportRequest,
    ReportUpload,
    SiteInduction,
    WorkOrder,
)
from backend.office.models import BulkChange, SavedView
from backend.trust.models import Import
from tests.matrix.columns import MAIN, TRUST

if TYPE_CHECKING:
    from tests.matrix.world import MatrixWorld

COPIED: Final[dict[str, type[Model]]] = {
    "fault report": FaultReport, "work order": WorkOrder, "visit": ContractorVisit, "report request": ReportRequest,
    "upload": ReportUpload, "certificate": Certificate, "document": Document, "not needed": DocumentNotNeeded,
    "booking": Booking, "round": Round, "absence": Absence, "not applicable": NotApplicable, "import": Import,
    "view": SavedView, "bulk change": BulkChange, "evidence pack": EvidencePack,
}  # fmt: skip
"""Sorts of rows of which a further one is a copy of the place's own."""


def like_it(made: "MatrixWorld", place: str, number: int, asset: Asset, plan: Plan, record: CheckRecord) -> None:
    """One more of each sort at a place, on a new asset with its plan and its record."""
    on = {"asset": asset, "plan": plan, "record": record}
    for thing, model in COPIED.items():
        if place in made.rows[thing]:
            row = renamed(made, place, model._default_manager.get(pk=made.rows[thing][place]), on)
            if thing in ("round", "view"):
                row.name = f"{row.name} {number}"
            if thing == "fault report":
                row.reference = f"R-CRWD-{number:04}"
            row.save(force_insert=True)
            beside(row, plan, record)
    Reading.objects.create(asset=asset, value=1, unit="V", taken_at=timezone.now(), taken_by=made.caretakers[place])
    fitter = ContractorPerson.objects.get(pk=made.rows["contractor's person"][TRUST])
    SiteInduction.objects.create(person=fitter, site=made.sites[place], done_on=today(), entered_at=timezone.now())


def renamed(made: "MatrixWorld", place: str, found: Model, on: dict[str, Model]) -> Any:
    """A copy of a row that calls itself by the names of Oakfield's main site, on other things of its place."""
    row: Any = copy.copy(found)
    row.pk = uuid.uuid4()
    for each in row._meta.fields:
        said = getattr(row, each.attname)
        if isinstance(each, CharField | TextField) and isinstance(said, str):
            setattr(row, each.attname, said.replace(made.names[place], made.names[MAIN]))
        elif each.name in on:
            setattr(row, each.name, on[each.name])
    return row


def beside(row: Any, plan: Plan, record: CheckRecord) -> None:
    """What a booking and a certificate are about."""
    if isinstance(row, Booking):
        BookedCheck.objects.create(booking=row, plan=plan, owed_on=today(), counts_from=today(), late=True)
    if isinstance(row, Certificate):
        CertificateItem.objects.create(certificate=row, record=record)


def noted(made: "MatrixWorld", place: str) -> None:
    """A word said about the place's problem."""
    DefectNote.objects.create(
        defect_id=made.rows["defect"][place], kind="note", note="Planted", made_at=timezone.now(),
        made_by=made.caretakers[place],
    )  # fmt: skip
