"""Everything that became of an asset, as one line in time."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.assets.known import facts_asked
from backend.assets.models import Asset, AssetChange, AssetModel, AssetPaper, Disposal, Tag, Warranty
from backend.checks.models import CheckRecord
from backend.core.days import london_date
from backend.core.templatetags.words import day, plain, sentence_case
from backend.maintenance.models import Defect
from backend.office.queries.library import fact_words
from backend.office.register.shown import came_from
from backend.office.templatetags.firms import pounds
from backend.office.views.gate import estate
from backend.trust.models import Building, Person, Space

MOST: Final = 100
"""Of each sort."""
LABELS: Final = {
    "name": "Name", "make": "Make", "model": "Model", "serial": "Serial number", "note": "Note", "installed_on": "Installed on",
    "building_id": "Building", "space_id": "Room", "parent_id": "Part of", "product_id": "Listed as", "site": "Site",
}  # fmt: skip
ROWS: Final[dict[str, Any]] = {"building_id": Building, "space_id": Space, "parent_id": Asset, "product_id": AssetModel}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, what in words, by whom, what changed as (what, before, after), and where more is said."""

    at: dt.date
    order: str
    words: str
    who: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    path: str = ""
    why: str = ""


@require_safe
@estate
def history(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """The page. A bounded number of queries."""
    asset = Asset.objects.select_related("site", "type").get_visible(person, pk=id)
    events = [*changed(person, asset), *recorded(person, asset), *troubled(person, asset), *papers(person, asset)]
    events.append(beginning(person, asset))
    events.sort(key=lambda each: (each.at, each.order), reverse=True)
    return render(request, "office/register/history.html", {"asset": asset, "events": events, "most": MOST})


def beginning(person: Person, asset: Asset) -> Event:
    """How it came into the register: added, or from another site, where its history before that is."""
    before = came_from(person, asset)
    words = f"Came from {before.site}, where what was recorded before stays" if before else "Added to the register"
    return Event(london_date(asset.added_at), "", words, path=f"/assets/{before.pk}/history/" if before else "")


def changed(person: Person, asset: Asset) -> Iterator[Event]:
    """What was changed of it, with old and new values, and its moves."""
    rows = list(AssetChange.objects.visible_to(person).filter(asset=asset).select_related("made_by", "onward")[:MOST])
    names = named(person, rows)
    asked = facts_asked(asset.type_id)

    def value(column: str, held: Any) -> str:
        if held in (None, "", []):
            return "nothing"
        if column in ROWS:
            return names.get(str(held), "something that you may not see")
        if column == "installed_on":
            return day(dt.date.fromisoformat(held))
        if column.startswith("facts."):
            key = column.removeprefix("facts.")
            return fact_words(key, held, asked.get(key))[1]
        return str(held)

    def label(column: str) -> str:
        key = column.removeprefix("facts.")
        return asked[key].label if key in asked else LABELS.get(column, sentence_case(plain(key)))

    for row in rows:
        told = tuple((label(each), value(each, row.before.get(each)), value(each, row.after.get(each))) for each in row.after)
        onward = row.onward if row.onward_id and Asset.objects.visible_to(person).filter(pk=row.onward_id).exists() else None
        path = f"/assets/{onward.pk}/" if onward else ""
        who = row.made_by.name if row.made_by else "Siteward"
        yield Event(london_date(row.made_at), row.made_at.isoformat(), row.get_kind_display(), who, told, path, row.why)


def named(person: Person, rows: list[AssetChange]) -> dict[str, str]:
    """Id -> name of every place, asset and model of which changes tell, as far as one may know of it. A query for each sort."""
    found: dict[str, str] = {}
    for column, model in ROWS.items():
        ids = {each[column] for row in rows for each in (row.before, row.after) if each.get(column)}
        if ids:
            found |= {str(each.pk): str(each) for each in model.objects.visible_to(person).filter(pk__in=ids)}
    return found


def recorded(person: Person, asset: Asset) -> Iterator[Event]:
    """Checks of it."""
    rows = CheckRecord.objects.visible_to(person).filter(asset=asset).select_related("check_type").order_by("-done_at", "pk")
    for row in rows[:MOST]:
        words = f"{row.check_type}: {row.get_outcome_display().lower()}"
        yield Event(row.done_on, row.done_at.isoformat(), words, row.author_name, path=f"/records/{row.pk}/")


def troubled(person: Person, asset: Asset) -> Iterator[Event]:
    """Problems with it, found and closed."""
    rows = Defect.objects.visible_to(person).filter(asset=asset).select_related("reported_by").order_by("-found_on", "pk")
    for row in rows[:MOST]:
        path = f"/problems/{row.pk}/"
        who = row.reported_by.name if row.reported_by else ""
        yield Event(row.found_on, "", f"Problem: {row.summary}", who, path=path)
        if row.closed_at:
            yield Event(london_date(row.closed_at), row.closed_at.isoformat(), f"Closed: {row.summary}", path=path)


def papers(person: Person, asset: Asset) -> Iterator[Event]:
    """Papers, warranties, labels, and how it went."""
    for paper in AssetPaper.objects.visible_to(person).filter(asset=asset).select_related("added_by")[:MOST]:
        yield event_of(paper, f"{paper.get_kind_display()} added: {paper}", paper.added_by)
    for each in Warranty.objects.visible_to(person).filter(asset=asset).select_related("added_by")[:MOST]:
        yield event_of(each, f"Warranty of {each} until {day(each.ends_on)}", each.added_by)
    for tag in Tag.objects.filter(asset=asset).exclude(claimed_at=None)[:MOST]:
        yield Event(london_date(tag.claimed_at), "", f"Label {tag.code} put on")  # type: ignore[arg-type]
    for row in Disposal.objects.visible_to(person).filter(asset=asset).select_related("made_by", "undone_by")[:MOST]:
        gone: Any = row
        who = gone.made_by.name if gone.made_by else ""
        whom, value = f", {gone.to_whom}" if gone.to_whom else "", gone.value_pence
        told = f"Retired: {gone}{whom}" + (f", {pounds(value)} received" if value is not None else "")
        yield Event(london_date(gone.made_at), gone.made_at.isoformat(), told, who, why=gone.reason)
        if gone.undone_at:
            by = gone.undone_by.name if gone.undone_by else ""
            yield Event(london_date(gone.undone_at), gone.undone_at.isoformat(), "Brought back: it was a slip", by)


def event_of(row: Any, words: str, who: Person | None) -> Event:
    """A row with `added_at` as an event."""
    said = f"{words}, taken back since" if row.withdrawn_at else words
    return Event(london_date(row.added_at), row.added_at.isoformat(), said, who.name if who else "")
