"""What was promised and what came: entries on order lines whose sums are the truth."""

import pgtrigger
from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.finance.models.budgets import BudgetLine
from backend.finance.models.buying import InvoiceLine, OrderLine
from backend.trust.models import Person

NEVER_LESS = """
IF (SELECT sum(amount_pence) < 0 FROM finance_commitment WHERE order_line_id = NEW.order_line_id) THEN
  RAISE EXCEPTION 'more was taken from an order line than it promises' USING ERRCODE = '23514';
END IF;
RETURN NULL;
"""


class Commitment(models.Model):
    """An amount in pence by which what is promised on an order line rose or (below nothing) fell."""

    class Kind(models.TextChoices):
        RAISE = "raise", "Ordered"
        INVOICE = "invoice", "Invoiced"
        FINAL = "final", "Left over at the last invoice"
        CANCEL = "cancel", "Cancelled or closed short"
        OUT = "carry-out", "Carried out of the year"
        IN = "carry-in", "Carried into the year"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="commitments")
    budget_line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="commitments")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount_pence = models.BigIntegerField()
    invoice_line = models.ForeignKey(InvoiceLine, null=True, blank=True, on_delete=models.PROTECT, related_name="commitments")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [
            append_only("commitment_append_only"),
            never_emptied("commitment_never_emptied"),
            pgtrigger.Trigger(
                name="commitment_never_below_nothing",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=NEVER_LESS,
            ),
        ]
        indexes = [
            models.Index(fields=["order_line"], include=["amount_pence"], name="commitment_of_line"),
            models.Index(fields=["budget_line"], include=["amount_pence"], name="commitment_position"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(amount_pence=0), name="a_commitment_is_not_nothing")]

    def __str__(self) -> str:
        return f"{self.amount_pence:+} {self.order_line}"


class Receipt(models.Model):
    """What came, or was done, of an order line, in pence of its net value. Below nothing: sent back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="receipts")
    net_pence = models.BigIntegerField()
    received_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [append_only("receipt_append_only"), never_emptied("receipt_never_emptied")]
        indexes = [models.Index(fields=["order_line"], include=["net_pence"], name="receipt_of_line")]
        constraints = [models.CheckConstraint(condition=~Q(net_pence=0), name="a_receipt_is_not_nothing")]

    def __str__(self) -> str:
        return f"{self.net_pence:+} {self.order_line}"
