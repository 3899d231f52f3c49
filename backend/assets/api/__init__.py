"""The register's addresses: kinds of asset, assets, tags. In and out of service is in checks.api, as plans follow."""

from backend.assets.api.assets import Assets
from backend.assets.api.types import AssetTypes

__all__ = ["AssetTypes", "Assets"]
