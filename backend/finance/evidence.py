"""What of money is history: all of it but the lists that it is sorted by."""

from django.db import models

from backend.core.evidence import Evidence
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

FUNDS = Evidence(model=Fund, subject="fund")
ACCOUNTS = Evidence(model=Account, subject="nominal-account", rows="nominal accounts")
YEARS = Evidence(model=FinancialYear, subject="financial-year")
PERIODS = Evidence(model=Period, subject="period")
BUDGET_LINES = Evidence(model=BudgetLine, subject="budget-line", school="centre__school_id")
BUDGET_CHANGES = Evidence(model=BudgetChange, subject="budget-change", sealed=True)
BUDGET_ENTRIES = Evidence(
    model=BudgetEntry, subject="budget-entry", sealed=True, school="line__centre__school_id", rows="entries of budgets"
)
SUPPLIERS = Evidence(model=Supplier, subject="supplier")
REQUISITIONS = Evidence(model=Requisition, subject="requisition", school="centre__school_id")
REQUISITION_LINES = Evidence(
    model=RequisitionLine,
    subject="requisition-line",
    removable="A request that is being written is written anew.",
    school="requisition__centre__school_id",
    rows="lines of requisitions",
)
ORDERS = Evidence(model=Order, subject="order", school="requisition__centre__school_id")
ORDER_LINES = Evidence(
    model=OrderLine, subject="order-line", school="order__requisition__centre__school_id", rows="lines of orders"
)
COMMITMENTS = Evidence(model=Commitment, subject="commitment", sealed=True, school="budget_line__centre__school_id")
RECEIPTS = Evidence(model=Receipt, subject="receipt", sealed=True, school="order_line__budget_line__centre__school_id")
INVOICES = Evidence(model=Invoice, subject="invoice")
INVOICE_LINES = Evidence(
    model=InvoiceLine, subject="invoice-line", school="budget_line__centre__school_id", rows="lines of invoices"
)
JOURNALS = Evidence(model=Journal, subject="journal", sealed=True)
JOURNAL_LINES = Evidence(
    model=JournalLine, subject="journal-line", sealed=True, school="centre__school_id", rows="lines of journals"
)
BANKS = Evidence(model=SupplierBank, subject="supplier-bank", salted=True, rows="bank accounts of suppliers")
RUNS = Evidence(model=PaymentRun, subject="payment-run")
PAYMENTS = Evidence(model=Payment, subject="payment")

EVIDENCE = [
    FUNDS, ACCOUNTS, YEARS, PERIODS, BUDGET_LINES, BUDGET_CHANGES, BUDGET_ENTRIES, SUPPLIERS, REQUISITIONS, REQUISITION_LINES,
    ORDERS, ORDER_LINES, COMMITMENTS, RECEIPTS, INVOICES, INVOICE_LINES, JOURNALS, JOURNAL_LINES, BANKS, RUNS, PAYMENTS,
]  # fmt: skip
NOT_EVIDENCE: dict[type[models.Model], str] = {}
