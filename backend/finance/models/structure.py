"""What money is sorted by: funds, nominal accounts with the codes the DfE compares by, years and their periods."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from backend.core.ids import new_id
from backend.trust.models import Person


class Fund(models.Model):
    """Money that came for a purpose (Charities SORP): restricted, for fixed assets, free, or the pension reserve."""

    class Kind(models.TextChoices):
        RESTRICTED = "restricted", "Restricted, general"
        FIXED_ASSET = "fixed-asset", "Restricted, fixed assets"
        FREE = "unrestricted", "Unrestricted"
        PENSION = "pension", "Pension reserve"

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    terms = models.CharField("what it was given for", max_length=500, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AccountQuerySet(models.QuerySet["Account"]):
    """Nominal accounts by date."""

    def in_use(self, day: dt.date) -> Self:
        """Those that may be posted to on `day`."""
        return self.filter(Q(active_to=None) | Q(active_to__gte=day), active_from__lte=day)


class Account(models.Model):
    """A nominal account of six digits in the form of the academies chart of accounts: the sixth is 0 for the DfE's own codes,
    1 to 9 for the trust's, which roll up to the one that ends in 0."""

    class Kind(models.TextChoices):
        INCOME = "income", "Income"
        SPENDING = "expenditure", "Expenditure"
        ASSET = "asset", "Asset"
        LIABILITY = "liability", "Liability"
        RESERVE = "reserve", "Reserve"

    class Control(models.TextChoices):
        CREDITORS = "creditors", "What suppliers are owed"
        VAT = "vat", "VAT to be claimed back"
        BANK = "bank", "Bank"

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    benchmark = models.CharField("the line that the DfE compares by (BAE, BAI, BAB)", max_length=12, blank=True)
    cfr = models.CharField("the line of a maintained school's return", max_length=6, blank=True)
    is_capital = models.BooleanField(default=False)
    is_premises = models.BooleanField("every line of it names an asset, a place, or says that it is general", default=False)
    control = models.CharField("what Siteward itself posts here", max_length=12, choices=Control.choices, blank=True)
    vat_percent = models.DecimalField("VAT unless said otherwise", max_digits=4, decimal_places=1, default=20)
    version = models.CharField("of the chart of accounts", max_length=12)
    active_from = models.DateField()
    active_to = models.DateField(null=True, blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{6}$"), name="an_account_has_six_digits"),
            models.UniqueConstraint(fields=["control"], condition=~Q(control=""), name="one_account_for_each_control"),
            models.CheckConstraint(
                condition=~Q(kind__in=["income", "expenditure"]) | ~Q(benchmark=""), name="what_is_compared_has_a_benchmark_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def parent(self) -> str:
        """The DfE's code that it rolls up to."""
        return self.code[:5] + "0"


class FinancialYear(models.Model):
    """A year from 1 September to 31 August, called by the year it begins in: 2026 is 2026/27."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being drawn up"
        PROPOSED = "proposed", "Before the board"
        APPROVED = "approved", "Approved by the board"

    year = models.PositiveSmallIntegerField(primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    minute = models.CharField("the board's minute", max_length=160, blank=True)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="approved") | ~Q(minute=""), name="an_approved_budget_has_a_minute"),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02}"


class Period(models.Model):
    """A month of a financial year (1 is September), or its closing period (13)."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SOFT_CLOSED = "soft-closed", "Closed but for the finance office"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    year = models.ForeignKey(FinancialYear, on_delete=models.PROTECT, related_name="periods")
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    open_asked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="who asked to open it again"
    )
    open_why = models.CharField("why it is to be opened again", max_length=300, blank=True)

    class Meta:
        ordering = ["year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="one_period_per_month"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=13), name="a_year_has_13_periods"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_period_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"period {self.number} of {self.year}"
