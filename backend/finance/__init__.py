"""Money: budgets, requests to pay, orders, invoices, what is promised, and the ledger."""
