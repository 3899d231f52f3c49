"""The frame of every page: the areas a person may use, the demo notice, the trust's name, what is waiting.

Nothing is read until a template asks, so a page that explains a failure needs no database.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import IntegerField, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest

from backend.checks.models import Plan
from backend.core.days import today
from backend.core.models import status_case
from backend.maintenance.models import Defect
from backend.sync.queries import held_for
from backend.trust import permits
from backend.trust.models import Person, School, Trust
from backend.trust.scope import reach


@dataclass(frozen=True, slots=True)
class Area:
    """A place in the navigation. `count` is what waits there; `alarm` when it is overdue or unsafe."""

    name: str
    path: str
    count: int = 0
    alarm: bool = False
    here: bool = False


class Number(Subquery):
    """SQL: how many rows a query has, as one figure beside others."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class Frame:
    """What the frame shows for one request. One query when shown to somebody signed in, however large the trust."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo: bool = settings.DEMO
        self.version: str = settings.SITEWARD_VERSION

    @cached_property
    def person(self) -> Person | None:
        """Who is signed in."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, Person) else None

    def holds(self, permit: str) -> bool:
        """Whether the person holds a permit anywhere."""
        return self.person is not None and not reach(self.person, permit).nowhere()

    @cached_property
    def sees_estate(self) -> bool:
        """Whether the estate's pages are theirs."""
        return self.holds(permits.ESTATE_VIEW)

    @cached_property
    def settles(self) -> bool:
        """Whether they settle what was held for the office."""
        return self.holds(permits.OFFICE_SETTLE)

    @cached_property
    def trust(self) -> Any:
        """The trust with the counts that are waiting: `overdue`, `unsafe`, `held`. One query; None before set-up."""
        trusts = Trust.objects.all()
        if self.person and self.sees_estate:
            now = today()
            late = Plan.objects.visible_to(self.person).filter(active=True, overdue_from__lte=now)
            late = late.alias(status_now=status_case(now)).filter(status_now="overdue")
            unsafe = Defect.objects.visible_to(self.person).filter(status=Defect.Status.OPEN, unsafe=True)
            schools = School.objects.visible_to(self.person).order_by("name").values(seen=JSONObject(id="id", name="name"))
            trusts = trusts.annotate(
                schools_seen=ArraySubquery(schools),
                overdue=Number(rows(late)),
                unsafe=Number(rows(unsafe)),
                held=Number(rows(held_for(self.person))),
            )
        return trusts.first()

    @property
    def schools(self) -> list[dict[str, str]]:
        """The schools of the switcher: `id` and `name`. Read with the trust."""
        return list(getattr(self.trust, "schools_seen", []))

    @cached_property
    def made_up(self) -> bool:
        """Whether the trust is an invented one."""
        return self.demo or bool(self.trust and self.trust.made_up)

    def waiting(self, name: str) -> int:
        """A count that is waiting."""
        return int(getattr(self.trust, name, 0) or 0)

    @cached_property
    def areas(self) -> list[Area]:
        """The areas that this person may use, in order."""
        found = [self.area("Home", "/")]
        if self.sees_estate:
            found += [
                self.area("Compliance", "/compliance/", also=("/schools/", "/sites/", "/buildings/")),
                self.area("Checks", "/plans/", self.waiting("overdue"), True, also=("/records/",)),
                self.area("Missed checks", "/lapses/"),
                self.area("Assets", "/assets/"),
                self.area("Problems", "/problems/", self.waiting("unsafe"), True),
            ]
        if self.settles:
            found.append(self.area("Held for the office", "/held/", self.waiting("held")))
        if self.holds(permits.LABEL_PRINT):
            found.append(self.area("Labels", "/labels/"))
        return found

    def area(self, name: str, path: str, count: int = 0, alarm: bool = False, also: tuple[str, ...] = ()) -> Area:
        """One area; it is `here` when the page lies in it."""
        asked = self.request.path
        here = asked == path if path == "/" else asked.startswith((path, *also))
        return Area(name, path, count, alarm and count > 0, here)


def rows(query: QuerySet[Any]) -> QuerySet[Any]:
    """A query reduced to its rows' keys, for counting."""
    return query.order_by().values("pk")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Django's context processor."""
    return {"frame": Frame(request)}
