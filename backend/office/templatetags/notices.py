"""What somebody answered to what they were told, beside each."""

from typing import Any

from django import template

from backend.office.models import Notice

register = template.Library()


@register.filter
def answered(notice: Notice, answers: Any) -> dict[str, Any]:
    """The answer to a notice (`answer`, None when there is none), and whether it may wait (`may_wait`)."""
    return dict(answers.of(notice))
