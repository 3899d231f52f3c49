"""The document register: the board, the list, one document with its versions, adding one, and what is not needed where."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.checks.models import CheckType, Document, DocumentNotNeeded
from backend.checks.queries.documents import Need, kinds, needs
from backend.core.days import today
from backend.core.problems import NotFound
from backend.office.contractors.pages import handed_on
from backend.office.forms.lists import ListFilters
from backend.office.views.csv_out import ListFile, csv_answer
from backend.office.views.gate import estate
from backend.office.views.lists import list_answer, refuse_misread
from backend.rules.documents import (
    EXPIRED,
    LOOKS,
    MISSING,
    NOT_NEEDED,
    SHAPES,
    WORDS,
    WORST_FIRST,
)
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import may, reach

COLUMNS = 12
HEAD = ("Document", "Held for", "School", "Site", "Where", "State", "Until", "Law", "Linked check", "Verified in the library")


@dataclass(slots=True)
class Square:
    """One kind at one site: how many of its places stand how, the worst first."""

    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def worst(self) -> str:
        """The worst state of its places."""
        return next(each for each in WORST_FIRST if each in self.states)

    @property
    def look(self) -> str:
        """The colours of which status it has."""
        return LOOKS[self.worst]

    @property
    def shape(self) -> str:
        """Its shape."""
        return SHAPES[self.worst]

    @property
    def wrong(self) -> int:
        """How many are missing or expired."""
        return self.states.get(MISSING, 0) + self.states.get(EXPIRED, 0)

    @property
    def said(self) -> str:
        """In words, for who does not see colours."""
        return ", ".join(f"{number} {WORDS[state].lower()}" for state, number in self.states.items())


@require_safe
@estate
def board(request: HttpRequest, person: Person) -> HttpResponse:
    """Kinds of document by site, the worst first."""
    found = needs(person, today())
    by_site: dict[Any, int] = defaultdict(int)
    squares: dict[tuple[str, Any], Square] = defaultdict(Square)
    for need in found:
        squares[need.kind.key, need.site].states[need.standing.state] += 1
        by_site[need.site] += need.standing.state in (MISSING, EXPIRED)
    places = sorted(by_site, key=lambda site: (site is not None, -by_site[site], site.name if site else ""))
    page = page_of_columns(request, places)
    rows = []
    for kind in kinds().values():
        line = [(site, squares.get((kind.key, site))) for site in page.object_list]
        wrong = sum(square.wrong for (key, _), square in squares.items() if key == kind.key)
        if any(key == kind.key for key, _ in squares):
            rows.append((wrong, kind, line))
    rows.sort(key=lambda row: (-row[0], row[1].title))
    said = {
        "rows": rows, "page": page, "needed": sum(1 for each in found if each.standing.state != NOT_NEEDED),
        "missing": sum(1 for each in found if each.standing.state == MISSING),
        "expired": sum(1 for each in found if each.standing.state == EXPIRED),
        "held": sum(1 for each in found if each.standing.state not in (MISSING, EXPIRED, NOT_NEEDED)),
        "may": not reach(person, permits.SITE_CHANGE).nowhere(), "asked": asked_for(person),
    }  # fmt: skip
    return render(request, "office/contractors/board.html", said)


def page_of_columns(request: HttpRequest, places: Sequence[Any]) -> Any:
    """So many sites as fit across a page."""
    from django.core.paginator import Paginator

    return Paginator(list(places), COLUMNS).get_page(request.GET.get("page"))


def asked_for(person: Person) -> list[tuple[DocumentNotNeeded, str]]:
    """What is asked not to be needed and not decided, with the title of the document."""
    rows = (
        DocumentNotNeeded.objects.visible_to(person)
        .filter(decided_at=None, ended_at=None)
        .select_related("site", "building", "asked_by")
    )
    return [(each, titled(each.kind)) for each in rows[:50]]


def titled(key: str) -> str:
    """A kind of document as it is called."""
    return kinds()[key].title if key in kinds() else key


class NeedFilters(ListFilters):
    """What is needed, by words, site, kind and state. The rows are worked out, not read: they are sorted here."""

    sorts = {"worst": (), "name": ("title",), "place": ("where",), "until": ("until",)}
    shown = ("q", "kind", "site", "state")
    hidden = ("building",)
    kind = forms.ChoiceField(label="Document", required=False)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "However they stand"), *((key, WORDS[key]) for key in WORST_FIRST)]
    )

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data, person=person)
        for name in ("school", "asset", "discipline"):
            del self.fields[name]
        self.choices("kind", "Every document", [(each.key, each.title) for each in kinds().values()])

    def rows(self) -> list[Need]:  # type: ignore[override]
        """The needs wanted, the worst first unless said otherwise."""
        if not self.is_valid():
            return []
        kind, state, text = (self.value(name) for name in ("kind", "state", "q"))
        found = needs(self.person, today(), self.value("site"))
        if building := self.value("building"):
            found = [each for each in found if each.place[1] == building.pk]
        found = [each for each in found if not kind or each.kind.key == kind]
        found = [each for each in found if not state or each.standing.state == state]
        if text:
            found = [each for each in found if text.casefold() in f"{each.kind.title} {each.where} {each.kind.law}".casefold()]
        return self.in_order(found)

    def in_order(self, found: list[Need]) -> list[Need]:
        """The needs in the order asked for; those without a day come last either way."""
        asked = self.value("sort") or "worst"
        back, name = asked.startswith("-"), asked.removeprefix("-")
        if name == "until":
            dated = [(each.standing.until, at, each) for at, each in enumerate(found) if each.standing.until]
            return [*(each for *_, each in sorted(dated, reverse=back)), *(each for each in found if not each.standing.until)]
        keys = {"name": lambda each: each.kind.title.casefold(), "place": lambda each: each.where.casefold()}
        found = sorted(found, key=keys[name]) if name in keys else found
        return found[::-1] if back else found


@require_safe
@estate
def need_list(request: HttpRequest, person: Person) -> HttpResponse:
    """What is needed and how it stands, one row for each document and place."""
    filters = NeedFilters(request.GET, person=person)
    here = reach(person, permits.SITE_CHANGE)
    may_change = {"may": not here.nowhere(), "may_of_trust": here.everywhere}
    return list_answer(request, "office/contractors/needs.html", filters, **may_change)


@require_safe
@estate
def need_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    filters = NeedFilters(request.GET, person=person)
    refuse_misread(filters)
    rows = (
        (
            each.kind.title, each.kind.held_for, each.site.school.name if each.site else "", each.site.name if each.site else "",
            each.where, each.standing.word, each.standing.until, each.kind.law, each.kind.check, each.kind.verified,
        )
        for each in filters.rows()
    )  # fmt: skip
    return csv_answer("documents", HEAD, rows)


def found(person: Person, id: uuid.UUID) -> Document:
    """The document, or NotFound."""
    rows = Document.objects.visible_to(person).select_related(
        "site__school", "building", "asset", "added_by", "next", "supersedes"
    )
    row: Document | None = rows.filter(pk=id).first()
    if row is None:
        raise NotFound("That document")
    return row


@require_safe
@estate
def document_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One document: until when it is good, and its versions."""
    row = found(person, id)
    of_place = {"kind": row.kind, "site": row.site_id, "building": row.building_id, "asset": row.asset_id}
    versions = Document.objects.visible_to(person).filter(**of_place).select_related("added_by").order_by("-version")
    kind = kinds().get(row.kind)
    check = CheckType.objects.filter(pk=kind.check).first() if kind and kind.check else None
    said = {
        "row": row, "kind": kind, "versions": versions, "today": today(), "check": check, "may": may_add(person, row.site),
    }  # fmt: skip
    return render(request, "office/contractors/document.html", said)


def may_add(person: Person, site: Site | None) -> bool:
    """Whether they may add documents of a site; of the trust for no site."""
    return may(person, permits.SITE_CHANGE, site) if site else reach(person, permits.SITE_CHANGE).everywhere


@require_safe
@estate
def document_file(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """The file as it came."""
    row = found(person, id)
    return handed_on(row.sha256, row.content_type, f"{row.kind}-version-{row.version}")
