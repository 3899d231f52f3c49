"""Plans by hand: make one, change its interval, pause it, let it go on, end it; an asset out of service and back; a miss excused.

Each is one short page, reached from the page of the plan, the asset or the missed check, and leads back to it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backend.assets.models import Asset
from backend.checks.actions import NewPlan, excuse_lapse, make_plans, return_to_service, take_out_of_service
from backend.checks.actions.ending import end_plans
from backend.checks.actions.intervals import choose_interval, legal_rule
from backend.checks.actions.pausing import pause_for, resume_plans
from backend.checks.actions.plans import checked_rule
from backend.checks.actions.proposals import first_due
from backend.checks.models import CheckType, Lapse, Plan
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import day
from backend.office.applying.by_hand_forms import IntervalForm, OnForm, OutForm, PauseForm, PlanForm, ReasonForm
from backend.office.applying.deciding import kinds_for, thing_asked
from backend.office.views.forms_said import put_on
from backend.office.views.gate import estate
from backend.rules.due import Rule
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.queries import calendars
from backend.trust.scope import require

Do = Callable[[dict[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Deed:
    """One short page: its heading, what there is to know first, its button, the page to go back to."""

    title: str
    button: str
    back: str
    back_to: str
    lead: str = ""


def carry_out(request: HttpRequest, deed: Deed, form: forms.Form, do: Do) -> HttpResponse:
    """Show the form, or do what was asked and go back. A refusal is said at its field, and what was typed stays."""
    if request.method == "POST" and form.is_valid():
        try:
            said = do(form.cleaned_data)
        except Problem as problem:
            put_on(form, problem)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(deed.back)
    return render(request, "office/applying/deed.html", {"deed": deed, "form": form}, status=422 if form.errors else 200)


def sent(request: HttpRequest) -> Any:
    """What was posted; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def plan_named(person: Person, id: uuid.UUID, doing: str) -> Plan:
    """A plan that they may change: NotFound, or refused."""
    rows = Plan.objects.select_related("check_type__current", "site__school", "building", "asset")
    plan = rows.get_visible(person, pk=id)
    require(person, permits.PLAN_CHANGE, plan.site, doing)
    return plan


