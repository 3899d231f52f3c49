"""Scenarios: side by side, one with its plan year by year, and what is decided over the solver's head."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound
from backend.office.capital.forms import ChoiceForm, ScenarioForm
from backend.office.capital.pages import TRAIL as CAPITAL
from backend.office.contractors.pages import Asked, form_page, sent
from backend.office.risk.gates import manages_all, managing, risky
from backend.office.risk.pages import pounds_of
from backend.office.views.csv_out import ListFile, csv_answer
from backend.risk.actions import add_scenario, change_scenario, choose_for, close_scenario, keep_run
from backend.risk.actions.scenarios import require_plans
from backend.risk.models import Scenario, ScenarioRun
from backend.risk.queries.capital import trust_route, year_of, year_words
from backend.risk.queries.scenarios import choices_of, worked_out
from backend.rules.capital import OBJECTIVE
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

TRAIL = [*CAPITAL, ("Scenarios", "/capital/scenarios/")]
HEAD = ("Number", "Project", "School", "Site", "Year", "Cost then, £", "Works today, £", "Points of risk", "Decided by", "Why")
SIDE_BY_SIDE = 6
YEARS = 5


def refuse_others(person: Person) -> None:
    """Refuse who does not see the risk of the whole trust."""
    if not reach(person, permits.RISK_VIEW).everywhere:
        raise Forbidden("Scenarios are of the whole trust. Ask the estates lead or the CFO.")


def found(person: Person, id: uuid.UUID) -> Scenario:
    """The scenario, or NotFound."""
    row = Scenario.objects.visible_to(person).select_related("made_by").filter(pk=id).first()
    if row is None:
        raise NotFound("That scenario")
    return row


def newest(scenario: Scenario) -> ScenarioRun | None:
    """What was worked out last."""
    return scenario.runs.select_related("made_by").first()


@require_safe
@risky
def scenario_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Scenarios side by side: the money, what it does, what it leaves."""
    refuse_others(person)
    rows = list(Scenario.objects.visible_to(person).filter(closed_on=None).order_by("number"))
    runs: dict[Any, ScenarioRun] = {}
    for run in ScenarioRun.objects.filter(scenario__in=rows).order_by("made_at", "pk"):
        runs[run.scenario_id] = run
    sides = [(each, summed_up(runs[each.pk].figures) if each.pk in runs else None) for each in rows]
    said = {
        "sides": sides[:SIDE_BY_SIDE],
        "further": sides[SIDE_BY_SIDE:],
        "closed": Scenario.objects.visible_to(person).exclude(closed_on=None),
        "manages": manages_all(person),
        "route": trust_route(),
        "objective": OBJECTIVE,
    }
    return render(request, "office/capital/scenarios.html", said)


def summed_up(figures: dict[str, Any]) -> dict[str, Any]:
    """A run as a column: what there is, what is spent, what it does and leaves."""
    within = [each for each in figures["projects"] if each["year"] is not None]
    return {
        **figures, "money": sum(figures["budgets"]), "paid": sum(figures["spent"]), "within_plan": len(within),
        "without": len(figures["projects"]) - len(within), "on": dt.date.fromisoformat(figures["day"]),
    }  # fmt: skip


@require_safe
@risky
def scenario_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One scenario: its plan year by year, what it leaves, and what was decided over the solver's head."""
    scenario = found(person, id)
    run = newest(scenario)
    said = {
        "scenario": scenario,
        "run": run,
        "sums": summed_up(run.figures) if run else None,
        "years": by_year(run.figures) if run else [],
        "without": [each for each in run.figures["projects"] if each["year"] is None] if run else [],
        "runs": scenario.runs.select_related("made_by")[1:6],
        "stale": bool(run and is_stale(scenario, run)),
        "manages": manages_all(person),
    }
    return render(request, "office/capital/scenario.html", said)


def is_stale(scenario: Scenario, run: ScenarioRun) -> bool:
    """Whether its money or a choice was changed after it was worked out."""
    said = run.figures
    money = [said["first_year"], said["budgets"], said["carry"]]
    changed = money != [scenario.first_year, list(scenario.budgets), scenario.carry]
    return changed or scenario.choices.filter(made_at__gt=run.made_at).exists()


