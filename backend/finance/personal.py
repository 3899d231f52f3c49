"""What of money speaks of people: who asked, ordered, received, entered and posted."""

from django.db import models

from backend.core.personal import Personal
from backend.finance.models import (
    Account,
    BudgetChange,
    BudgetEntry,
    BudgetLine,
    Commitment,
    FinancialYear,
    Fund,
    Invoice,
    InvoiceLine,
    Journal,
    JournalLine,
    Order,
    OrderLine,
    Payment,
    PaymentRun,
    Period,
    Receipt,
    Requisition,
    RequisitionLine,
    Supplier,
    SupplierBank,
)

PERSONAL = [
    Personal(model=BudgetChange, what="Budgets changed", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(model=Requisition, what="Things asked for", people=("asked_by_id", "asked_for_id"), kept="checks", day="made_at"),
    Personal(model=Period, what="Months opened again", people=("open_asked_by_id",), kept="checks", day="ends_on"),
    Personal(
        model=SupplierBank,
        what="Bank accounts of suppliers entered and called back",
        people=("proposed_by_id", "called_back_by_id"),
        kept="checks",
        day="proposed_at",
        hide=frozenset({"hidden_number"}),
    ),
    Personal(model=PaymentRun, what="Payment runs", people=("made_by_id", "released_by_id"), kept="checks", day="made_at"),
    Personal(model=Receipt, what="Deliveries taken in", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(
        model=Invoice,
        what="Invoices entered and cleared",
        people=("captured_by_id", "cleared_by_id"),
        kept="checks",
        day="captured_at",
    ),
    Personal(model=Journal, what="Journals posted", people=("posted_by_id",), kept="checks", day="posted_at"),
]
LIST = "What money is sorted by."
NOT_PERSONAL: dict[type[models.Model], str] = {
    Account: LIST,
    Fund: LIST,
    FinancialYear: LIST,
    BudgetLine: LIST,
    BudgetEntry: "An amount; who entered it stands with the change.",
    Supplier: "A firm.",
    RequisitionLine: "What is asked for; who asked stands with the request.",
    Order: "What was ordered; who asked stands with the request.",
    OrderLine: "What was ordered.",
    Commitment: "What was promised.",
    InvoiceLine: "What was billed.",
    Payment: "What was paid; who released it stands with the run.",
    JournalLine: "An amount; who posted it stands with the journal.",
}
