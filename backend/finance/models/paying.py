"""Where suppliers' money goes, and the runs in which it is paid."""

import datetime as dt
from typing import Final, Self

from django.db import models
from django.db.models import F, Q

from backend.core.ciphers import keys_for
from backend.core.ids import new_id
from backend.core.models import never_emptied
from backend.finance.models.buying import Invoice, Supplier
from backend.trust.models import Person

PURPOSE: Final = "siteward bank account "


class SupplierBankQuerySet(models.QuerySet["SupplierBank"]):
    """Bank details by how far they have come."""

    def active(self, moment: dt.datetime) -> Self:
        """Those that may be paid to at a moment."""
        return self.filter(active_from__lte=moment, ended_at=None)


class SupplierBank(models.Model):
    """A supplier's bank account: proposed by one person, called back by another on a number that was on file already, and
    paid to from a day after that. The account number is kept encrypted and shown by its last four figures."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="banks")
    name = models.CharField("name on the account", max_length=120)
    sort_code = models.CharField(max_length=6)
    hidden_number = models.CharField("account number, encrypted", max_length=200)
    last_four = models.CharField(max_length=4)
    told_how = models.CharField("how the change reached us", max_length=200)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    called_back_at = models.DateTimeField(null=True, blank=True)
    called_back_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    called_on = models.CharField("the number that was called, and where it was on file", max_length=200, blank=True)
    active_from = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField("another one took its place, or it was refused", null=True, blank=True)

    objects = SupplierBankQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        triggers = [never_emptied("supplier_bank_never_emptied")]
        constraints = [
            models.CheckConstraint(
                condition=Q(called_back_by=None) | ~Q(called_back_by=F("proposed_by")),
                name="nobody_calls_back_what_they_proposed",
            ),
            models.CheckConstraint(
                condition=Q(active_from=None) | (Q(called_back_by__isnull=False) & ~Q(called_on="")),
                name="a_bank_account_was_called_back_before_it_is_paid_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.sort_code[:2]}-{self.sort_code[2:4]}-{self.sort_code[4:]} ••••{self.last_four}"

    @property
    def number(self) -> str:
        """The account number, for the file of a released run and for nothing else."""
        return keys_for(PURPOSE).decrypt(self.hidden_number.encode()).decode()


class PaymentRun(models.Model):
    """Invoices that are paid together: put together by one person, released by another who cleared none of them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    pay_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField("taken apart again", null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        triggers = [never_emptied("payment_run_never_emptied")]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("made_by")), name="nobody_releases_the_run_they_made"
            ),
            models.CheckConstraint(condition=Q(released_at=None) | Q(dropped_at=None), name="a_released_run_stays"),
        ]

    def __str__(self) -> str:
        return f"Payment run {self.number}"


class Payment(models.Model):
    """An invoice in a run: so many pence, VAT included, to that bank account (below nothing: a credit that is taken off)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="payments")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    bank = models.ForeignKey(SupplierBank, on_delete=models.PROTECT, related_name="payments")
    amount_pence = models.BigIntegerField()

    class Meta:
        ordering = ["run", "invoice__supplier__name", "id"]
        triggers = [never_emptied("payment_never_emptied")]
        constraints = [models.UniqueConstraint(fields=["run", "invoice"], name="an_invoice_is_in_a_run_once")]

    def __str__(self) -> str:
        return f"{self.run}: {self.invoice}"
