"""Many rows changed at once: chosen, looked at row by row, then changed in one transaction, and undone where that can be.

The preview does what was asked and takes it back, so what it says of a row is what the row's own action says: no rule of what
may be changed stands here a second time.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import QueryDict

from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import day
from backend.office.forms.lists import ListFilters
from backend.office.models import BulkChange
from backend.trust.models import Person
from backend.trust.scope import reach

MOST: Final = 1000
"""How many rows are changed at once."""
Told = Mapping[str, str]
"""What a change may touch of a row: what it is called -> how it is, in words."""


class ChangeForm(forms.Form):
    """What a change asks for. `rows` are the chosen ones, for choices that hang on them."""

    def __init__(self, data: Any = None, *, person: Person, rows: Sequence[Any]) -> None:
        super().__init__(data, prefix="to")
        self.person, self.rows = person, rows


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that can be done with many rows of a list.

    `do(rows, said, person)` calls the rows' own actions and raises Problem; `tell(row)` says how a row is, before and after.
    `keep(row)` and `back(row, kept, person)` undo it. `leads`: a page that does it instead, given the ids or None for all.
    """

    key: str
    words: str
    permit: str
    form: type[ChangeForm] = ChangeForm
    do: Callable[[Sequence[Any], Mapping[str, Any], Person], None] | None = None
    tell: Callable[[Any], Told] = lambda _row: {}
    keep: Callable[[Any], Any] | None = None
    back: Callable[[Any, Any, Person], None] | None = None
    leads: str = ""


@dataclass(frozen=True, kw_only=True)
class BulkList:
    """A list whose rows can be changed many at once. `rows` reads them with all that is told of them."""

    key: str
    page: str
    noun: str
    filters: type[ListFilters]
    model: type[Model]
    rows: Callable[[QuerySet[Any]], QuerySet[Any]]
    place: Callable[[Any], str]
    changes: Sequence[Change]

    def for_person(self, person: Person) -> list[Change]:
        """What somebody may do with such rows, wherever it is."""
        return [each for each in self.changes if not reach(person, each.permit).nowhere()]

    def change(self, person: Person, key: str) -> Change | None:
        """One of them by its key; None when there is none of that name, or it is not theirs."""
        return next((each for each in self.for_person(person) if each.key == key), None)

    def seen(self, person: Person) -> Any:
        """The rows that somebody may know of."""
        return self.model._default_manager.visible_to(person)  # type: ignore[attr-defined]

    def of(self, person: Person, ids: Iterable[uuid.UUID], *, locked: bool = False) -> list[Any]:
        """These rows, fresh from the database, as far as `person` may know of them."""
        rows = self.rows(self.seen(person).filter(pk__in=list(ids)).order_by("pk"))
        return list(rows.select_for_update(of=("self",)) if locked else rows)

    def again(self, person: Person, rows: Sequence[Any]) -> list[Any]:
        """The rows as they are now: an action may have changed a copy of its own. One that went out of sight stays as it was."""
        now = {row.pk: row for row in self.of(person, [row.pk for row in rows])}
        return [now.get(row.pk, row) for row in rows]


@dataclass(frozen=True)
class Offered:
    """What the reader of a list may do with its rows."""

    list: BulkList
    changes: Sequence[Change]
    most: int = MOST


@dataclass(slots=True)
class Outlook:
    """What would become of one row: how it is and would be, or why it cannot be changed."""

    row: Any
    place: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    refused: str = ""


def ids_of(asked: QueryDict) -> list[uuid.UUID]:
    """The rows that were ticked: `row`, once for each, or several ids in one, apart by blanks."""
    texts = [part for each in asked.getlist("row") for part in each.split()]
    try:
        return list(dict.fromkeys(uuid.UUID(each) for each in texts[: MOST + 1]))
    except ValueError:
        raise Problem("malformed", "One of the chosen rows could not be read. Choose them again.") from None


NOT_FILTERS: Final = ("row", "all", "do", "sure", "csrfmiddlewaretoken")


def filtered(bulk: BulkList, person: Person, asked: QueryDict) -> ListFilters:
    """The list's filters, as they stood where the rows were chosen."""
    plain = asked.copy()
    for name in [each for each in asked if each in NOT_FILTERS or each.startswith("to-")]:
        del plain[name]
    filters = bulk.filters(plain, person=person)
    filters.refuse_unknown()
    if filters.wrong:
        raise Problem("filter", f"A filter was not understood. {' '.join(filters.wrong)}", status=filters.http_status)
    return filters


