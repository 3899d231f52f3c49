"""The register: kinds of asset, the assets themselves, their tags and readings."""

from backend.assets.models.catalogue import AssetModel
from backend.assets.models.custody import PLACED, AssetChange, AssetPaper, Disposal, Warranty
from backend.assets.models.drawings import HAZARDS, LETTERS, Drawing, DrawingQuerySet, DrawingVersion, Pin, PinQuerySet
from backend.assets.models.printing import LabelStock, PrintingHabit
from backend.assets.models.readings import Reading, ReadingQuerySet
from backend.assets.models.register import FOUND_ORDER, SEARCHED, Asset, AssetQuerySet, word_sought
from backend.assets.models.tags import LabelRun, Tag, TagRetirement
from backend.assets.models.types import AssetType

__all__ = [
    "FOUND_ORDER",
    "HAZARDS",
    "LETTERS",
    "PLACED",
    "SEARCHED",
    "Asset",
    "AssetChange",
    "AssetModel",
    "AssetPaper",
    "AssetQuerySet",
    "AssetType",
    "Disposal",
    "Drawing",
    "DrawingQuerySet",
    "DrawingVersion",
    "LabelRun",
    "LabelStock",
    "Pin",
    "PinQuerySet",
    "PrintingHabit",
    "Reading",
    "ReadingQuerySet",
    "Tag",
    "TagRetirement",
    "Warranty",
    "word_sought",
]
