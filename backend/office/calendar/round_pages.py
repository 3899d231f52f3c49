"""Rounds: proposed from what is owed, put in order, given to somebody, printed as a sheet to walk with."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.checks.actions import change_round, end_round, make_round
from backend.checks.models import Plan, Round
from backend.checks.queries.booked import away, away_on
from backend.checks.queries.walks import WORDS, plans_walked, proposals, stop_of
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.office.calendar.booking_forms import keys
from backend.office.calendar.people import checkers_at
from backend.office.views.forms_said import put_on
from backend.office.views.gate import estate
from backend.rules.rounds import by_place, minutes_of
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import may, require

WEEKDAYS = ((1, "Mon"), (2, "Tue"), (3, "Wed"), (4, "Thu"), (5, "Fri"), (6, "Sat"), (7, "Sun"))


class RoundForm(forms.Form):
    """A round's name, how often, on which days, by whom."""

    name = forms.CharField(label="Name", max_length=120)
    often = forms.ChoiceField(label="How often", choices=Round.Often.choices)
    days = forms.TypedMultipleChoiceField(
        label="Days", choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    person = forms.ModelChoiceField(Person.objects.none(), label="Who walks it", required=False, empty_label="Nobody yet")

    def __init__(self, data: Any = None, *, asker: Person, site: Site, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["person"].queryset = checkers_at(asker, site)  # type: ignore[attr-defined]


@require_safe
@estate
def round_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Every round that the asker may know of, site by site, and where none is made yet."""
    rounds = list(
        Round.objects.visible_to(person)
        .filter(ended_at=None)
        .select_related("site", "person")
        .order_by("site__name", "name", "pk")
    )
    now = today()
    gone = away({each.person_id for each in rounds if each.person_id}, now, now)
    minutes = minutes_by_plan(rounds)
    rows = []
    for each in rounds:
        known = [minutes.get(stop) for stop in each.stops]
        stands = away_on(gone, each.person_id, now)
        rows.append(
            {
                "round": each,
                "days": " ".join(word for number, word in WEEKDAYS if number in each.days),
                "minutes": sum(one or 0 for one in known),
                "unknown": sum(1 for one in known if one is None),
                "away": stands,
                "instead": stands.instead(site_id=each.site_id, round_id=each.pk) if stands else None,
            }
        )
    sites = list(Site.objects.visible_to(person).order_by("name"))
    makers = [site for site in sites if may(person, permits.PLAN_CHANGE, site)]
    said = {"rows": rows, "makers": makers, "without": [site for site in makers if site.pk not in {r.site_id for r in rounds}]}
    return render(request, "office/calendar/rounds.html", said)


def minutes_by_plan(rounds: Sequence[Round]) -> dict[uuid.UUID, int | None]:
    """The usual minutes of every stop. One query."""
    stops = {stop for each in rounds for stop in each.stops}
    return dict(Plan.objects.filter(pk__in=stops, active=True).values_list("pk", "check_type__minutes"))


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """The rounds that a site's checks propose, each made with one press."""
    sent = request.POST if request.method == "POST" else request.GET
    site = Site.objects.visible_to(person).filter(pk__in=keys(sent, "site")[:1]).select_related("school").first()
    if site is None:
        raise NotFound("That site")
    require(person, permits.PLAN_CHANGE, site, "arrange rounds")
    found = proposals(site)
    if request.method == "POST":
        wanted = [each for each in request.POST.getlist("often") if each in found]
        made = 0
        for often in wanted:
            words, stops, days = WORDS[often], [uuid.UUID(stop.key) for stop in found[often]], [1, 2, 3, 4, 5]
            try:
                make_round(site=site, name=words, often=often, stops=stops, actor=person, days=days if often == "day" else [1])
                made += 1
            except Problem as problem:
                messages.warning(request, f"{words}: {problem.detail}")
        if made:
            messages.success(request, "Made. Say who walks them, and put them in order.")
        return HttpResponseRedirect("/calendar/rounds/")
    shown = [(often, WORDS[often], stops, *minutes_of(stops)) for often, stops in found.items()]
    return render(request, "office/calendar/round_new.html", {"site": site, "proposed": shown})


def found_round(person: Person, id: uuid.UUID) -> Round:
    """The round, or NotFound."""
    return Round.objects.select_related("site__school", "person").get_visible(person, pk=id)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def round_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One round: its walk, place by place, and what can be changed of it."""
    round = found_round(person, id)
    allowed = may(person, permits.PLAN_CHANGE, round.site)
    initial = {"name": round.name, "often": round.often, "days": round.days, "person": round.person}
    form = RoundForm(request.POST if request.method == "POST" else None, asker=person, site=round.site, initial=initial)
    if request.method == "POST":
        require(person, permits.PLAN_CHANGE, round.site, "arrange rounds")
        if form.is_valid():
            try:
                change_round(round, actor=person, **form.cleaned_data)
            except Problem as problem:
                put_on(form, problem)
            else:
                messages.success(request, "Changed.")
                return HttpResponseRedirect(f"/calendar/rounds/{id}/")
    said = {"form": form, "may_change": allowed and round.ended_at is None, **walk(round, person)}
    return render(request, "office/calendar/round.html", said, status=422 if form.errors else 200)


def walk(round: Round, person: Person) -> dict[str, Any]:
    """A round's stops, place by place, each with its plan; and checks of the site that could be added."""
    plans = plans_walked(round)
    stops = [stop_of(plan) for plan in plans]
    minutes, unknown = minutes_of(stops)
    by_key = {str(plan.pk): plan for plan in plans}
    places = [(building, space, [(stop, by_key[stop.key]) for stop in here]) for building, space, here in by_place(stops)]
    others = Plan.objects.visible_to(person).filter(site=round.site, active=True).exclude(pk__in=round.stops)
    stands = away_on(away([round.person_id] if round.person_id else [], today(), today()), round.person_id, today())
    return {
        "round": round,
        "places": places,
        "stops": stops,
        "minutes": minutes,
        "unknown": unknown,
        "days": ", ".join(word for number, word in WEEKDAYS if number in round.days),
        "others": others.select_related("check_type", "asset", "building").order_by("check_type__title", "pk")[:400],
        "away": stands,
        "instead": stands.instead(site_id=round.site_id, round_id=round.pk) if stands else None,
    }


@require_POST
@estate
def order(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Put the stops in the order sent; `move` is "<plan>:up" or "<plan>:down" for who has no script; `add`, `drop` a check."""
    round = found_round(person, id)
    require(person, permits.PLAN_CHANGE, round.site, "arrange rounds")
    stops = keys(request.POST, "stop") if "stop" in request.POST else list(round.stops)
    if request.POST.get("move"):
        stops = stepped(stops, request.POST["move"])
    dropped = set(keys(request.POST, "drop"))
    stops = [stop for stop in stops if stop not in dropped] + keys(request.POST, "add")
    change_round(round, actor=person, stops=stops)
    messages.success(request, "The round is kept in this order.")
    return HttpResponseRedirect(f"/calendar/rounds/{id}/")


def stepped(stops: list[uuid.UUID], said: str) -> list[uuid.UUID]:
    """The stops with one of them a place further up or down. Raises Problem for what names none of them."""
    key, _, way = said.partition(":")
    places = {str(stop): number for number, stop in enumerate(stops)}
    if key not in places or way not in ("up", "down"):
        raise Problem("malformed", "That check is not in the round any more. Reload the page.")
    at = places[key]
    to = max(0, min(len(stops) - 1, at + (-1 if way == "up" else 1)))
    stops.insert(to, stops.pop(at))
    return stops


@require_POST
@estate
def end(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Walk it no more."""
    round = found_round(person, id)
    end_round(round, actor=person)
    messages.success(request, f"{round.name} is walked no more. Its checks stay owed.")
    return HttpResponseRedirect("/calendar/rounds/")


@require_safe
@estate
def sheet(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """The walk on paper: place by place, with a box to tick and room to write."""
    return render(request, "office/calendar/sheet.html", {"now": today(), **walk(found_round(person, id), person)})
