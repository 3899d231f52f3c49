"""What the library's conditions say about one asset (see rules/conditions.py, which needs nothing of the library)."""

from backend.rules.conditions import all_hold, applies_to, condition_holds, rule_for

__all__ = ["all_hold", "applies_to", "condition_holds", "rule_for"]
