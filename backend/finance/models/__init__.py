"""Funds, accounts and years; budgets; requests, orders and invoices; promises; the ledger."""

from backend.finance.models.budgets import BudgetChange, BudgetEntry, BudgetLine
from backend.finance.models.buying import (
    Invoice,
    InvoiceLine,
    InvoiceState,
    Order,
    OrderLine,
    Requisition,
    RequisitionLine,
    Supplier,
)
from backend.finance.models.ledger import Journal, JournalLine
from backend.finance.models.paying import Payment, PaymentRun, SupplierBank
from backend.finance.models.promises import Commitment, Receipt
from backend.finance.models.structure import Account, FinancialYear, Fund, Period

__all__ = [
    "Account",
    "BudgetChange",
    "BudgetEntry",
    "BudgetLine",
    "Commitment",
    "FinancialYear",
    "Fund",
    "Invoice",
    "InvoiceLine",
    "InvoiceState",
    "Journal",
    "JournalLine",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentRun",
    "Period",
    "Receipt",
    "Requisition",
    "RequisitionLine",
    "Supplier",
    "SupplierBank",
]
