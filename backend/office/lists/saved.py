"""Lists kept as views: made, changed, thrown away, shared, and the one with which a list opens."""

import uuid
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode, urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, QueryDict

from backend.core.problems import Forbidden, NotFound, Problem
from backend.office.models import DefaultView, SavedView
from backend.trust import permits
from backend.trust.models import Person, School
from backend.trust.scope import reach

NEVER_KEPT = ("page", "saved", "column", "choose", "csrfmiddlewaretoken")
EVERYTHING = "all"
"""In place of a view's id in an address: the whole list, whatever it opens with."""
MOST = 60  # views of one list that somebody may keep
LONGEST = 1000


@dataclass(frozen=True)
class Views:
    """The views of the list on a page, as its reader sees them. One query, when the page shows them."""

    request: HttpRequest
    person: Person
    may_keep: bool = True

    @property
    def page(self) -> str:
        """The list's address."""
        return self.request.path

    @cached_property
    def all(self) -> list[SavedView]:
        """Own and shared views of this list, by name; each says whether the list `opens` with it for the reader."""
        return list(views_of(self.person, self.page))

    @property
    def chosen(self) -> SavedView | None:
        """The view that is being looked at."""
        asked = self.request.GET.get("saved", "")
        return next((each for each in self.all if str(each.pk) == asked), None)

    @property
    def query(self) -> str:
        """What would be kept: the filters and the order as they stand in the address."""
        return kept_part(self.request.GET)

    @property
    def has_default(self) -> bool:
        """Whether the list opens with a view."""
        return any(each.opens for each in self.all)  # type: ignore[attr-defined]


def kept_part(asked: QueryDict) -> str:
    """The part of an address's query that a view keeps: filters that say something, and the order."""
    return urlencode([(name, value) for name in asked if name not in NEVER_KEPT for value in asked.getlist(name) if value])


def views_of(person: Person, page: str) -> list[SavedView]:
    """The views of a list that somebody may use, with whether the list `opens` with each. One query."""
    opens = DefaultView.objects.filter(person=person, view=OuterRef("pk"))
    rows = SavedView.objects.visible_to(person).filter(page=page).annotate(opens=Exists(opens))
    return list(rows.select_related("school", "person").order_by("name", "pk"))


def default_view(request: HttpRequest, person: Person) -> str | None:
    """The address of the view with which a list opens, when nothing was asked for; None when there is none.

    Somebody who comes from the list itself has just taken the last filter away, and means everything.
    """
    if request.GET or request.META.get("QUERY_STRING"):
        return None
    if urlsplit(request.headers.get("Referer", "")).path == request.path:
        return None
    usable = SavedView.objects.visible_to(person).filter(page=request.path, defaults__person=person)
    found = usable.first()
    return found.address if found else None


def schools_to_share(person: Person) -> list[School]:
    """The schools with whose people somebody may share a view."""
    return list(School.objects.visible_to(person).order_by("name").distinct())


def found(person: Person, id: uuid.UUID, *, own: bool = False) -> SavedView:
    """The view, or NotFound; `own`: only one's own, since a shared one is changed by who made it."""
    view = SavedView.objects.visible_to(person).filter(pk=id).first()
    if view is None:
        raise NotFound("That view")
    if own and view.person_id != person.pk:
        raise Forbidden("Somebody shared this view with you. Only who made it can change it; keep it under a name of your own.")
    return view


@transaction.atomic
def keep_view(
    *, person: Person, page: str, name: str, query: str, shared: str = "own", school: School | None = None
) -> SavedView:
    """Keep a list's filters and order under a name; a name that one has already for this list is written over."""
    name = name.strip()
    if not name:
        raise Problem("name_missing", "Give the view a name.", fields={"name": "Write a name, such as “Overdue at Oakfield”."})
    if len(name) > 60 or len(query) > LONGEST:
        raise Problem("too_long", "That is too long to be kept as a view. Shorten the name, or choose fewer filters.")
    own = SavedView.objects.filter(person=person, page=page)
    view = own.filter(name__iexact=name).first()
    if view is None and own.count() >= MOST:
        raise Problem("too_many_views", f"You keep {MOST} views of this list. Throw one away first.", status=409)
    view = view or SavedView(person=person, page=page)
    view.name, view.query = name, query
    share(view, person, shared, school)
    view.save()
    return view


def share(view: SavedView, person: Person, shared: str, school: School | None) -> None:
    """Set with whom a view is shared. Raises Problem where `person` does not see the estate themselves."""
    held = reach(person, permits.ESTATE_VIEW)
    if shared == SavedView.Shared.TRUST and not held.everywhere:
        raise Problem("share", "Only who works with the whole trust can share a view with all of it.", status=403)
    if shared == SavedView.Shared.SCHOOL:
        if school is None or not School.objects.visible_to(person).filter(pk=school.pk).exists():
            raise Problem("share", "Choose one of your schools.", fields={"school": "Choose a school."})
    elif shared not in SavedView.Shared.values:
        raise Problem("share", "Choose with whom the view is shared.")
    view.shared, view.school = shared, school if shared == SavedView.Shared.SCHOOL else None


@transaction.atomic
def change_view(view: SavedView, *, person: Person, name: str, shared: str, school: School | None) -> SavedView:
    """Rename one's own view, and say who may use it."""
    if not name.strip() or len(name.strip()) > 60:
        raise Problem("name_missing", "Give the view a name of at most 60 letters.", fields={"name": "Write a name."})
    view.name = name.strip()
    share(view, person, shared, school)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        said = "You have a view of that name already."
        raise Problem("name_taken", said, status=409, fields={"name": said}) from None
    lost = DefaultView.objects.filter(view=view).exclude(person=person)
    if view.shared == SavedView.Shared.OWN:
        lost.delete()
    return view


@transaction.atomic
def drop_view(view: SavedView) -> None:
    """Throw a view away. The rows it showed are as they were."""
    view.delete()


@transaction.atomic
def open_with(view: SavedView | None, *, person: Person, page: str) -> None:
    """Let a list open with a view for `person`; with the whole list when there is none."""
    if view is None:
        DefaultView.objects.filter(person=person, page=page).delete()
        return
    DefaultView.objects.update_or_create(person=person, page=view.page, defaults={"view": view})
