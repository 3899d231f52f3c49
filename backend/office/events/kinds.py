"""What other systems are told: every kind of event, in one table that the feed, webhooks, the API's document and the help share.

An event is an entry of the audit chain about a row that the API shows. Its kind follows from the entry alone: whether it is
the first about its row, and the entry's own kind. So the same entry is the same event for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models

from backend.assets.models import Asset
from backend.checks.models import Booking, Certificate, CheckRecord, Document, Lapse, Plan
from backend.maintenance.models import Contractor, Defect, WorkOrder
from backend.trust.models import Building, School, Site, Space

KINDS: Final[dict[str, str]] = {
    "record.made": "A check was recorded",
    "plan.missed": "A check was missed",
    "plan.made": "A check was planned",
    "plan.changed": "A plan was changed or paused",
    "plan.ended": "A plan was ended",
    "defect.reported": "A problem was reported",
    "defect.changed": "A problem was looked at, made safe or changed",
    "defect.settled": "A problem was settled",
    "defect.reopened": "A problem was opened again",
    "work-order.given": "Work was given to somebody",
    "work-order.changed": "Work was changed, given to somebody else or sent back",
    "work-order.done": "Work was done",
    "work-order.cancelled": "Work was called off",
    "certificate.filed": "A certificate was filed",
    "document.filed": "A standing paper was filed",
    "booking.made": "A visit was booked",
    "booking.changed": "A visit was moved or given to somebody else",
    "booking.cancelled": "A visit was called off",
    "asset.added": "An asset was added",
    "asset.changed": "An asset was changed",
    "asset.status": "An asset was put in or out of use",
    "contractor.added": "A contractor was added",
    "contractor.changed": "A contractor was changed",
    "school.added": "A school was added",
    "school.changed": "A school was changed",
    "site.added": "A site was added",
    "site.changed": "A site was changed",
    "building.added": "A building was added",
    "building.changed": "A building was changed",
    "space.added": "A space was added",
    "space.changed": "A space was changed",
}
"""Kind -> what it says, in plain words. Kinds are added, never renamed: other systems go by them."""
CHOICES: Final = list(KINDS.items())


@dataclass(frozen=True, kw_only=True)
class Told:
    """A table of which events tell: the chain's subject, its address in the API, and where a row lies.

    `first` is the kind of a row's first entry; `by` that of later entries by the chain's own kinds, `later` of all others.
    `site` and `school` are the paths to the ids of a row's place ("" for what belongs to the whole trust).
    """

    subject: str
    model: type[models.Model]
    resource: str
    first: str
    later: str = ""
    by: Mapping[str, str] = field(default_factory=dict)
    site: str = "site_id"
    school: str = "site__school_id"

    def rows(self) -> models.QuerySet[Any]:
        """All its rows, to be cut to whose they are by `visible_to`."""
        return self.model._default_manager.all()

    def kind(self, said: str, *, first: bool) -> str:
        """The kind of an entry of which the chain's own kind is `said`."""
        return self.first if first else self.by.get(said, self.later or self.first)


TOLD: Final = (
    Told(subject="record", model=CheckRecord, resource="records", first="record.made"),
    Told(
        subject="lapse", model=Lapse, resource="lapses", first="plan.missed",
        site="plan__site_id", school="plan__site__school_id",
    ),
    Told(
        subject="plan", model=Plan, resource="plans", first="plan.made", later="plan.changed", by={"plan-ended": "plan.ended"},
    ),
    Told(
        subject="defect", model=Defect, resource="defects", first="defect.reported", later="defect.changed",
        by={
            "defect-closed": "defect.settled", "defect-merged": "defect.settled", "risk-accepted": "defect.settled",
            "defect-reopened": "defect.reopened", "defect-unmerged": "defect.reopened", "risk-ended": "defect.reopened",
        },
    ),
    Told(
        subject="work-order", model=WorkOrder, resource="work-orders", first="work-order.given", later="work-order.changed",
        by={"work-done": "work-order.done", "work-cancelled": "work-order.cancelled"},
    ),
    Told(subject="certificate", model=Certificate, resource="certificates", first="certificate.filed"),
    Told(subject="document", model=Document, resource="documents", first="document.filed"),
    Told(
        subject="booking", model=Booking, resource="bookings", first="booking.made", later="booking.changed",
        by={"booking-cancelled": "booking.cancelled"},
    ),
    Told(
        subject="asset", model=Asset, resource="assets", first="asset.added", later="asset.changed",
        by={"asset-status": "asset.status"},
    ),
    Told(
        subject="contractor", model=Contractor, resource="contractors", first="contractor.added", later="contractor.changed",
        site="", school="",
    ),
    Told(subject="school", model=School, resource="schools", first="school.added", later="school.changed", site="", school="id"),
    Told(subject="site", model=Site, resource="sites", first="site.added", later="site.changed", site="id", school="school_id"),
    Told(subject="building", model=Building, resource="buildings", first="building.added", later="building.changed"),
    Told(
        subject="space", model=Space, resource="spaces", first="space.added", later="space.changed",
        site="building__site_id", school="building__site__school_id",
    ),
)  # fmt: skip
BY_SUBJECT: Final[dict[str, Told]] = {each.subject: each for each in TOLD}
