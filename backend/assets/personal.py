"""What of the register speaks of people: who took a reading, and who printed labels and took them out of use."""

from django.db import models

from backend.assets.models import (
    AssetChange,
    AssetPaper,
    Disposal,
    LabelRun,
    LabelStock,
    PrintingHabit,
    Reading,
    TagRetirement,
    Warranty,
)
from backend.core.personal import Personal

PERSONAL = [
    Personal(model=AssetChange, what="Assets changed and moved", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(model=AssetPaper, what="Papers of assets added", people=("added_by_id",), kept="checks", day="added_at"),
    Personal(model=Warranty, what="Warranties entered", people=("added_by_id",), kept="checks", day="added_at"),
    Personal(model=Disposal, what="Assets disposed of", people=("made_by_id", "undone_by_id"), kept="checks", day="made_at"),
    Personal(model=Reading, what="Readings taken", people=("taken_by_id",), kept="checks", day="taken_at"),
    Personal(model=LabelRun, what="Labels printed", people=("printed_by_id",), kept="checks", day="printed_at"),
    Personal(model=TagRetirement, what="Labels taken out of use", people=("retired_by_id",), kept="checks", day="retired_at"),
    Personal(model=LabelStock, what="Label sheets measured", people=("person_id",), kept="account", delete=True),
    Personal(model=PrintingHabit, what="How their printer is set", people=("person_id",), kept="account", delete=True),
]
NOT_PERSONAL: dict[type[models.Model], str] = {}
