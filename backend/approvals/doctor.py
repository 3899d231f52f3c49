"""Nothing of this app can be installed wrongly."""

from backend.core.doctor import Check

CHECKS: list[Check] = []
