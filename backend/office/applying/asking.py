"""The questions about a site and its buildings: one short screen for each group, answers kept at once."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.checks.queries.asked import asked_of_sites, count
from backend.checks.queries.places import judgings
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import counted, joined
from backend.office.views.gate import estate
from backend.rules.known_facts import Judging, Known, Source
from backend.rules.place_facts import GROUPS, PLACE_FACTS, UNKNOWN, Kind, PlaceFact
from backend.trust import permits
from backend.trust.actions.facts import say_facts
from backend.trust.models import Building, Person, Site
from backend.trust.scope import may, require

WORDS = {"yes": True, "no": False, UNKNOWN: UNKNOWN, "": None}
CHOICES = (("yes", "Yes"), ("no", "No"), (UNKNOWN, "Not known"))


@dataclass(slots=True)
class Question:
    """One question on a screen: its name in the form, what is chosen or typed, and what is known without asking."""

    fact: PlaceFact
    name: str
    value: str
    known: Known
    building: Building | None = None
    wrong: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is answered with a figure."""
        return self.fact.kind is Kind.NUMBER

    @property
    def shown_by(self) -> str:
        """What shows the answer already, so that nobody need be asked; "" when somebody should be."""
        if self.known.source is Source.REGISTER and not self.known.against:
            return self.known.words
        return self.known.words if self.known.source is Source.KEPT and not self.fact.column else ""

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be chosen."""
        return CHOICES


@require_safe
@estate
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    """Every site: how many of its questions are answered, and the way to its proposal."""
    sites = list(Site.objects.visible_to(person).select_related("school").order_by("school__name", "name"))
    asked = asked_of_sites(sites)
    rows = [{"site": site, "asked": asked[site.pk], "may": may(person, permits.SITE_CHANGE, site)} for site in sites]
    still = sum(each.open for each in asked.values())
    unknown = sum(each.not_known for each in asked.values())
    said = {"rows": rows, "still": still, "unknown": unknown, "with_open": sum(1 for each in asked.values() if each.open)}
    return render(request, "office/applying/overview.html", said)


def site_named(person: Person, id: uuid.UUID) -> Site:
    """The site, or NotFound."""
    return Site.objects.select_related("school").get_visible(person, pk=id)


@require_safe
@estate
def facts_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """How far the questions about a site are answered, group by group."""
    site = site_named(person, id)
    asked = count(site, judgings([site])[site.pk])
    groups = [{"key": key, "title": GROUPS[key], "total": total, "open": still} for key, (total, still) in asked.groups.items()]
    said = {"site": site, "asked": asked, "groups": [each for each in groups if each["total"]]}
    said["may"] = may(person, permits.SITE_CHANGE, site)
    return render(request, "office/applying/facts.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def group_page(request: HttpRequest, person: Person, id: uuid.UUID, group: str) -> HttpResponse:
    """One screen of questions. What is answered is kept; what cannot be taken is said at the question, and typed again."""
    site = site_named(person, id)
    if group not in GROUPS:
        raise NotFound("That group of questions")
    require(person, permits.SITE_CHANGE, site, "say what is there")
    buildings = list(Building.objects.visible_to(person).filter(site=site).order_by("name", "pk"))
    questions = questions_of(site, buildings, judgings([site])[site.pk], group)
    if request.method == "POST":
        changed, wrong = keep(site, questions, request.POST, person)
        if not wrong:
            messages.success(request, f"{counted(changed, 'answer')} saved." if changed else "Nothing was changed.")
            return HttpResponseRedirect(next_screen(site, group, stay=request.POST.get("act") == "stay"))
    said = {"site": site, "group": group, "title": GROUPS[group], **rows_of(questions, buildings), "place": place_in(group)}
    wrong_now = any(each.wrong for each in questions)
    return render(request, "office/applying/group.html", said | {"wrong": wrong_now}, status=422 if wrong_now else 200)


def questions_of(site: Site, buildings: Sequence[Building], judged: Judging, group: str) -> list[Question]:
    """The questions of a group, about the site and about each building."""
    found = []
    for fact in PLACE_FACTS.values():
        if fact.group != group:
            continue
        if fact.on == "site":
            known = judged.site[fact.key]
            found.append(Question(fact, fact.key, as_typed(fact, site.facts.get(fact.key), known), known))
            continue
        for building in buildings:
            known = judged.houses[str(building.pk)][fact.key]
            kept = getattr(building, fact.column) if fact.column else building.facts.get(fact.key)
            found.append(Question(fact, f"{fact.key}:{building.pk}", as_typed(fact, kept, known), known, building))
    return found


def as_typed(fact: PlaceFact, kept: Any, known: Known) -> str:
    """An answer as the form has it."""
    if fact.kind is Kind.NUMBER:
        return str(kept) if isinstance(kept, int) and not isinstance(kept, bool) else ""
    if kept == UNKNOWN:
        return UNKNOWN
    value = known.value if kept is None and known.source is Source.USUAL else kept
    return {True: "yes", False: "no"}.get(value, "")


def rows_of(questions: Sequence[Question], buildings: Sequence[Building]) -> dict[str, Any]:
    """The questions about the site, and those of each building."""
    return {
        "about_site": sorted((each for each in questions if each.building is None), key=lambda each: bool(each.shown_by)),
        "about_buildings": [
            {"building": building, "questions": [each for each in questions if each.building == building]}
            for building in buildings
            if any(each.building == building for each in questions)
        ],
        "no_building": not buildings and any(fact.on == "building" for fact in PLACE_FACTS.values()),
    }


def keep(site: Site, questions: Sequence[Question], sent: Mapping[str, Any], person: Person) -> tuple[int, bool]:
    """Keep what was answered, place by place; answers how many changed, and whether something could not be taken."""
    changed, wrong = 0, False
    for place in dict.fromkeys(each.building for each in questions):
        own = [each for each in questions if each.building == place]
        answers = {}
        for each in own:
            if each.name in sent:
                each.value = str(sent[each.name]).strip()[:20]
                answers[each.fact.key] = read(each)
        try:
            changed += say_facts(place or site, answers=answers, actor=person)
        except Problem as problem:
            wrong = True
            for each in own:
                each.wrong = joined(problem.fields[each.fact.key]) if each.fact.key in problem.fields else ""
    return changed, wrong


def read(question: Question) -> Any:
    """What was sent as a fact's value; what is no figure stays as it is and is refused by the action."""
    if not question.is_number:
        return WORDS.get(question.value, question.value)
    plain = question.value.replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() else plain or None


def next_screen(site: Site, group: str, *, stay: bool) -> str:
    """The screen after this one; after the last, the whole."""
    keys = list(GROUPS)
    after = keys[keys.index(group) + 1 :]
    return (
        f"/sites/{site.pk}/facts/{group}/"
        if stay
        else f"/sites/{site.pk}/facts/{after[0] if after else ''}{'/' if after else ''}"
    )


def place_in(group: str) -> str:
    """ "3 of 14"."""
    return f"{list(GROUPS).index(group) + 1} of {len(GROUPS)}"
