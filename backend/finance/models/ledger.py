"""The ledger: journals of lines that come to nothing together. PostgreSQL itself refuses what does not, and what is changed."""

import pgtrigger
from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.finance.models.structure import Account, Fund, Period
from backend.trust.models import CostCentre, Person

OPEN_PERIOD = """
PERFORM 1 FROM finance_period WHERE id = NEW.period_id AND state <> 'closed' FOR SHARE;
IF NOT FOUND THEN
  RAISE EXCEPTION 'the period is closed' USING ERRCODE = '23514';
END IF;
RETURN NEW;
"""
BALANCED = """
IF (SELECT count(*) < 2 OR sum(amount_pence) <> 0 FROM finance_journalline WHERE journal_id = NEW.{journal}) THEN
  RAISE EXCEPTION 'a journal has two lines or more, and they come to 0 together' USING ERRCODE = '23514';
END IF;
RETURN NULL;
"""


class Journal(models.Model):
    """Something that happened to money, told once. It is never changed: what was wrong is reversed by another one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="journals")
    day = models.DateField()
    source = models.CharField("what it is about, as kind:id", max_length=80, blank=True, db_index=True)
    narrative = models.CharField(max_length=300)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        triggers = [
            append_only("journal_append_only"),
            never_emptied("journal_never_emptied"),
            pgtrigger.Trigger(
                name="journal_into_an_open_period", when=pgtrigger.Before, operation=pgtrigger.Insert, func=OPEN_PERIOD
            ),
            pgtrigger.Trigger(
                name="journal_has_lines",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=BALANCED.format(journal="id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.narrative}"


class JournalLine(models.Model):
    """An amount in pence on an account: above nothing a debit, below it a credit. Costs of premises say what they were for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="journal_lines")
    centre = models.ForeignKey(CostCentre, on_delete=models.PROTECT, related_name="journal_lines")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="journal_lines")
    year = models.PositiveSmallIntegerField("its journal's financial year, kept here to be summed by")
    amount_pence = models.BigIntegerField()
    asset_id = models.UUIDField("the asset that it was spent on", null=True, blank=True)
    site_id = models.UUIDField("the site that it was spent on", null=True, blank=True)

    class Meta:
        triggers = [
            append_only("journal_line_append_only"),
            never_emptied("journal_line_never_emptied"),
            pgtrigger.Trigger(
                name="journal_balances",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=BALANCED.format(journal="journal_id"),
            ),
        ]
        indexes = [
            models.Index(fields=["year", "centre", "account", "fund"], include=["amount_pence"], name="journal_line_position"),
            models.Index(fields=["asset_id"], condition=Q(asset_id__isnull=False), name="journal_line_of_asset"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(amount_pence=0), name="a_journal_line_is_not_nothing")]

    def __str__(self) -> str:
        return f"{self.amount_pence:+} {self.account_id}"
