"""What is waiting for me: all of it as a page, the first of it as the piece that every home begins with."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backend.core.agenda import Waiting, line_words, lines_of, waiting_for
from backend.core.days import today
from backend.core.templatetags.words import counted
from backend.office.models import TakenOn
from backend.office.views.gate import signed_in
from backend.rules.telling import may_snooze, stage
from backend.trust.models import Person

FIRST: Final = 6
VERBS: Final = {
    "check": "Look at the check",
    "defect": "Look at it",
    "unsafe": "Make it safe",
    "work": "Open the work",
    "risk": "Decide",
    "held": "Settle",
    "unsent": "Ask",
    "certificate": "File it",
    "visit": "Sign in or out",
    "booking": "Book",
    "applying": "Answer",
}
NOT_CHECKS: Final = "check"
DECISIONS: Final = "decide"
"""How the keys of what somebody has to decide end."""


@dataclass(frozen=True, slots=True)
class Row:
    """A thing that waits, as it is shown: what is done with it in one tap, and how it stands."""

    item: Waiting
    today: dt.date
    line: Sequence[Waiting] = ()

    @property
    def words(self) -> str:
        """The sentence."""
        return line_words(self.line, self.today) if self.line else self.item.words

    @property
    def path(self) -> str:
        """Where it is dealt with."""
        return self.item.together_path if self.line else self.item.path

    @property
    def each(self) -> list["Row"]:
        """What is said together here, one by one."""
        return [Row(item, self.today) for item in self.line]

    @property
    def verb(self) -> str:
        """What the button says."""
        if self.line:
            return "Look at them"
        return VERBS.get(self.item.kind, "Look at it")

    @property
    def mark(self) -> tuple[str, str, str]:
        """Colour, shape and word."""
        if self.item.kind == "unsafe":
            return ("unsafe", "▲", "Unsafe")
        marks = (("paused", "○", "Waiting"), ("due", "◆", "Today"), ("overdue", "▲", "Past its day"))
        how = stage(self.item.due_on, self.today)
        return ("due-soon", "◐", "Soon") if how == 0 and self.item.due_on else marks[how]

    @property
    def may_wait(self) -> bool:
        """Whether it may be put off to tomorrow."""
        return may_snooze(self.item.weight, self.item.due_on, self.today + dt.timedelta(days=1))


def put_off(person: Person, today: dt.date) -> dict[str, TakenOn]:
    """What somebody has put off beyond today, by key. One query."""
    rows = TakenOn.objects.filter(person=person, act=TakenOn.Act.LATER, until__gt=today)
    return {each.key: each for each in rows}


def not_put_off(person: Person, items: Iterable[Waiting], today: dt.date) -> list[Waiting]:
    """What is left of what waits when that is taken away which somebody has put off beyond today. One query."""
    gone = put_off(person, today)
    return [each for each in items if each.key not in gone]


def said(rows: list[Row], later: int) -> str:
    """The answer."""
    late = sum(stage(row.item.due_on, row.today) == 2 or row.item.kind == "unsafe" for row in rows)
    if not rows:
        return f"Nothing is waiting for you{f'; {later} put off to another day' if later else ''}."
    more = f"; {late} past {'its' if late == 1 else 'their'} day or unsafe" if late else ""
    return f"{counted(len(rows), 'thing')} {'is' if len(rows) == 1 else 'are'} waiting for you{more}."


@never_cache
@require_safe
@signed_in
def waiting_page(request: HttpRequest, person: Person) -> HttpResponse:
    """All that waits, the most urgent first; asked for by a home (`HX-Request`), only the first of it as a piece of a page."""
    return waiting_shown(request, person)


def waiting_shown(request: HttpRequest, person: Person, status: int = 200) -> HttpResponse:
    """What waits, as a page or a piece of one; without the checks (`?but=check`), or only what is to be decided."""
    now = today()
    piece = request.headers.get("HX-Request") == "true"
    everything = waiting_for(person, now)
    off = put_off(person, now)
    shown = [each for each in everything if each.key not in off]
    if request.GET.get("but") == NOT_CHECKS:
        shown = [each for each in shown if each.kind != "check"]
    if request.GET.get("only") == DECISIONS:
        shown = [each for each in shown if each.key.endswith(f":{DECISIONS}")]
    rows = [Row(line[0], now, line if len(line) > 1 else ()) for line in lines_of(shown)]
    narrowed = bool(request.GET.get("but") or request.GET.get("only"))
    later = list(off.values()) if not (piece or narrowed) else []
    context = {
        "answer": said([Row(each, now) for each in shown], 0 if narrowed else len(everything) - len(shown)),
        "rows": rows[:FIRST] if piece else rows,
        "more": sum(max(1, len(row.line)) for row in rows[FIRST:]) if piece else 0,
        "later": later,
        "piece": piece,
        "but": NOT_CHECKS if request.GET.get("but") == NOT_CHECKS else "",
        "tomorrow": now + dt.timedelta(days=1),
    }
    answer = render(request, f"office/notices/waiting{'_piece' if piece else ''}.html", context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
