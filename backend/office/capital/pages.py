"""Capital projects: the list with what the estate proposes, one project, and what is done with it."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound, Problem
from backend.core.templatetags.words import counted
from backend.office.capital.forms import ProjectForm, SiteForm, StageForm
from backend.office.contractors.pages import Asked, form_page, sent
from backend.office.risk.filters import Reckoned
from backend.office.risk.gates import manages_some, risky
from backend.office.risk.pages import pounds_of
from backend.office.views.csv_out import ListFile, csv_answer
from backend.office.views.lists import list_answer, refuse_misread
from backend.risk.actions import ProjectWords, add_projects, change_project, move_project
from backend.risk.actions.capital import require_project
from backend.risk.models import Project
from backend.risk.queries.bids import bid_of
from backend.risk.queries.capital import Capital, Works, capital, chosen, horizons, of_project, order, works_of, year_words
from backend.rules.capital import CIF, HORIZONS
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import may

TRAIL = [("Risk", "/risk/"), ("Capital plan", "/capital/")]
HEAD = (
    "Number", "Project", "School", "Site", "Stage", "Points of risk", "Severe", "High", "Medium", "Low", "Works today, £",
    "Without a price", "By", "Paid by",
)  # fmt: skip
PROPOSED_SHOWN = 12


class ProjectFilters(Reckoned):
    """Projects by place, stage and by when they should be done."""

    sorts = {"worst": (), "cost": (), "year": (), "name": (), "place": ()}
    shown = ("q", "site", "stage", "within")
    hidden = ("school",)
    stage = forms.ChoiceField(label="Stage", required=False)
    within = forms.ChoiceField(label="To be done", required=False)

    def __init__(self, data: Any, *, person: Any, one: Capital) -> None:
        super().__init__(data, person=person)
        for name in ("building", "asset", "discipline"):
            del self.fields[name]
        self.one = one
        self.choices("stage", "Open", [*Project.Stage.choices, ("all", "All, also done and dropped")])
        self.choices("within", "Whenever", [(str(each), f"Within {counted(each, 'year')}") for each in HORIZONS])

    def in_place(self, site: Any, building_id: Any = None) -> bool:
        """Whether a project is at the place that was chosen."""
        school, chosen_site = self.value("school"), self.value("site")
        return (not school or site.school_id == school.pk) and (not chosen_site or site.pk == chosen_site.pk)

    def rows(self) -> list[Works]:  # type: ignore[override]
        """The projects wanted."""
        if not self.is_valid():
            return []
        closed = [works_of(each, [], {}, self.one.found, self.one.route) for each in self.one.others]
        keys: dict[str, Callable[[Works], Any]] = {
            "worst": order,
            "cost": lambda each: (-(each.pence or 0), order(each)),
            "year": lambda each: (each.by or 9999, order(each)),
            "name": lambda each: (each.project.title.casefold() if each.project else "", order(each)),
            "place": lambda each: (each.site.school.name, str(each.site), order(each)),
        }
        return self.sorted_by([each for each in (*self.one.works, *closed) if self.fits(each)], keys)

    def fits(self, works: Works) -> bool:
        """Whether a project is wanted."""
        project, stage, text, within = works.project, self.value("stage"), self.value("q"), self.value("within")
        if project is None or not self.in_place(works.site):
            return False
        if stage != "all" and (project.stage != stage if stage else not project.is_open):
            return False
        if within and (works.by is None or works.by > self.one.first_year + int(within) - 1):
            return False
        return not text or text.casefold() in f"{project} {works.site} {works.site.school}".casefold()


@require_safe
@risky
def project_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Projects, the most points of risk first; within 1, 5 and 10 years; what the estate proposes."""
    one = capital(person, today())
    filters = ProjectFilters(request.GET, person=person, one=one)
    said = {
        "one": one,
        "horizons": horizons(one),
        "proposed": [] if filters.is_narrowed() else one.proposed[:PROPOSED_SHOWN],
        "manages": manages_some(person),
    }
    return list_answer(request, "office/capital/projects.html", filters, **said)


@require_safe
@risky
def project_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    filters = ProjectFilters(request.GET, person=person, one=capital(person, today()))
    refuse_misread(filters)
    return csv_answer("capital-projects", HEAD, map(line_of, filters.rows()))


def line_of(each: Works) -> tuple[Any, ...]:
    """A project as a line of the file."""
    project = each.project
    assert project
    return (
        f"P{project.number}", project.title, str(each.site.school), str(each.site), project.get_stage_display(), each.points,
        *each.sums.bands.values(), pounds_of(each.pence), each.unpriced, year_words(each.by) if each.by is not None else "",
        each.route_words,
    )  # fmt: skip


