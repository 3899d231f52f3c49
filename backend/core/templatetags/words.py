"""How dates, ages and statuses are written, everywhere: the words of DESIGN.md."""

import datetime as dt
import re
from typing import Any, Final

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backend.core.days import LONDON, london_date, today
from backend.rules.due.words import short_day

register = template.Library()

STATUSES: Final[dict[str, tuple[str, str]]] = {
    "overdue": ("Overdue", "▲"),
    "due": ("Due", "◆"),
    "due-soon": ("Due soon", "◐"),
    "in-date": ("In date", "●"),
    "paused": ("Paused", "‖"),
}
"""Status: its word and its shape, worst first. Colour comes third, from the stylesheet."""

CAPITALS: Final = re.compile(r"\b(?:co2|lpg|upvc|grp|cnc|uv|vrf|psv|tmv[23]|en|tn c s|tn s|tt|fd\d+s?|[lp][1-5]|ii|iii|iv)\b")
"""Words of the library's keys that are written in capitals."""
OUTCOMES: Final[dict[str, tuple[str, str, str]]] = {
    "satisfactory": ("Satisfactory", "●", "in-date"),
    "unsatisfactory": ("Not satisfactory", "▲", "overdue"),
}
MONTH_DAYS = 30.44


@register.filter
def day(value: Any) -> str:
    """A date as "Fri 27 Nov", with the year when it is not this one; a moment by its London date; nothing as "not known"."""
    if not value:
        return "not known"
    if isinstance(value, dt.datetime):
        value = london_date(value)
    return short_day(value, today())


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A moment as "Fri 27 Nov, 14:05", London time."""
    if not value:
        return "not known"
    return f"{day(value)}, {value.astimezone(LONDON):%H:%M}"


@register.filter
def number(value: Any) -> str:
    """A count with thousands separated: "4,210"."""
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def counted(value: int, noun: str) -> str:
    """ "1 check", "3 checks"; a noun with a bar gives its own plural: "1 person", "3 people" from "person|people"."""
    one, _, many = noun.partition("|")
    return f"{value:,} {one if value == 1 else many or one + 's'}"


@register.filter
def age(days: int) -> str:
    """A number of days in words: "12 days", from three months on "4 months", from two years on "3 years"."""
    days = abs(days)
    if days < 92:
        return counted(days, "day")
    if days < 730:
        return counted(round(days / MONTH_DAYS), "month")
    return counted(int(days / 365.25), "year")


@register.filter
def days_since(value: dt.date | None) -> int:
    """How many days ago a date was (less than nothing when it lies ahead)."""
    return (today() - value).days if value else 0


@register.filter
def ago(value: dt.date | dt.datetime | None) -> str:
    """How long ago, or how far ahead: "today", "yesterday", "12 days ago", "in 3 weeks" as days."""
    if not value:
        return "never"
    on = london_date(value) if isinstance(value, dt.datetime) else value
    days = days_since(on)
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    if days in near:
        return near[days]
    return f"{age(days)} ago" if days > 0 else f"in {age(days)}"


@register.filter
def status_word(value: Any) -> str:
    """The word of a status."""
    return STATUSES.get(str(value), (str(value), ""))[0]


@register.filter
def status_shape(value: Any) -> str:
    """The shape of a status."""
    return STATUSES.get(str(value), ("", ""))[1]


@register.filter
def status_mark(value: Any) -> SafeString:
    """A status as word, shape and colour."""
    word, shape = STATUSES.get(str(value), (str(value), ""))
    return format_html('<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>', str(value), shape, word)


@register.filter
def outcome_mark(value: Any) -> SafeString:
    """A record's outcome as word, shape and colour."""
    word, shape, colour = OUTCOMES.get(str(value), (str(value), "", "paused"))
    return format_html('<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>', colour, shape, word)


@register.filter
def plan_status(plan: Any) -> str:
    """A plan's status today (or another stored due's)."""
    return str(plan.status(today()))


@register.filter
def plan_when(plan: Any) -> str:
    """When a plan is owed, as a phrase: "since Tue 10 Nov, 12 days", "by Fri 27 Nov", "paused", "nothing owed"."""
    now = today()
    if plan.due_on is None:
        return "nothing owed"
    late = plan.status(now) in {"overdue", "due"}
    if late:
        return f"since {day(plan.due_on)}, {age((now - plan.due_on).days)}"
    return f"by {day(plan.due_on)}"


@register.filter
def code_groups(value: str) -> str:
    """A label's code as it is printed, in groups of four: "K3V9 7M2P"."""
    return " ".join(value[start : start + 4] for start in range(0, len(value), 4))


@register.filter
def plain(value: Any) -> str:
    """A key of the library as words: "hot-water-outlet" as "hot water outlet"; yes and no for true and false."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(plain(each) for each in value)
    return CAPITALS.sub(lambda found: found[0].upper(), str(value).replace("-", " ").replace("_", " "))


def option_word(key: str) -> str:
    """One of a question's or a detail's choices, as a choice is shown."""
    return sentence_case(plain(key))


@register.filter
def sentence_case(value: str) -> str:
    """The first letter as a capital, the others left alone."""
    return value[:1].upper() + value[1:]


@register.simple_tag
def now_words() -> str:
    """This moment, for the foot of a printed page."""
    return moment(timezone.now())


@register.simple_tag
def year_ago() -> str:
    """The first of the last twelve months' days, for an address: "2025-11-23"."""
    return (today() - dt.timedelta(days=364)).isoformat()


@register.filter
def joined(value: Any) -> str:
    """What is wrong with a field, as one text, however many sentences it came in."""
    return " ".join(str(each) for each in value) if isinstance(value, list | tuple) else str(value)
