"""Firms that examine, service and mend: the firm, whom to ring, and its papers."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower

from backend.core.ids import new_id
from backend.rules.contractors import ACCREDITATION, INSURANCES
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import Appointed, reach


class ContractorQuerySet(models.QuerySet["Contractor"]):
    """Firms: the whole trust's, known to everybody who sees the estate."""

    def visible_to(self, person: Appointed, permit: str = permits.ESTATE_VIEW) -> "ContractorQuerySet":
        """All of them for who holds the permit anywhere; none for others."""
        return self.none() if reach(person, permit).nowhere() else self.all()


class Contractor(models.Model):
    """A firm that the trust gives work to. Whether it may work here is read from its papers, never kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=160)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    active = models.BooleanField("may be given new work", default=True)
    added_at = models.DateTimeField(auto_now_add=True)
    trades = models.JSONField("fields of work, by their keys", default=list, db_default=Value([], models.JSONField()), blank=True)
    asked_for = models.JSONField(
        "accreditations that it must hold", default=list, db_default=Value([], models.JSONField()), blank=True
    )
    employs_nobody = models.BooleanField(
        "works alone, so that employers' liability is not needed", default=False, db_default=False
    )
    advises = models.BooleanField("designs or advises, so that professional indemnity is needed", default=False, db_default=False)
    address = models.CharField(max_length=300, blank=True, default="", db_default="")
    company_number = models.CharField(max_length=12, blank=True, default="", db_default="")

    objects = ContractorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="one_contractor_per_name")]

    def __str__(self) -> str:
        return self.name


class ContractorContact(models.Model):
    """Whom to ring or write to at a firm."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    job = models.CharField("for what", max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class ContractorPaper(models.Model):
    """An insurance or accreditation of a firm, until a day. A renewal is a further row; one entered wrongly is withdrawn."""

    KINDS = [*INSURANCES.items(), (ACCREDITATION, "Accreditation")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=30, choices=KINDS)
    scheme = models.CharField("accredited by", max_length=80, blank=True)
    insurer = models.CharField(max_length=160, blank=True)
    number = models.CharField("policy or registration number", max_length=80, blank=True)
    cover_pence = models.BigIntegerField("cover, in pence", null=True, blank=True)
    expires_on = models.DateField("last day")
    sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(default=0, db_default=0)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "scheme", "-expires_on", "id"]
        indexes = [
            models.Index(fields=["expires_on"], condition=Q(withdrawn_at=None), name="contractor_paper_ends"),
            models.Index(fields=["sha256"], condition=~Q(sha256=""), name="contractor_paper_file"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(cover_pence=None) | Q(cover_pence__gte=0), name="a_cover_is_no_debt"),
            models.CheckConstraint(
                condition=Q(kind=ACCREDITATION) & ~Q(scheme="") | ~Q(kind=ACCREDITATION) & Q(scheme=""),
                name="an_accreditation_names_its_scheme",
            ),
        ]

    def __str__(self) -> str:
        return self.scheme or self.get_kind_display()