def by_year(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Each year of a plan with its money (what is carried over among it), what is spent and the projects of it."""
    found, carried = [], 0
    for number, money in enumerate(figures["budgets"]):
        there = money + carried
        found.append(
            {
                "title": year_words(figures["first_year"] + number), "money": there, "carried": carried,
                "spent": figures["spent"][number], "projects": [each for each in figures["projects"] if each["year"] == number],
            }
        )  # fmt: skip
        carried = there - figures["spent"][number] if figures["carry"] else 0
    return found


@require_safe
@risky
def scenario_csv(request: HttpRequest, person: Person, id: uuid.UUID) -> ListFile:  # noqa: ARG001  every page is given it
    """The plan as a file."""
    scenario = found(person, id)
    run = newest(scenario)
    first = run.figures["first_year"] if run else 0
    rows = (
        (
            f"P{each['number']}", each["title"], each["school"], each["site"],
            year_words(first + each["year"]) if each["year"] is not None else "Not in the plan", pounds_of(each["cost"]),
            pounds_of(each["pence"]), each["points"], each["chooser"] or "Worked out", each["why"],
        )
        for each in (run.figures["projects"] if run else [])
    )  # fmt: skip
    return csv_answer(f"scenario-{scenario.number}", HEAD, rows)


def form_of(request: HttpRequest, scenario: Scenario | None) -> ScenarioForm:
    """The form of a scenario, filled in."""
    first = scenario.first_year if scenario else year_of(today()) + 1
    budgets = [pounds_of(each) for each in scenario.budgets] if scenario else ["250000.00"] * YEARS
    initial = {
        "title": scenario.title if scenario else "", "first_year": first, "budgets": "\n".join(budgets),
        "carry": scenario.carry if scenario else True,
    }  # fmt: skip
    return ScenarioForm(sent(request), initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def scenario_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Make a scenario and work it out."""

    def act(said: dict[str, Any]) -> HttpResponseBase:
        scenario = add_scenario(person=person, today=today(), **said)
        keep_run(scenario=scenario, person=person, figures=worked_out(scenario, person, today()))
        return HttpResponseRedirect(f"/capital/scenarios/{scenario.pk}/")

    lead = "So much money in each year. Which projects are done when is worked out, and can be overruled."
    return form_page(request, form_of(request, None), Asked("Make a scenario", lead, "Make it and work it out", TRAIL), act)


def changing(person: Person, id: uuid.UUID) -> tuple[Scenario, list[tuple[str, str]]]:
    """A scenario that somebody may change, and the way back to it."""
    scenario = found(person, id)
    require_plans(person)
    return scenario, [*TRAIL, (str(scenario), f"/capital/scenarios/{scenario.pk}/")]


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def scenario_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Change a scenario's name or money, and work it out anew."""
    scenario, trail = changing(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        changed = change_scenario(scenario=scenario, person=person, today=today(), **said)
        keep_run(scenario=changed, person=person, figures=worked_out(changed, person, today()))
        return HttpResponseRedirect(f"/capital/scenarios/{scenario.pk}/")

    asked = Asked(f"Change {scenario}", "What was worked out before stays to be compared with.", "Save and work it out", trail)
    return form_page(request, form_of(request, scenario), asked, act)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def scenario_choose(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Decide about a project over the solver's head, and work the scenario out anew. `?project=` chooses it beforehand."""
    scenario, trail = changing(person, id)
    form = ChoiceForm(sent(request), scenario=scenario, person=person, initial=decided(scenario, request.GET.get("project", "")))

    def act(said: dict[str, Any]) -> HttpResponseBase:
        choose_for(scenario=scenario, person=person, **said)
        keep_run(scenario=scenario, person=person, figures=worked_out(scenario, person, today()))
        messages.success(request, "Decided, and worked out anew.")
        return HttpResponseRedirect(f"/capital/scenarios/{scenario.pk}/")

    lead = f"In {scenario}. What you decide is kept, whatever it costs the plan; your name and reason stand beside it."
    return form_page(request, form, Asked("Decide about a project", lead, "Save", trail), act)


def decided(scenario: Scenario, project: str) -> dict[str, Any]:
    """What the form begins with: the project that was named, and what is decided about it."""
    there = choices_of(scenario).get(project)
    said = {"kind": there.kind, "year": there.year, "why": there.why} if there else {"kind": "in"}
    return {"project": project, **said}


@require_POST
@risky
def scenario_run(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Work a scenario out with what is known today."""
    scenario, _ = changing(person, id)
    keep_run(scenario=scenario, person=person, figures=worked_out(scenario, person, today()))
    messages.success(request, "Worked out with what is known today. What was worked out before stays.")
    return HttpResponseRedirect(f"/capital/scenarios/{scenario.pk}/")


@require_POST
@risky
def scenario_close(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  as every page
    """Take a scenario away from those that are compared."""
    close_scenario(scenario=found(person, id), person=person, today=today())
    return HttpResponseRedirect("/capital/scenarios/")


@require_POST
@risky
def scenario_open(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  as every page
    """Bring a closed scenario back."""
    close_scenario(scenario=found(person, id), person=person, today=today(), closed=False)
    return HttpResponseRedirect("/capital/scenarios/")
