"""Who comes from a firm: their DBS check as it was seen, and where they have been inducted."""

from django.db import models

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.maintenance.models.contractors import Contractor
from backend.trust.models import Person, Site
from backend.trust.scope import SitedQuerySet


class ContractorPerson(models.Model):
    """Somebody whom a firm sends. Of the DBS certificate only what shows that it was seen: date, last figures, by whom.

    The certificate itself is the person's and is never copied; `dbs_sha256` is the firm's letter of assurance, if there is one.
    """

    KINDS = [("basic", "Basic"), ("standard", "Standard"), ("enhanced", "Enhanced"), ("barred", "Enhanced with barred lists")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=120)
    job = models.CharField(max_length=120, blank=True)
    card_scheme = models.CharField("registered with", max_length=80, blank=True)
    card_number = models.CharField("registration or card number", max_length=80, blank=True)
    card_expires_on = models.DateField(null=True, blank=True)
    dbs_kind = models.CharField(max_length=12, choices=KINDS, blank=True)
    dbs_on = models.DateField("date of the DBS certificate", null=True, blank=True)
    dbs_last = models.CharField("last figures of its number", max_length=4, blank=True)
    dbs_checked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dbs_checked_on = models.DateField(null=True, blank=True)
    dbs_expires_on = models.DateField("to be checked again by", null=True, blank=True)
    dbs_sha256 = models.CharField("the firm's letter", max_length=64, blank=True)
    left_on = models.DateField("comes no more since", null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["dbs_expires_on"], condition=models.Q(left_on=None), name="contractor_person_dbs_ends"),
        ]

    def __str__(self) -> str:
        return self.name


class SiteInductionQuerySet(SitedQuerySet["SiteInduction"]):
    """Inductions, whose rows."""


class SiteInduction(models.Model):
    """Somebody from a firm was shown a site: its asbestos register, alarms, ways out and rules. The next one is a further row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(ContractorPerson, on_delete=models.PROTECT, related_name="inductions")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField()
    expires_on = models.DateField("last day", null=True, blank=True)
    given_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField("the signed sheet", max_length=64, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(default=0, db_default=0)
    entered_at = models.DateTimeField()

    objects = SiteInductionQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "id"]
        triggers = [append_only("site_induction_append_only"), never_emptied("site_induction_never_emptied")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.site_id} on {self.done_on}"
