"""What changed between two revisions of a check (see rules/differences.py, which needs nothing of the library)."""

from backend.rules.differences import Change, diff

__all__ = ["Change", "diff"]
