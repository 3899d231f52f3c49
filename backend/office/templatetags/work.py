"""What templates of problems and work need."""

from collections.abc import Mapping
from typing import Any

from django import template

from backend.core.days import today
from backend.maintenance.models import Defect, Stage

register = template.Library()


@register.filter
def of_key(values: Mapping[Any, Any], key: Any) -> Any:
    """The value of a key; nothing when there is none."""
    return values.get(key, "")


@register.filter
def barred(defect: Defect) -> bool:
    """Whether the thing must not be used today because of a problem."""
    return defect.bars_use(today())


@register.filter
def stage_words(defect: Defect) -> str:
    """How far a problem has come, in words."""
    standing = defect.standing(today())
    return (defect.get_ending_display() or "Closed") if standing == "closed" else str(Stage(standing).label)
