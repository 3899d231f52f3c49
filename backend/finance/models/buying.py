"""From asking to paying: suppliers, requisitions, orders, what came, and invoices."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from backend.approvals.models import Chain
from backend.core.ids import new_id
from backend.core.models import never_emptied
from backend.finance.models.budgets import BudgetLine
from backend.maintenance.models import Contractor, WorkOrder
from backend.trust import permits
from backend.trust.models import CostCentre, Person
from backend.trust.scope import Appointed


class Supplier(models.Model):
    """Who is paid. A firm that works on the estate is one of the contractors too."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    company_number = models.CharField(max_length=12, blank=True)
    vat_number = models.CharField("VAT registration number", max_length=20, blank=True)
    contractor = models.OneToOneField(Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="supplier")
    stopped_on = models.DateField("nothing is ordered from them since", null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RequisitionQuerySet(models.QuerySet["Requisition"]):
    """Requests, whose rows."""

    def visible_to(self, person: Appointed, permit: str = permits.FINANCE_VIEW) -> Self:
        """One's own, and those of the cost centres that one may see."""
        mine = Q(asked_by=getattr(person, "pk", None)) | Q(asked_for=getattr(person, "pk", None))
        return self.filter(mine | Q(centre__in=CostCentre.objects.visible_to(person, permit)))


class Requisition(models.Model):
    """What somebody asks for, from whom, and what it is to be taken from."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being written"
        SUBMITTED = "submitted", "Waiting for approval"
        RETURNED = "returned", "Sent back"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ORDERED = "ordered", "Approved and ordered"

    OPEN = (State.DRAFT, State.RETURNED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField("what people call it by", unique=True)
    need = models.CharField("what is needed, and what for", max_length=300)
    centre = models.ForeignKey(CostCentre, on_delete=models.PROTECT, related_name="requisitions")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="requisitions")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requisitions")
    asked_for = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    work_order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="requisitions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    over_why = models.CharField("why it may go above the budget", max_length=500, blank=True)
    split_why = models.CharField("why this is not one purchase in parts", max_length=500, blank=True)

    objects = RequisitionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        triggers = [never_emptied("requisition_never_emptied")]

    def __str__(self) -> str:
        return f"R{self.number} {self.need}"


class RequisitionLine(models.Model):
    """A part of a request: what, how much net of VAT, and from which budget line."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    requisition = models.ForeignKey(Requisition, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    net_pence = models.BigIntegerField()
    vat_percent = models.DecimalField(max_digits=4, decimal_places=1, default=20)
    budget_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="requisition_lines")
    asset_id = models.UUIDField("the asset that it is for", null=True, blank=True)
    site_id = models.UUIDField("the site that it is for", null=True, blank=True)

    class Meta:
        ordering = ["requisition", "place"]
        constraints = [
            models.UniqueConstraint(fields=["requisition", "place"], name="one_request_line_per_place"),
            models.CheckConstraint(condition=Q(net_pence__gt=0), name="a_request_is_for_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.requisition}: {self.what}"


class Order(models.Model):
    """A promise to a supplier, under a number without gaps in its year. It is made by the last one who agreed."""

    class State(models.TextChoices):
        RAISED = "raised", "To be sent"
        SENT = "sent", "Sent"
        CANCELLED = "cancelled", "Cancelled"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    requisition = models.OneToOneField(Requisition, on_delete=models.PROTECT, related_name="order")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RAISED)
    raised_at = models.DateTimeField()
    closed_why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-year", "-number"]
        triggers = [never_emptied("order_never_emptied")]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="one_order_per_number")]

    def __str__(self) -> str:
        return f"PO {self.year}-{self.number:05}"


class OrderLine(models.Model):
    """A part of an order. What of it is still promised is the sum of its commitments."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    asked = models.OneToOneField(RequisitionLine, on_delete=models.PROTECT, related_name="ordered")
    net_pence = models.BigIntegerField()
    budget_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="order_lines")

    class Meta:
        ordering = ["order", "asked__place"]
        constraints = [models.CheckConstraint(condition=Q(net_pence__gt=0), name="an_order_is_for_more_than_nothing")]

    def __str__(self) -> str:
        return f"{self.order}: {self.asked.what}"


class InvoiceState(models.TextChoices):
    """How far an invoice has come."""

    CAPTURED = "captured", "To be looked at"
    CLEARED = "cleared", "Cleared for payment"
    SCHEDULED = "scheduled", "In a payment run"
    PAID = "paid", "Paid"
    QUERY = "query", "In question"
    REJECTED = "rejected", "Not accepted"


SETTLED = (InvoiceState.CLEARED, InvoiceState.SCHEDULED, InvoiceState.PAID)
"""The states in which an invoice stands in the ledger."""


class Invoice(models.Model):
    """A supplier's bill, or (below nothing) a credit note. A supplier's number is used once, however it is written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="invoices")
    reference = models.CharField("the supplier's number", max_length=60)
    reference_key = models.CharField("the same, as it is compared", max_length=60)
    tax_point = models.DateField()
    state = models.CharField(max_length=10, choices=InvoiceState.choices, default=InvoiceState.CAPTURED)
    query = models.CharField("what is in question", max_length=500, blank=True)
    vat_why = models.CharField("why the VAT is as on the invoice", max_length=300, blank=True)
    chain = models.ForeignKey(Chain, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_why = models.CharField("why it may be paid although it is not as ordered", max_length=500, blank=True)
    captured_at = models.DateTimeField()
    captured_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-captured_at"]
        triggers = [never_emptied("invoice_never_emptied")]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "reference_key"], condition=~Q(state="rejected"), name="an_invoice_comes_once"
            ),
            models.CheckConstraint(
                condition=Q(cleared_by=None) | ~Q(cleared_by=F("captured_by")), name="nobody_clears_what_they_entered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.reference}"


class InvoiceLine(models.Model):
    """A part of an invoice in pence: net and VAT, against which order line or (without an order) which budget line."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveSmallIntegerField()
    order_line = models.ForeignKey(OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="invoice_lines")
    budget_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="invoice_lines")
    what = models.CharField(max_length=200)
    net_pence = models.BigIntegerField()
    vat_pence = models.BigIntegerField()
    vat_percent = models.DecimalField(max_digits=4, decimal_places=1)
    final = models.BooleanField("nothing more comes of what was ordered", default=False)
    asset_id = models.UUIDField(null=True, blank=True)
    site_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["invoice", "place"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "place"], name="one_invoice_line_per_place"),
            models.CheckConstraint(condition=~Q(net_pence=0), name="an_invoice_line_is_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.what}"
