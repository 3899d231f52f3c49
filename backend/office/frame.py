"""The frame of every page: the areas a person may use, the demo notice, the trust's name, what is waiting.

Nothing is read until a template asks, so a page that explains a failure needs no database.
"""

import datetime as dt
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
from backend.maintenance.models import Defect
from backend.office.models import Notice, TakenOn
from backend.rules.due import Status
from backend.sync.queries import held_for
from backend.trust import factors, permits
from backend.trust.models import Person, School, Trust
from backend.trust.scope import reach


@dataclass(frozen=True, slots=True)
class Area:
    """A place in the navigation. `count` is what waits there; `alarm` when it is overdue or unsafe.

    `inner` are further places of the same kind, shown small below it.
    """

    name: str
    path: str
    count: int = 0
    alarm: bool = False
    here: bool = False
    inner: tuple["Area", ...] = ()


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
    def second_step_by(self) -> dt.date | None:
        """The day by which a second step is to be set up; None when there is nothing to say, or on its own page."""
        if self.person is None or self.request.path.startswith("/account/second-step/"):
            return None
        return factors.last_day_without(self.person)

    @cached_property
    def sees_estate(self) -> bool:
        """Whether the estate's pages are theirs."""
        return self.holds(permits.ESTATE_VIEW)

    @cached_property
    def finds(self) -> bool:
        """Whether there is anything that they may search for."""
        return self.sees_estate or self.holds(permits.PEOPLE_MANAGE)

    @cached_property
    def settles(self) -> bool:
        """Whether they settle what was held for the office."""
        return self.holds(permits.OFFICE_SETTLE)

    @cached_property
    def sees_all_risk(self) -> bool:
        """Whether they see the risk of the whole trust: its return and its board papers are theirs to read."""
        return self.person is not None and reach(self.person, permits.RISK_VIEW).everywhere

    @cached_property
    def proves(self) -> bool:
        """Whether they make evidence packs and log books somewhere."""
        return self.holds(permits.PROOF_MAKE)

    @cached_property
    def changes_places(self) -> bool:
        """Whether they change places somewhere: a page then shows the way to its form."""
        return self.holds(permits.SITE_CHANGE) or self.holds(permits.TRUST_CHANGE)

    @cached_property
    def changes_schools(self) -> bool:
        """Whether they change what is known of a school itself, which is for the whole trust."""
        return self.person is not None and reach(self.person, permits.TRUST_CHANGE).everywhere

    @property
    def lets_follow(self) -> bool:
        """Whether they let other systems follow what happens in the whole trust."""
        return self.person is not None and reach(self.person, permits.EVENTS_FOLLOW).everywhere

    @cached_property
    def reports(self) -> bool:
        """Whether they report problems somewhere: a page then shows the way to its form."""
        return self.holds(permits.DEFECT_REPORT)

    @cached_property
    def looks_after(self) -> bool:
        """Whether they look after contractors somewhere: a page then shows the way to filing a certificate."""
        return self.holds(permits.CONTRACTOR_MANAGE)

    @cached_property
    def trust(self) -> Any:
        """The trust with the counts that are waiting: `overdue`, `unsafe`, `held`. One query; None before set-up."""
        trusts = Trust.objects.all()
        if self.person:
            trusts = trusts.annotate(told=Number(told_lately(self.person)))
        if self.person and self.sees_estate:
            now = today()
            late = Plan.objects.visible_to(self.person).filter(active=True, overdue_from__lte=now)
            paused = late.standing(Status.PAUSED, now)
            unsafe = Defect.objects.visible_to(self.person).barring(now)
            schools = School.objects.visible_to(self.person).order_by("name").values(seen=JSONObject(id="id", name="name"))
            trusts = trusts.annotate(
                schools_seen=ArraySubquery(schools),
                overdue=Number(rows(late)) - Number(rows(paused)),  # two counts of indexes alone, where one would read rows
                unsafe=Number(rows(unsafe)),
                held=Number(rows(held_for(self.person))),
            )
        return trusts.first()

    @property
    def told(self) -> int:
        """How many things could not wait within a week and were not answered. Read with the trust."""
        return self.waiting("told")

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
        labels = [self.area("Labels", "/labels/")] if self.holds(permits.LABEL_PRINT) else []
        if self.sees_estate:
            found += self.of_the_estate(tuple(labels))
            labels = []
        if self.holds(permits.DEFECT_REPORT) and not self.sees_estate:
            found.append(self.area("My reports", "/my-reports/"))
        if self.holds(permits.ABSENCE_MANAGE) and not self.sees_estate:
            found.append(self.area("Who is away", "/calendar/away/"))
        if self.proves:
            found.append(self.area("Proof", "/proof/"))
        if self.settles:
            found.append(self.area("Held for the office", "/held/", self.waiting("held")))
        found += labels
        if self.changes_places:
            systems = (self.area("Other systems", "/events/"),) if self.lets_follow else ()
            found.append(self.area("Setting up", "/set-up/", also=("/imports/",), inner=systems))
        if self.holds(permits.PEOPLE_MANAGE):
            found.append(self.area("People", "/people/"))
        if self.holds(permits.SYSTEM_MANAGE):
            found.append(self.area("Status", "/status/"))
        return found

    def of_the_estate(self, labels: tuple[Area, ...]) -> list[Area]:
        """The areas of those who see the estate. What is used less stands small below what it belongs to."""
        applies = self.area("What applies", "/applying/", also=("/not-applicable/", "/library/"))
        seen = (self.area("Map", "/map/"), self.area("Trends", "/trends/"), applies)
        missed, orders = self.area("Missed", "/lapses/"), self.area("Work orders", "/work-orders/")
        return [
            self.area("Compliance", "/compliance/", also=("/schools/", "/sites/", "/buildings/"), inner=seen),
            self.area("Checks", "/plans/", self.waiting("overdue"), True, also=("/records/",), inner=(missed,)),
            self.area("Calendar", "/calendar/"),
            self.area("Assets", "/assets/", inner=labels),
            self.area("Problems", "/problems/", self.waiting("unsafe"), True, inner=(orders,)),
            self.area("Contractors", "/contractors/", also=("/certificates/", "/documents/")),
            *([self.area("Risk", "/risk/", also=("/condition/",))] if self.holds(permits.RISK_VIEW) else []),
        ]

    def area(
        self,
        name: str,
        path: str,
        count: int = 0,
        alarm: bool = False,
        also: tuple[str, ...] = (),
        inner: tuple[Area, ...] = (),
    ) -> Area:
        """One area; it is `here` when the page lies in it."""
        asked = self.request.path
        here = asked == path if path == "/" else asked.startswith((path, *also))
        return Area(name, path, count, alarm and count > 0, here, inner)


def rows(query: QuerySet[Any]) -> QuerySet[Any]:
    """A query reduced to its rows' keys, for counting."""
    return query.order_by().values("pk")


def told_lately(person: Person) -> QuerySet[Any]:
    """What could not wait for a daily letter within a week, and to which they have said nothing."""
    answered = TakenOn.objects.filter(person=person, until__gte=today()).values("key")
    told = Notice.objects.visible_to(person).filter(day__gt=today() - dt.timedelta(days=7), over=False)
    told = told.exclude(sort=Notice.Sort.DIGEST).exclude(key__in=answered)
    return told.order_by().values("key").distinct()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Django's context processor."""
    return {"frame": Frame(request)}
