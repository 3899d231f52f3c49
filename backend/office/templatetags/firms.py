"""Words and shapes for firms, certificates and documents."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backend.core.days import today
from backend.maintenance.queries.contractors import standings
from backend.rules.documents import LOOKS, SHAPES, WORDS

register = template.Library()
FIRM_WORDS = {
    "in-date": ("●", "May work here"),
    "due-soon": ("◐", "May work, ends soon"),
    "overdue": ("▲", "Should not work here"),
}
RESULTS = {
    "satisfactory": ("in-date", "●", "Satisfactory"),
    "satisfactory-with-advisories": ("due-soon", "◐", "Satisfactory, with advice"),
    "unsatisfactory": ("overdue", "▼", "Unsatisfactory"),
}


@register.simple_tag
def standings_of(page: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Each firm of a page with how it stands. One query."""
    firms = list(page)
    found = standings(firms, today())
    return [(firm, found[firm.pk]) for firm in firms]


@register.filter
def firm_mark(how: Any) -> SafeString:
    """Whether a firm may work here: a shape, a word and a colour."""
    shape, word = FIRM_WORDS[how.word]
    return format_html('<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>', how.word, shape, word)


@register.filter
def result_mark(result: str) -> SafeString:
    """The result of a certificate."""
    look, shape, word = RESULTS.get(result, ("", "", result))
    return format_html('<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>', look, shape, word)


@register.filter
def document_mark(state: str) -> SafeString:
    """How a document stands."""
    return format_html(
        '<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>', LOOKS[state], SHAPES[state], WORDS[state]
    )


@register.filter
def pounds(pence: int | None) -> str:
    """Pence as "£5,000,000" or "£1,234.50"."""
    if pence is None:
        return ""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02d}" if rest else f"£{whole:,}"
