"""Certificates and reports by firms: sealed, kept by hash, tied to the records and problems that they gave rise to."""

from django.db import models
from django.db.models import F, Q, Value

from backend.checks.models.library import CheckType
from backend.checks.models.records import CheckRecord
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.maintenance.models import Contractor, Defect
from backend.trust.models import Person, Site
from backend.trust.scope import SitedQuerySet


class CertificateQuerySet(SitedQuerySet["Certificate"]):
    """Certificates, whose rows."""

    def standing(self) -> "CertificateQuerySet":
        """Those that no later one corrects or withdraws."""
        return self.filter(correction__isnull=True).exclude(kind="withdrawn")


class Certificate(models.Model):
    """A report or certificate as it was filed for one site. One paper for several sites makes one for each, of one `filing`.

    A corrected one is a further certificate that names what it supersedes, and why. One that should never have been filed is
    superseded by a row of kind "withdrawn", which covers nothing.
    """

    class Kind(models.TextChoices):
        EXAMINATION = "examination", "Of an examination"
        REMEDIAL = "remedial", "Of work put right"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Result(models.TextChoices):
        SATISFACTORY = "satisfactory", "Satisfactory"
        ADVISORIES = "satisfactory-with-advisories", "Satisfactory, with advice"
        UNSATISFACTORY = "unsatisfactory", "Unsatisfactory"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    filing = models.UUIDField("one for all that one paper made")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.EXAMINATION)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="certificates")
    check_type = models.ForeignKey(CheckType, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates")
    defect = models.ForeignKey(Defect, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates")
    contractor = models.ForeignKey(Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates")
    firm = models.CharField("the firm as it was called then", max_length=160, blank=True)
    engineer = models.CharField(max_length=120)
    competence = models.JSONField("what the firm held for it on the day", default=list, db_default=Value([], models.JSONField()))
    number = models.CharField("report or certificate number", max_length=80, blank=True)
    examined_on = models.DateField()
    stated_next = models.DateField("next date that it states", null=True, blank=True)
    result = models.CharField(max_length=30, choices=Result.choices)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    note = models.CharField(max_length=1000, blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="correction")
    reason = models.CharField("why it supersedes", max_length=500, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-examined_on", "id"]
        triggers = [append_only("certificate_append_only"), never_emptied("certificate_never_emptied")]
        indexes = [
            models.Index(fields=["site", "-examined_on"], name="certificate_list"),
            models.Index(fields=["contractor", "-examined_on"], name="certificate_of_firm"),
            models.Index(fields=["sha256"], name="certificate_file"),
            models.Index(fields=["filing"], name="certificate_of_filing"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(supersedes=None) | ~Q(reason=""), name="a_corrected_certificate_says_why"),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="no_certificate_supersedes_itself"),
            models.CheckConstraint(
                condition=Q(kind="remedial", defect__isnull=False, check_type=None)
                | Q(kind="examination", defect=None, check_type__isnull=False)
                | Q(kind="withdrawn", supersedes__isnull=False),
                name="a_certificate_is_of_a_check_or_a_problem",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.firm or 'Report'}, {self.examined_on}"


class CertificateItem(models.Model):
    """One planned check that a certificate covers, with the record it made."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="items")
    record = models.OneToOneField(CheckRecord, on_delete=models.PROTECT, related_name="certified")

    class Meta:
        ordering = ["id"]
        triggers = [append_only("certificate_item_append_only"), never_emptied("certificate_item_never_emptied")]

    def __str__(self) -> str:
        return f"{self.certificate_id} covers {self.record_id}"


class CertificateRemedial(models.Model):
    """One line of a certificate that asks for work, by the codes of its scheme, and the problem that it raised."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="remedials")
    record = models.ForeignKey(CheckRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    defect = models.ForeignKey(Defect, on_delete=models.PROTECT, related_name="remedials")
    scheme = models.CharField(max_length=40)
    code = models.CharField(max_length=20)
    summary = models.CharField(max_length=500)
    deadline_on = models.DateField("by when, as the report says", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [append_only("certificate_remedial_append_only"), never_emptied("certificate_remedial_never_emptied")]

    def __str__(self) -> str:
        return f"{self.code}: {self.summary}"