@require_POST
@risky
def propose(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Make projects of what the estate proposes: of one proposal by its key, or of all of them."""
    if not manages_some(person):
        raise Forbidden("Your role does not let you plan works. Ask the estates lead.")
    one = capital(person, today())
    wanted = one.proposed if request.POST.get("all") else chosen(one, request.POST.getlist("key"))
    wanted = [each for each in wanted if may(person, permits.RISK_MANAGE, each.site)]
    if not wanted:
        raise Problem("nothing", "That is proposed no longer: it is in a project already, or was put right.", status=409)
    news = [(each.site, ProjectWords(each.title, [item.pk for item in each.items])) for each in wanted]
    made = add_projects(person=person, news=news, today=today())
    messages.success(request, f"{counted(len(made), 'project')} written down, as {'an idea' if len(made) == 1 else 'ideas'}.")
    return HttpResponseRedirect(f"/capital/{made[0].pk}/" if len(made) == 1 else "/capital/")


def row_of(person: Person, id: uuid.UUID) -> Project:
    """The project, or NotFound."""
    row = Project.objects.visible_to(person).select_related("site__school", "opened_by").filter(pk=id).first()
    if row is None:
        raise NotFound("That project")
    return row


def works_for(person: Person, project: Project) -> tuple[Capital, Works]:
    """A project with everything around it; a closed one without items."""
    one = capital(person, today())
    return one, of_project(one, project.pk) or works_of(project, [], {}, one.found, one.route)


@require_safe
@risky
def project_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One project: what it puts right, what it costs, who pays, how far a bid for it is."""
    project = row_of(person, id)
    one, works = works_for(person, project)
    said = {
        "project": project,
        "works": works,
        "one": one,
        "bid": bid_of(works, one.found),
        "by": year_words(works.by) if works.by is not None else "",
        "gone": len(project.items) - len(works.items),
        "bids": works.route == CIF,
        "may": may(person, permits.RISK_MANAGE, project.site),
        "figures": one.found.figures,
    }
    return render(request, "office/capital/project.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def project_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Write a project down by hand: first its site, then the rest."""
    if not manages_some(person):
        raise Forbidden("Your role does not let you plan works. Ask the estates lead.")
    picked = SiteForm(request.GET or None, person=person)
    if "site" not in request.GET or not picked.is_valid():
        status = 400 if "site" in request.GET else 200
        return render(request, "office/capital/where.html", {"form": picked, "trail": TRAIL}, status=status)
    site: Site = picked.cleaned_data["site"]
    free = [item for each in capital(person, today()).proposed if each.site == site for item in each.items]
    form = ProjectForm(sent(request), items=free)

    def act(said: dict[str, Any]) -> HttpResponseBase:  # noqa: ARG001  the form holds it
        (project,) = add_projects(person=person, news=[(site, form.words())], today=today())
        return HttpResponseRedirect(f"/capital/{project.pk}/")

    lead = f"At {site}. Findings that are in no project yet are offered; works that come from none need a price of their own."
    return form_page(request, form, Asked("Write a project down", lead, "Write it down", TRAIL), act)


def changing(person: Person, id: uuid.UUID) -> tuple[Project, list[tuple[str, str]]]:
    """A project that somebody may change, and the way back to it."""
    project = row_of(person, id)
    require_project(person, project.site)
    return project, [*TRAIL, (str(project), f"/capital/{project.pk}/")]


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def project_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Change what a project says, its findings, its price."""
    project, trail = changing(person, id)
    one, works = works_for(person, project)
    free = [item for each in one.proposed if each.site == project.site for item in each.items]
    initial = {
        "title": project.title, "items": [str(each.pk) for each in works.items], "need": project.need, "cost": project.cost,
        "planning": project.planning, "works": pounds_of(project.works_pence),
    }  # fmt: skip
    form = ProjectForm(sent(request), items=[*works.items, *free], initial=initial)

    def act(said: dict[str, Any]) -> HttpResponseBase:  # noqa: ARG001  the form holds it
        change_project(project=project, person=person, words=form.words(), today=today())
        messages.success(request, "Saved.")
        return HttpResponseRedirect(f"/capital/{project.pk}/")

    return form_page(request, form, Asked(f"Change {project}", f"At {project.site}.", "Save", trail), act)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def project_stage(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Put a project into another stage."""
    project, trail = changing(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        move_project(project=project, person=person, stage=said["stage"], why=said["why"], today=today())
        return HttpResponseRedirect(f"/capital/{project.pk}/")

    lead = "A project that is done or dropped leaves the plan and can come back. What it put right is ended at each finding."
    form = StageForm(sent(request), initial={"stage": project.stage})
    return form_page(request, form, Asked(f"Stage of {project}", lead, "Save", trail), act)
