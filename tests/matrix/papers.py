"""The matrix's firms, visits, certificates and documents: a firm of the whole trust, the rest at each place."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from backend.assets.models import Asset, AssetModel, AssetPaper, Disposal, Drawing, DrawingVersion, Pin, Warranty
from backend.checks.models import Certificate, CertificateItem, CheckRecord, Document, DocumentNotNeeded
from backend.core.days import today
from backend.core.models import StoredFile
from backend.maintenance.models import (
    Contractor,
    ContractorPaper,
    ContractorPerson,
    ContractorVisit,
    ReportRequest,
    ReportUpload,
)
from backend.trust.models import Person
from tests.matrix.columns import TRUST

if TYPE_CHECKING:
    from tests.matrix.world import MatrixWorld

FIRM = "Wandering Works"
"""Works everywhere: what of it is shown must still be only what lies where the asker may look."""


def furnish_firm(made: "MatrixWorld") -> None:
    """One firm with a paper and somebody who comes, known to the whole trust."""
    firm, now = Contractor.objects.get_or_create(name=FIRM)[0], timezone.now()
    file = StoredFile.objects.order_by("pk")[0]
    paper = ContractorPaper.objects.create(
        contractor=firm, kind="public-liability", expires_on=today(), sha256=file.pk, content_type=file.content_type,
        size=file.size, added_at=now,
    )  # fmt: skip
    person = ContractorPerson.objects.create(contractor=firm, name="Wandering Fitter", added_at=now)
    made.rows["contractor"][TRUST] = str(firm.pk)
    made.rows["contractor's paper"][TRUST] = str(paper.pk)
    made.rows["contractor's person"][TRUST] = str(person.pk)


def furnish_papers(made: "MatrixWorld", place: str, name: str, who: Person, record: CheckRecord) -> None:
    """A visit, a report asked for and handed in, a certificate and a document, and a document asked to be left out."""
    site, now = made.sites[place], timezone.now()
    firm, _ = Contractor.objects.get_or_create(name=FIRM)
    file = StoredFile.objects.get(pk=made.rows["file"][place])
    kept = {"sha256": file.pk, "content_type": file.content_type, "size": file.size}
    visit = ContractorVisit.objects.create(site=site, contractor=firm, purpose=f"{name} visit", planned_on=today())
    made.add("visit", place, visit)
    asked = ReportRequest.objects.create(contractor=firm, site=site, words=f"{name} asked", asked_at=now)
    made.add("report request", place, asked)
    upload = ReportUpload.objects.create(request=asked, contractor=firm, site=site, received_at=now, **kept)
    made.add("upload", place, upload)
    certificate = Certificate.objects.create(
        filing=record.pk, site=site, check_type_id=record.check_type_id, contractor=firm, firm=firm.name, engineer="Somebody",
        number=f"{name} report", examined_on=record.done_on, result="satisfactory", filed_at=now, filed_by=who, **kept,
    )  # fmt: skip
    CertificateItem.objects.create(certificate=certificate, record=record)
    made.add("certificate", place, certificate)
    document = Document.objects.create(
        kind="lease-title", site=site, title=f"{name} lease", issued_on=today(), added_at=now, added_by=who, **kept
    )
    made.add("document", place, document)
    row = DocumentNotNeeded.objects.create(
        kind="asset-register", site=site, reason=f"{name} reason", expires_on=today(), asked_at=now, asked_by=who
    )
    made.add("not needed", place, row)


def furnish_plans(made: "MatrixWorld", place: str, name: str, asset: Asset) -> None:
    """A floor plan with two pictures, the first of them shown, a pin on it and one that was taken off; a plan taken away."""
    site, now = made.sites[place], timezone.now()
    file = StoredFile.objects.get(pk=made.rows["file"][place])
    away = Drawing.objects.create(site=site, name=f"{name} attic", added_at=now, removed_at=now)
    plan = Drawing.objects.create(site=site, building=site.buildings.get(), name=f"{name} floor", added_at=now)
    for drawing, number in ((away, 1), (plan, 2), (plan, 1)):
        size = {"number": number, "width": 24, "height": 24, "added_at": now}
        drawing.current = DrawingVersion.objects.create(drawing=drawing, file=file, **size)
        drawing.save()
    made.add("floor plan", place, plan)
    made.add("floor plan away", place, away)
    at = {"drawing": plan, "x": 0.5, "y": 0.5, "placed_at": now}
    Pin.objects.create(kind="asset", asset=asset, **at)
    made.add("pin", place, Pin.objects.create(kind="water", note=f"{name} cupboard", **at))
    made.add("pin off", place, Pin.objects.create(kind="gas", note=f"{name} yard", removed_at=now, **at))


def furnish_register(made: "MatrixWorld", place: str, asset: Asset, who: Person) -> None:
    """A paper and a warranty of the place's asset, and one that went."""
    now, name = timezone.now(), made.names[place]
    file = StoredFile.objects.get(pk=made.rows["file"][place])
    paper = AssetPaper.objects.create(
        asset=asset, kind="photo", title=f"{name} plate", sha256=file.pk, content_type=file.content_type, added_at=now,
        added_by=who,
    )  # fmt: skip
    made.add("asset paper", place, paper)
    span = {"starts_on": today(), "ends_on": today() + dt.timedelta(days=30)}
    row = Warranty.objects.create(asset=asset, supplier=f"{name} maker", added_at=now, added_by=who, **span)
    made.add("warranty", place, row)
    gone = made.world.asset(site=asset.site, name=f"{name} gone panel", status=Asset.Status.RETIRED, status_since=today())
    disposal = Disposal.objects.create(
        asset=gone, method="lost", gone_on=today(), reason=f"{name} was lost", made_at=now, made_by=who
    )
    made.add("disposal", place, disposal)


def furnish_models(made: "MatrixWorld") -> None:
    """A make and model of the whole trust, with a manual."""
    file = StoredFile.objects.get(pk=made.rows["file"]["main"])
    row = AssetModel.objects.create(
        type_id="fire-alarm-panel", make="Wandering", model="W1", manual_sha256=file.pk, manual_type=file.content_type
    )
    made.add("asset model", TRUST, row)
