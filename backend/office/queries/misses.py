"""Missed checks as pages show them: what was missed, and what was said about it since."""

from dataclasses import dataclass
from typing import Any

from backend.checks.models import Lapse, LapseNote, Plan
from backend.trust.models import Person

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Miss:
    """A lapse with its notes, oldest first. `stands` unless it was withdrawn; `excused` when somebody said why."""

    lapse: Lapse
    notes: list[LapseNote]
    stands: bool
    excused: bool


def as_miss(lapse: Lapse) -> Miss:
    """A lapse with what was said about it; its notes must be loaded."""
    notes = list(lapse.notes.all())
    deciding = [note.kind for note in notes if note.kind != LapseNote.Kind.EXCUSED]
    return Miss(
        lapse,
        notes,
        stands=not deciding or deciding[-1] == LapseNote.Kind.RESTORED,
        excused=any(note.kind == LapseNote.Kind.EXCUSED for note in notes),
    )


def misses_of(person: Person, **where: Any) -> list[Miss]:
    """The newest misses of plans that `person` may see; `where` filters lapses (`plan`, `plan__asset`). Two queries."""
    rows = Lapse.objects.filter(plan__in=Plan.objects.visible_to(person), **where)
    rows = rows.select_related("plan__check_type").prefetch_related("notes__made_by").order_by("-due_on", "pk")
    return [as_miss(each) for each in rows[:SHOWN]]
