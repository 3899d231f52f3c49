"""Addresses of what is wrong: defects."""

from backend.maintenance.api.defects import Defects

__all__ = ["Defects"]