def of_plan(plan: Plan, title: str, button: str, lead: str = "") -> Deed:
    """A page about a plan."""
    thing = plan.asset or plan.building or plan.site
    return Deed(f"{title}: {plan.check_type}, {thing}", button, f"/plans/{plan.pk}/", "Back to the check", lead)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def pause(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Pause a planned check."""
    plan = plan_named(person, id, "pause checks")

    def do(said: dict[str, Any]) -> str:
        pause_for([plan], first=said["first"], last=said["last"], reason=said["reason"], person=person, today=today())
        return f"Paused from {day(said['first'])}."

    lead = "While it is paused nothing is owed, and nothing is missed. It is shown as paused everywhere."
    form = PauseForm(sent(request), initial={"first": today()})
    return carry_out(request, of_plan(plan, "Pause", "Pause it", lead), form, do)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def resume(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Let a paused check go on."""
    plan = plan_named(person, id, "let checks go on")

    def do(said: dict[str, Any]) -> str:
        resume_plans([plan], on=said["on"], person=person, today=today())
        return f"It goes on from {day(said['on'])}."

    return carry_out(request, of_plan(plan, "Let it go on", "Let it go on"), OnForm(sent(request), initial={"on": today()}), do)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def end(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Plan a check no longer."""
    plan = plan_named(person, id, "end planned checks")

    def do(said: dict[str, Any]) -> str:
        if not plan.active:
            raise Problem("ended_already", "It is not planned any more.", status=409)
        end_plans([plan], reason=said["reason"], person=person, today=today())
        return "Ended. What was done and missed is kept."

    lead = (
        "Nothing is owed any more then; what was done and missed stays. If the check does not apply here, ask for that instead: "
        "somebody else agrees, and it is not proposed again."
    )
    return carry_out(request, of_plan(plan, "Plan it no longer", "End it", lead), ReasonForm(sent(request)), do)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def interval(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Change how often a check is owed."""
    plan = plan_named(person, id, "change how often checks are owed")
    if plan.rule is None:
        raise Problem("no_rule", "This check is owed once: it has no interval.", status=409)
    rule = Rule.from_mapping(plan.rule)

    def do(said: dict[str, Any]) -> str:
        plan_now = choose_interval(
            plan, every=said["every"], unit=said["unit"], reason=said["reason"], person=person, today=today()
        )
        return f"Now {Rule.from_mapping(plan_now.rule or {}).in_words()}. Due {day(plan_now.due_on)}."

    legal = legal_rule(plan)
    lead = f"It is owed {rule.in_words()} now. "
    if legal:
        lead += f"The law wants it {legal.in_words()} at the longest; more often is yours to choose."
    elif rule.clock == "risk-based":
        lead += "How often is for the trust to choose, by its risk assessment."
    else:
        lead += "A standard or guidance says so. You may depart from it with a good reason, which is kept."
    form = IntervalForm(sent(request), initial={"every": rule.every, "unit": rule.unit.value})
    return carry_out(request, of_plan(plan, "Change how often", "Change it", lead), form, do)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def new_plan(request: HttpRequest, person: Person) -> HttpResponse:
    """Plan a check by hand on an asset, a building or a site."""
    site, building, asset = thing_asked(request, person)
    require(person, permits.PLAN_CHANGE, site, "plan checks")
    thing: Any = asset or building or site
    kind = "assets" if asset else "buildings" if building else "sites"
    initial = {"check": request.GET.get("check", ""), "starts_on": today()}
    form = PlanForm(sent(request), kinds=kinds_for(building, asset), initial=initial)
    made: list[Plan] = []

    def do(said: dict[str, Any]) -> str:
        check = CheckType.objects.select_related("current").get(pk=said["check"])
        same = Plan.objects.filter(check_type=check, site=site, building=building, asset=asset, active=True, rule__isnull=False)
        if same.exists():
            raise Problem(
                "planned_already", "It is planned here already.", status=409, fields={"check": "It is planned already."}
            )
        new = NewPlan(check, site, said["starts_on"] or today(), building, asset, origin=Plan.Origin.BY_HAND, why=said["reason"])
        if said["last_done"]:
            days = calendars([site.school_id])[site.school_id]
            starts = first_due(checked_rule(new), days, said["last_done"], today())
            note = f"Last done {day(said['last_done'])}, by what the school told."
            new = NewPlan(check, site, starts, building, asset, origin=new.origin, why=new.why, note=note)
        made.extend(make_plans([new], person=person, today=today()))
        return f"Planned. Due {day(made[0].due_on)}."

    lead = "What the law or the library asks for is proposed by itself; this is for what you want beyond it."
    deed = Deed(f"Plan a check, {thing}", "Plan it", f"/{kind}/{thing.pk}/", f"Back to {thing}", lead)
    return carry_out(request, deed, form, do)


def asset_named(person: Person, id: uuid.UUID) -> Asset:
    """An asset that they may know of."""
    return Asset.objects.select_related("site__school", "building", "space").get_visible(person, pk=id)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def out_of_service(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Take an asset out of service."""
    asset = asset_named(person, id)
    require(person, permits.PLAN_CHANGE, asset.site, "take equipment out of service")

    def do(said: dict[str, Any]) -> str:
        take_out_of_service(asset, person=person, on=said["on"], reason=said["reason"], today=today())
        return f"{asset.name} is out of service. Its checks are paused."

    lead = "Its checks are paused until it returns. Lock it off or label it, so that nobody uses it."
    deed = Deed(f"Take out of service: {asset}", "Take it out of service", f"/assets/{asset.pk}/", "Back to the asset", lead)
    return carry_out(request, deed, OutForm(sent(request), initial={"on": today()}), do)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def back_in_service(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Bring an asset back into service; refused while a legal examination has lapsed."""
    asset = asset_named(person, id)
    require(person, permits.PLAN_CHANGE, asset.site, "bring equipment back into service")

    def do(said: dict[str, Any]) -> str:
        return_to_service(asset, person=person, on=said["on"], today=today())
        return f"{asset.name} is in use again. Its checks go on."

    lead = "Not while an examination that the law asks for has lapsed: have it examined and file the report first."
    deed = Deed(f"Bring back into service: {asset}", "Bring it back", f"/assets/{asset.pk}/", "Back to the asset", lead)
    return carry_out(request, deed, OnForm(sent(request), initial={"on": today()}), do)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def excuse(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Excuse a missed check: it stays missed, with the reason beside it."""
    seen = Lapse.objects.filter(plan__in=Plan.objects.visible_to(person))
    lapse = seen.select_related("plan__check_type", "plan__site", "plan__asset", "plan__building").filter(pk=id).first()
    if lapse is None:
        raise NotFound("That missed check")
    require(person, permits.PLAN_CHANGE, lapse.plan.site, "excuse a missed check")
    missed = lapse

    def do(said: dict[str, Any]) -> str:
        excuse_lapse(lapse=missed, person=person, reason=said["reason"])
        return "Excused. It stays in the list of missed checks, with your reason."

    lead = "The miss is never taken away: your reason and your name stand beside it."
    deed = of_plan(lapse.plan, f"Excuse the miss of {day(lapse.due_on)}", "Excuse it", lead)
    return carry_out(request, deed, ReasonForm(sent(request)), do)
