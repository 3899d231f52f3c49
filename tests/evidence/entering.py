"""Brings rows that a test made by hand, past the actions, into the audit chain, as their actions would have."""

from backend.core import audit
from backend.core.evidence import all_evidence


def enter_missing() -> int:
    """Enter every row of evidence that the chain does not speak of; answers how many."""
    facts = [
        evidence.fact(row, None, "The test's own world")
        for evidence in all_evidence()
        for row in evidence.missing(evidence.model._base_manager.order_by("pk"))
    ]
    audit.append(facts)
    return len(facts)
