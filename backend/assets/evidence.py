"""What of the register is history."""

from django.db import models

from backend.assets.models import (
    Asset,
    AssetChange,
    AssetModel,
    AssetPaper,
    AssetType,
    Disposal,
    Drawing,
    DrawingVersion,
    LabelRun,
    LabelStock,
    Pin,
    PrintingHabit,
    Reading,
    Tag,
    TagRetirement,
    Warranty,
)
from backend.core.evidence import Evidence
from backend.trust.evidence import UNDONE

TYPES = Evidence(model=AssetType, subject="asset-type")
ASSETS = Evidence(model=Asset, subject="asset", removable=UNDONE, school="site__school_id", added={"product_id": None})
MODELS = Evidence(model=AssetModel, subject="asset-model")
CHANGES = Evidence(model=AssetChange, subject="asset-history", sealed=True, school="asset__site__school_id")
PAPERS = Evidence(model=AssetPaper, subject="asset-paper", school="asset__site__school_id")
WARRANTIES = Evidence(model=Warranty, subject="warranty", school="asset__site__school_id")
DISPOSALS = Evidence(
    model=Disposal,
    subject="disposal",
    school="asset__site__school_id",
    added={"went_with_id": None, "out_before": []},
)
TAGS = Evidence(
    model=Tag,
    subject="tag",
    removable=UNDONE,
    school=(
        "asset__site__school_id",
        "building__site__school_id",
        "space__building__site__school_id",
        "roll__site__school_id",
    ),
    added={"building_id": None, "space_id": None, "roll_id": None},
)
LABEL_RUNS = Evidence(model=LabelRun, subject="label-run", sealed=True, school="site__school_id", rows="printings of labels")
TAG_RETIREMENTS = Evidence(model=TagRetirement, subject="tag-retirement", sealed=True, school="site__school_id")
DRAWINGS = Evidence(model=Drawing, subject="floor-plan", school="site__school_id")
DRAWING_VERSIONS = Evidence(
    model=DrawingVersion,
    subject="floor-plan-picture",
    sealed=True,
    school="drawing__site__school_id",
    rows="pictures of floor plans",
)
PINS = Evidence(model=Pin, subject="pin", school="drawing__site__school_id")
READINGS = Evidence(model=Reading, subject="reading", sealed=True, school="asset__site__school_id")

EVIDENCE = [
    TYPES, MODELS, ASSETS, CHANGES, PAPERS, WARRANTIES, DISPOSALS, TAGS, LABEL_RUNS, TAG_RETIREMENTS, READINGS, DRAWINGS,
    DRAWING_VERSIONS, PINS,
]  # fmt: skip
NOT_EVIDENCE: dict[type[models.Model], str] = {
    LabelStock: "How somebody's paper is cut.",
    PrintingHabit: "How far somebody's printer is off, and what they like on a label.",
}
