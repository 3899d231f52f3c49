"""The asset register from a spreadsheet."""

from backend.assets.imports.register import Assets

__all__ = ["Assets"]
