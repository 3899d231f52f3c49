"""Budgets: a line for each cost centre, account and fund of a year; what it comes to is the sum of its entries."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.finance.models.structure import Account, FinancialYear, Fund
from backend.trust import permits
from backend.trust.models import CostCentre, Person
from backend.trust.scope import Appointed


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    """Budget lines, whose rows."""

    def visible_to(self, person: Appointed, permit: str = permits.FINANCE_VIEW) -> Self:
        """Those of the cost centres that somebody may see."""
        return self.filter(centre__in=CostCentre.objects.visible_to(person, permit))


class BudgetLine(models.Model):
    """What a cost centre has in a year for an account, of a fund. `control`: whether spending above it is stopped."""

    class Control(models.TextChoices):
        STOP = "stop", "Nothing above it"
        WARN = "warn", "Above it with a reason"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.ForeignKey(FinancialYear, on_delete=models.PROTECT, related_name="lines")
    centre = models.ForeignKey(CostCentre, on_delete=models.PROTECT, related_name="budget_lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="budget_lines")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="budget_lines")
    control = models.CharField(max_length=4, choices=Control.choices, default=Control.STOP)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        ordering = ["centre", "account"]
        constraints = [models.UniqueConstraint(fields=["year", "centre", "account", "fund"], name="one_budget_line_for_each")]

    def __str__(self) -> str:
        return f"{self.centre.code} {self.account_id} {self.year}"


class BudgetChange(models.Model):
    """Why budgets changed: the board's first budget, its revision, a carry forward, or a virement from line to line."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", "First budget"
        REVISION = "revision", "Revised by the board"
        CARRY = "carry-forward", "Carried forward"
        VIREMENT = "virement", "Moved between lines"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [append_only("budget_change_append_only"), never_emptied("budget_change_never_emptied")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_budget_changes_for_a_reason")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


VIREMENT_SUMS = """
IF EXISTS (SELECT FROM finance_budgetchange c WHERE c.id = NEW.change_id AND c.kind = 'virement')
  AND (SELECT sum(amount_pence) FROM finance_budgetentry WHERE change_id = NEW.change_id) <> 0 THEN
  RAISE EXCEPTION 'a virement moves money, it makes none: its entries must come to 0' USING ERRCODE = '23514';
END IF;
RETURN NULL;
"""


class BudgetEntry(models.Model):
    """An amount, in pence, by which a change raised (or, below nothing, lowered) a line."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="entries")
    change = models.ForeignKey(BudgetChange, on_delete=models.PROTECT, related_name="entries")
    amount_pence = models.BigIntegerField()

    class Meta:
        triggers = [
            append_only("budget_entry_append_only"),
            never_emptied("budget_entry_never_emptied"),
            pgtrigger.Trigger(
                name="virement_moves_money",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=VIREMENT_SUMS,
            ),
        ]
        constraints = [models.CheckConstraint(condition=~Q(amount_pence=0), name="a_budget_entry_is_not_nothing")]

    def __str__(self) -> str:
        return f"{self.amount_pence:+} {self.line}"
