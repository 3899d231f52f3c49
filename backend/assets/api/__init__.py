"""The register: kinds of asset, assets, tags, floor plans. In and out of service is in checks.api, as plans follow."""

from backend.assets.api.assets import Assets
from backend.assets.api.drawings import Drawings
from backend.assets.api.labels import LabelRolls, ReplaceTag, RetireTag
from backend.assets.api.types import AssetTypes

__all__ = ["AssetTypes", "Assets", "Drawings", "LabelRolls", "ReplaceTag", "RetireTag"]
