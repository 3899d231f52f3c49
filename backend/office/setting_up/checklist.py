"""The first start, and the checklist that stays: what is set up of each school, and the next step."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import Throttled

from backend.assets.models import Asset
from backend.checks.models import Plan
from backend.core.days import today
from backend.core.problems import Problem
from backend.office.setting_up.forms import FirstForm
from backend.office.setting_up.gate import sets_up
from backend.office.views.forms_said import put_on
from backend.trust import permits, tries
from backend.trust.actions.setting_up import set_up
from backend.trust.models import Appointment, Building, Person, School, Site, Space, Term, Trust
from backend.trust.scope import reach
from backend.trust.signin import address_of, begin_session

TRIES_OF_AN_ADDRESS: Final = 10
TRIES_OF_ALL: Final = 30
INVITE: Final = "Invite who does the checks"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done for a school: how many there are, where it is done, and whether it is done."""

    name: str
    count: int
    said: str
    path: str
    act: str

    @property
    def done(self) -> bool:
        """Whether there is any."""
        return self.count > 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a school is set up."""

    school: School
    steps: list[Step]

    @property
    def done(self) -> int:
        """How many of its steps are done."""
        return sum(step.done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The first that is not."""
        return next((step for step in self.steps if not step.done), None)


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_page(request: HttpRequest) -> HttpResponse:
    """Before there is a trust: the form that makes it. Afterwards: the checklist."""
    if not Trust.objects.exists():
        return first_start(request)
    if request.method == "POST":
        raise Problem("trust_exists", "There is a trust here already. Its administrators invite people.", status=409)
    answer: Any = checklist(request)
    return answer  # type: ignore[no-any-return]


def first_start(request: HttpRequest) -> HttpResponse:
    """The form with the code from the terminal. In demo mode the invented trust is loaded instead."""
    if settings.DEMO:
        return render(request, "office/setting_up/demo.html")
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tries.count({f"set-up:{address_of(request)}": TRIES_OF_AN_ADDRESS, "set-up": TRIES_OF_ALL}, doing="to type the code")
            person = set_up(**form.said())
        except Throttled as refused:
            form.add_error(None, str(refused.detail))
        except Problem as problem:
            put_on(form, problem)
        else:
            begin_session(request, person)
            return HttpResponseRedirect("/set-up/")
    return render(request, "office/setting_up/first.html", {"form": form}, status=422 if form.errors else 200)


@sets_up
def checklist(request: HttpRequest, person: Person) -> HttpResponse:
    """What is set up of each school, and what comes next."""
    schools = list(School.objects.visible_to(person).order_by("closed_on", "name")[:200])
    standings = standings_of(person, schools)
    ready = [each for each in standings if each.next is None]
    whole_trust = not reach(person, permits.TRUST_CHANGE).nowhere()
    said = {
        "standings": sorted(standings, key=lambda each: (each.next is None, each.school.name)),
        "ready": len(ready),
        "whole_trust": whole_trust,
        "manages_people": not reach(person, permits.PEOPLE_MANAGE).nowhere(),
        "next": next((each for each in standings if each.next), None),
        "names": [step.name for step in standings[0].steps] if standings else [],
    }
    return render(request, "office/setting_up/checklist.html", said)


def counted(rows: QuerySet[Any], path: str) -> dict[Any, int]:
    """How many rows each school has. One query."""
    return dict(rows.order_by().values_list(path).annotate(number=Count("pk")))


def standings_of(person: Person, schools: list[School]) -> list[Standing]:
    """How far each school is. A query for each of the seven things, however many schools."""
    now, invites = today(), not reach(person, permits.PEOPLE_MANAGE).nowhere()
    terms = counted(Term.objects.filter(school__in=schools, last_day__gte=now), "school_id")
    sites: dict[Any, list[Any]] = {}
    for school_id, site_id in Site.objects.visible_to(person).order_by("pk").values_list("school_id", "pk"):
        sites.setdefault(school_id, []).append(site_id)
    buildings = counted(Building.objects.visible_to(person), "site__school_id")
    spaces = counted(Space.objects.visible_to(person), "building__site__school_id")
    assets = counted(Asset.objects.visible_to(person).filter(~Q(status=Asset.Status.RETIRED)), "site__school_id")
    plans = counted(Plan.objects.visible_to(person).filter(active=True), "site__school_id")
    field = permits.roles_with(permits.CHECK_RECORD)
    held = Appointment.objects.in_force(now).filter(role__in=field, person__is_active=True)
    people = counted(held.filter(school__in=schools), "school_id")
    for pk, number in counted(held.filter(site__in=Site.objects.visible_to(person)), "site__school_id").items():
        people[pk] = people.get(pk, 0) + number
    found = []
    for school in schools:
        pk = school.pk
        here, theirs = f"?school={pk}", sites.get(pk, [])
        invite = (f"/people/invite/{here}", INVITE) if invites else (f"/schools/{pk}/", "Have people invited")
        applies = f"/sites/{theirs[0]}/facts/" if len(theirs) == 1 else "/applying/"
        steps = [
            Step("Site", len(theirs), "site", f"/schools/{pk}/sites/add/", "Add its site"),
            Step("Term dates", terms.get(pk, 0), "term", f"/schools/{pk}/calendar/", "Enter its term dates"),
            Step("Buildings", buildings.get(pk, 0), "building", f"/imports/places/{here}", "Enter its buildings and spaces"),
            Step("Spaces", spaces.get(pk, 0), "space", f"/imports/places/{here}", "Enter its spaces"),
            Step("People", people.get(pk, 0), "role", *invite),
            Step("Assets", assets.get(pk, 0), "asset", f"/imports/assets/{here}", "Import its asset register"),
            Step("Checks", plans.get(pk, 0), "check", applies, "Find which checks apply"),
        ]
        found.append(Standing(school, steps))
    return found
