"""Capital projects: written down, changed, moved from stage to stage."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, NotFound, Problem
from backend.risk.actions.condition import MOST_PENCE
from backend.risk.evidence import PROJECTS
from backend.risk.models import Project
from backend.risk.models.capital import CLOSED
from backend.risk.queries.condition import open_items
from backend.trust import permits
from backend.trust.models import Person, Site, Trust
from backend.trust.scope import may

MOST_AT_ONCE = 500
WORDS = ("need", "cost", "planning")
MOST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class ProjectWords:
    """What a project says. `works_pence`: its own price of the works, at today's prices; None: the sum of its items."""

    title: str
    items: Sequence[uuid.UUID]
    works_pence: int | None = None
    need: str = ""
    cost: str = ""
    planning: str = ""


def require_project(person: Person, site: Site) -> None:
    """Refuse who does not plan works at a site. Raises NotFound for who may not know of them."""
    if may(person, permits.RISK_MANAGE, site):
        return
    if not may(person, permits.RISK_VIEW, site):
        raise NotFound("That project")
    raise Forbidden("Your role does not let you plan works here. Ask the estates lead.")


@transaction.atomic
def add_projects(*, person: Person, news: Sequence[tuple[Site, ProjectWords]], today: dt.date) -> list[Project]:
    """Write projects down, as ideas. An item is in one open project at most. Raises Problem; then none is written down."""
    if len(news) > MOST_AT_ONCE:
        raise Problem("too_many", f"At most {MOST_AT_ONCE} projects at once.")
    for site, _ in news:
        require_project(person, site)
    list(Trust.objects.select_for_update())  # numbers come without gaps or twins, and no item gets into two projects
    number = Project.objects.aggregate(most=Max("number"))["most"] or 0
    made = []
    for site, words in news:
        check(person, site, words, today, None)
        number += 1
        made.append(
            Project.objects.create(
                number=number, site=site, opened_at=timezone.now(), opened_by=person, stage_on=today,
                priced_on=today if words.works_pence is not None else None, **columns(words),
            )
        )  # fmt: skip
    audit.append([PROJECTS.fact(each, person.pk, person.name, kind="project-added") for each in made])
    return made


def columns(words: ProjectWords) -> dict[str, object]:
    """The columns that words fill."""
    return {
        "title": words.title.strip()[:160],
        "items": list(dict.fromkeys(words.items)),
        "works_pence": words.works_pence,
        **{name: getattr(words, name).strip()[:MOST_WORDS] for name in WORDS},
    }


def check(person: Person, site: Site, words: ProjectWords, today: dt.date, project: Project | None) -> None:
    """Refuse a project without a name or with items that are not its site's, not open, or in another project. Raises Problem."""
    faults = {} if words.title.strip() else {"title": "Give it a name."}
    if words.works_pence is not None and not 0 <= words.works_pence <= MOST_PENCE:
        faults["works"] = f"From nothing to £{MOST_PENCE // 100:,}."
    wanted = set(words.items) - set(project.items if project else ())
    if wanted:
        there = set(open_items(person, today).filter(survey__site=site, pk__in=wanted).values_list("pk", flat=True))
        others = Project.objects.filter(items__overlap=list(wanted)).exclude(stage__in=CLOSED)
        taken = next((each for each in others if each != project), None)
        if wanted - there:
            faults["items"] = "One of these is not open any more, or is of another site. Choose again."
        elif taken:
            faults["items"] = f"One of these is in {taken} already."
    if faults:
        raise Problem("project", "Something is missing.", fields=faults)


def held(project: Project, person: Person) -> Project:
    """The project, held until the end of the transaction, for who plans works there."""
    found = Project.objects.select_for_update(of=("self",)).select_related("site__school").get(pk=project.pk)
    require_project(person, found.site)
    return found


@transaction.atomic
def change_project(*, project: Project, person: Person, words: ProjectWords, today: dt.date) -> Project:
    """Change what a project says, its items or its own price. Raises Problem; a project that is closed is opened first."""
    list(Trust.objects.select_for_update())
    project = held(project, person)
    if not project.is_open:
        raise Problem("closed", "It is done or dropped. Put it into another stage first.", status=409)
    check(person, project.site, words, today, project)
    if words.works_pence != project.works_pence:
        project.priced_on = today if words.works_pence is not None else None
    for name, value in columns(words).items():
        setattr(project, name, value)
    project.save(update_fields=[*columns(words), "priced_on"])
    audit.append([PROJECTS.fact(project, person.pk, person.name, kind="project-changed")])
    return project


@transaction.atomic
def move_project(*, project: Project, person: Person, stage: str, why: str, today: dt.date) -> Project:
    """Put a project into another stage. A dropped one says why; its items may then go into other projects. Raises Problem."""
    list(Trust.objects.select_for_update())
    project = held(project, person)
    if stage not in Project.Stage.values:
        raise Problem("stage", "There is no such stage.", fields={"stage": "Choose one of the list."})
    if stage == Project.Stage.DROPPED and not why.strip():
        raise Problem("why_missing", "Say why it is dropped.", fields={"why": "Write a few words."})
    if not project.is_open and stage not in CLOSED:
        words = ProjectWords(project.title, project.items)
        others = Project.objects.filter(items__overlap=list(words.items)).exclude(pk=project.pk)
        if project.items and (taken := next((each for each in others if each.is_open), None)):
            raise Problem("taken", f"What it is for is in {taken} now.", status=409, fields={"stage": f"See {taken}."})
    project.stage, project.stage_on, project.stage_why = stage, today, why.strip()[:500]
    project.save(update_fields=["stage", "stage_on", "stage_why"])
    audit.append([PROJECTS.fact(project, person.pk, person.name, kind="project-moved")])
    return project