def chosen(bulk: BulkList, person: Person, asked: QueryDict) -> list[uuid.UUID]:
    """The ids of the rows that were chosen: those ticked, or with `all` every one that the filter finds.

    Raises Problem when they are too many, and NotFound when none of them is there for `person`.
    """
    if asked.get("all"):
        ids = list(filtered(bulk, person, asked).rows().order_by().values_list("pk", flat=True)[: MOST + 1])
    else:
        ids = ids_of(asked)
        if ids and not (ids := list(bulk.seen(person).filter(pk__in=ids).values_list("pk", flat=True))):
            raise NotFound(f"What you chose in the list of {bulk.noun.partition('|')[2] or bulk.noun + 's'}")
    if len(ids) > MOST:
        raise Problem("too_many", f"That is more than {MOST:,} at a time. Narrow the list by site or kind, and do it in parts.")
    return ids


class TakenBack(Exception):  # noqa: N818  no fault
    """Ends a transaction that was only to show what it would do."""


def attempt(bulk: BulkList, change: Change, person: Person, ids: Sequence[uuid.UUID], said: Mapping[str, Any]) -> list[Outlook]:
    """What the change would do with these rows: done in a transaction that is taken back. Raises Problem when one refuses."""
    found: list[Outlook] = []
    try:
        with transaction.atomic():
            rows = bulk.of(person, ids)
            before = {row.pk: dict(change.tell(row)) for row in rows}
            assert change.do
            change.do(rows, said, person)
            for row in bulk.again(person, rows):
                after = change.tell(row)
                diffs = [(name, before[row.pk].get(name, ""), to) for name, to in after.items() if before[row.pk].get(name) != to]
                found.append(Outlook(row, bulk.place(row), diffs, "" if diffs else "It is so already."))
            raise TakenBack
    except TakenBack:
        return found


def outlook(bulk: BulkList, change: Change, person: Person, ids: Sequence[uuid.UUID], said: Mapping[str, Any]) -> list[Outlook]:
    """What would become of each row. All are tried together; where one refuses, by halves until it is found."""
    if not ids:
        return []
    try:
        return attempt(bulk, change, person, ids, said)
    except Problem as problem:
        if len(ids) == 1:
            row = bulk.of(person, ids)[0]
            return [Outlook(row, bulk.place(row), refused=reason(problem))]
    half = len(ids) // 2
    return outlook(bulk, change, person, ids[:half], said) + outlook(bulk, change, person, ids[half:], said)


def reason(problem: Problem) -> str:
    """Why a row cannot be changed, in the words of its action."""
    more = [str(each) for each in problem.fields.values() if str(each) not in problem.detail]
    return " ".join([problem.detail, *more])


@transaction.atomic
def carry_out(
    bulk: BulkList, change: Change, *, person: Person, ids: Sequence[uuid.UUID], said: Mapping[str, Any], words: str
) -> BulkChange:
    """Change all these rows, or none: raises Problem when one refuses, or is gone meanwhile."""
    rows = bulk.of(person, ids, locked=True)
    if len(rows) != len(ids) or not rows:
        raise Problem("changed_meanwhile", "Some of the rows are not there any more. Choose them again.", status=409)
    kept = {str(row.pk): change.keep(row) if change.keep else None for row in rows}
    assert change.do
    change.do(rows, said, person)
    after = {str(row.pk): change.keep(row) if change.keep else None for row in bulk.again(person, rows)}
    names = {str(row.pk): str(row)[:160] for row in rows}
    made = {"rows_of": bulk.key, "change": change.key, "said": words[:300], "before": kept, "after": after, "names": names}
    return BulkChange.objects.create(person=person, **made)


@transaction.atomic
def take_back(bulk: BulkList, change: Change, made: BulkChange, *, person: Person, at: dt.datetime) -> BulkChange:
    """Put every row back as it was before. Raises Problem when one was changed since, or it was undone before."""
    made = BulkChange.objects.select_for_update().get(pk=made.pk)
    if change.back is None or change.keep is None:
        raise Problem("no_undo", "That cannot be taken back here.", status=409)
    if made.undone_at:
        raise Problem("undone", "That was taken back already.", status=409)
    rows = bulk.of(person, map(uuid.UUID, made.before), locked=True)
    if len(rows) != len(made.before):
        raise Problem(
            "changed_meanwhile", "Some of the rows are not yours to change any more, so nothing was taken back.", status=409
        )
    for row in rows:
        if change.keep(row) != made.after[str(row.pk)]:
            raise Problem("changed_since", f"{row} was changed again since, so nothing was taken back.", status=409)
        change.back(row, made.before[str(row.pk)], person)
    made.undone_at = at
    made.save(update_fields=["undone_at"])
    return made


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day to be chosen."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=required, widget=widget, initial=today if required else None, help_text=help_text
    )


def in_words(form: ChangeForm) -> str:
    """What was asked, for the page that says it was done: "Room: Boiler room"."""
    said = []
    for name, value in form.cleaned_data.items():
        if value:
            field = form.fields[name]
            flat: Any = getattr(field, "flat", None) or (field.choices if type(field) is forms.ChoiceField else ())
            words = dict(flat)
            shown = day(value) if isinstance(value, dt.date) else words.get(value, value)
            said.append(f"{form.fields[name].label}: {shown}")
    return "; ".join(said)
