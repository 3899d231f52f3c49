"""Words, shapes and sums of risk."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backend.office.risk import said
from backend.risk.estate import estate, standards
from backend.risk.queries.capital import year_words
from backend.rules.standards import POSITIONS
from backend.rules.whole_life import ADVICE, KEEP, LOOK, REPLACE

register = template.Library()
BANDS = {
    "severe": ("overdue", "▲", "Severe"),
    "high": ("due", "◆", "High"),
    "medium": ("due-soon", "◐", "Medium"),
    "low": ("in-date", "●", "Low"),
}

PLACES = {"met": ("in-date", "●"), "partly": ("due-soon", "◐"), "not-met": ("overdue", "▲"), "unknown": ("overdue", "▲")}
GRADES = {"A": ("in-date", "●"), "B": ("due-soon", "◐"), "C": ("due", "◆"), "D": ("overdue", "▲")}


@register.filter
def band_mark(key: str) -> SafeString:
    """A band as shape, word and colour."""
    look, shape, word = BANDS[key]
    return format_html('<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>', look, shape, word)


@register.filter
def band_look(key: str) -> str:
    """The colours of which status a band has."""
    return f"band {BANDS[key][0]}"


@register.filter
def bands(counts: dict[str, int]) -> str:
    """ "3 severe, 14 high, 20 medium and 7 low"."""
    return said.bands_words(counts)


@register.filter
def money(pence: int | None) -> str:
    """Pounds without pence."""
    return said.money(pence)


@register.filter
def hours(minutes: int) -> str:
    """Minutes as whole hours."""
    return f"{minutes // 60:,} hours"


@register.filter
def share(part: int, whole: int) -> str:
    """A part of the whole as a number up to 100, with a point whatever the language."""
    return f"{100 * part / whole:.1f}" if whole else "0"


@register.filter
def rate_words(assumed: object) -> str:
    """An assumed figure with its unit: "£180.00" or "3.5 %"."""
    value, unit = assumed.value, assumed.of.unit  # type: ignore[attr-defined]
    return f"£{value / 100:,.2f}" if unit == "pence" else f"{value / 100:g} %"


@register.filter
def signed(points: int, first: bool) -> str:
    """The points of a step: the first as they are, further ones as "+1" or "-1"."""
    return str(points) if first else f"{points:+d}"


@register.filter
def element_word(key: str) -> str:
    """An element of condition as people call it."""
    return estate().elements.get(key, key)


@register.filter
def grade_mark(grade: str) -> SafeString:
    """A grade of condition as shape, letter and colour."""
    look, shape = GRADES[grade]
    title = estate().grades[grade]
    return format_html(
        '<span class="mark {}"><span aria-hidden="true">{}</span> {}, {}</span>', look, shape, grade, title.lower()
    )


@register.simple_tag
def score_mark(score: int | None) -> SafeString | str:
    """A score with its band."""
    return format_html("{} {}", band_mark(estate().band(score).key), score) if score else ""


@register.simple_tag
def score_look(likelihood: int, impact: int) -> str:
    """The colours of a place of the 5 by 5."""
    return band_look(estate().band(likelihood * impact).key)


@register.filter
def movement(moved: int | None) -> str:
    """Which way a score went at its last review."""
    if moved is None:
        return "new"
    return "as before" if moved == 0 else f"▲ {moved} worse" if moved > 0 else f"▼ {-moved} better"


@register.filter
def level_word(key: str) -> str:
    """A level of the standards as people call it."""
    return standards().levels.get(key, key)


@register.filter
def position_mark(key: str) -> SafeString:
    """A position of the annual return as shape, word and colour."""
    look, shape = PLACES[key]
    return format_html('<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>', look, shape, POSITIONS[key])


@register.filter
def academic(first: int | None) -> str:
    """A year of the trust: "2026/27"; nothing for None."""
    return "" if first is None else year_words(first)


@register.filter
def hundredths(rate: int) -> str:
    """Hundredths of a per cent as a number: 350 is "3.5"."""
    return f"{rate / 100:g}"


@register.filter
def at(those: dict[str, object], key: str) -> object:
    """One of them by its key."""
    return those[key]


@register.filter
def advice_mark(advice: str) -> SafeString:
    """Keep, look at or replace, as shape, word and colour."""
    look, shape = {REPLACE: ("overdue", "▲"), LOOK: ("due", "◆"), KEEP: ("in-date", "●")}.get(advice, ("due-soon", "◐"))
    return format_html('<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>', look, shape, ADVICE[advice])
