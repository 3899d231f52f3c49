"""Condition: surveys by site, one survey with what changed since the one before, what is open, and what became of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound
from backend.office.contractors.pages import Asked, form_page, sent
from backend.office.forms.money import pence
from backend.office.risk.filters import ItemFilters
from backend.office.risk.gates import risky
from backend.office.risk.item_forms import EndForm, LookForm, WhyForm, photos_of
from backend.office.risk.pages import pounds_of
from backend.office.views.csv_out import ListFile, csv_answer
from backend.office.views.lists import list_answer, refuse_misread
from backend.office.views.photos import copy_of
from backend.risk.actions import NewItem, NewSurvey, end_item, enter_survey, reopen_item, withdraw_survey
from backend.risk.actions.condition import is_open
from backend.risk.estate import estate
from backend.risk.models import ConditionItem, ConditionSurvey
from backend.risk.queries.assumed import assumed
from backend.risk.queries.condition import changes, open_items, price_today, waiting_of
from backend.risk.queries.money import backlog
from backend.risk.queries.surveys import RAAC, before, raac_of, standing_of
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import may, reach

TRAIL = [("Condition", "/condition/")]
HEAD = (
    "Element", "What was found", "School", "Where", "Grade", "Priority", "By the end of", "At the survey's prices, £",
    "Today, £", "A year's wait adds, £", "Surveyed on", "By",
)  # fmt: skip


@require_safe
@risky
def survey_list(request: HttpRequest, person: Person) -> HttpResponse:
    """How the condition of each site is known: the newest survey, whether it is too old, its backlog; RAAC and asbestos."""
    sites = list(Site.objects.visible_to(person, permits.RISK_VIEW).select_related("school").order_by("school__name", "name"))
    figures, items = assumed(today()), list(open_items(person, today()))
    by_site: dict[Any, list[Any]] = {site.pk: [] for site in sites}
    for item in items:
        by_site[item.survey.site_id].append(item)
    rows = [standing_of(site, by_site[site.pk], figures, today()) for site in sites]
    newest = newest_of(person)
    raac = raac_of(person)
    said = {
        "rows": [(row, newest.get(row.site.pk), raac.get(row.site.pk)) for row in rows],
        "backlog": backlog(items, today(), figures).values(),
        "titles": estate().priorities,
        "unknown": sum(1 for row in rows if row.site.pk not in newest),
        "old": sum(1 for each in newest.values() if is_old(each)),
        "every": estate().survey_every_years,
        "manages": not reach(person, permits.RISK_MANAGE).nowhere(),
        "raac": RAAC,
    }
    return render(request, "office/risk/condition.html", said)


def newest_of(person: Person) -> dict[Any, ConditionSurvey]:
    """Site -> its newest survey; our own looks are none."""
    rows = ConditionSurvey.objects.visible_to(person).filter(withdrawn_at=None).exclude(source=ConditionSurvey.Source.OWN)
    newest: dict[Any, ConditionSurvey] = {}
    for survey in rows.order_by("site", "-done_on", "-entered_at"):
        newest.setdefault(survey.site_id, survey)
    return newest


def is_old(survey: ConditionSurvey) -> bool:
    """Whether a survey is older than surveys should become."""
    return (today() - survey.done_on).days > 365 * estate().survey_every_years


def survey_of(person: Person, id: uuid.UUID) -> ConditionSurvey:
    """The survey, or NotFound."""
    rows = ConditionSurvey.objects.visible_to(person).select_related("site__school", "entered_by", "withdrawn_by")
    row = rows.filter(pk=id).first()
    if row is None:
        raise NotFound("That survey")
    return row


@require_safe
@risky
def survey_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One survey: what it found, and what changed since the one before."""
    survey = survey_of(person, id)
    earlier = before(survey)
    said = {
        "survey": survey,
        "items": survey.items.select_related("building", "space", "asset"),
        "earlier": earlier,
        "changes": [each for each in changes(survey, earlier) if each.words != "As before"] if earlier else [],
        "elements": estate().elements,
        "may": may(person, permits.RISK_MANAGE, survey.site),
    }
    return render(request, "office/risk/survey.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def survey_withdraw(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Take a survey out of the count."""
    survey = survey_of(person, id)
    refuse_others(person, survey.site)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        withdraw_survey(survey=survey, person=person, why=said["why"])
        messages.success(request, "Withdrawn. It stays here to be read, and counts no more.")
        return HttpResponseRedirect(f"/condition/surveys/{survey.pk}/")

    lead = "Only what was entered by mistake is withdrawn. What an earlier survey said of these buildings counts again."
    asked = Asked("Withdraw this survey", lead, "Withdraw it", [*TRAIL, (str(survey), f"/condition/surveys/{survey.pk}/")])
    return form_page(request, WhyForm(sent(request)), asked, act)


def refuse_others(person: Person, site: Site) -> None:
    """Refuse who does not enter condition surveys at a site."""
    if not may(person, permits.RISK_MANAGE, site):
        raise Forbidden("Your role does not let you change what is known of the condition here. Ask the estates lead.")


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def look_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Write down something in poor condition that somebody of our own saw. Whole surveys come by import."""
    if reach(person, permits.RISK_MANAGE).nowhere():
        raise Forbidden("Your role does not let you enter condition. Ask the estates lead.")
    form = LookForm(sent(request), request.FILES or None, person=person, initial={"site": request.GET.get("site", "")})

    def act(said: dict[str, Any]) -> HttpResponseBase:
        item = NewItem(
            said["element"], said["words"], said["grade"], said["priority"], pence(said["cost"]), said["year"], said["building"],
            photos=photos_of(person, said["photos"]),
        )  # fmt: skip
        new = NewSurvey(said["site"], today(), person.name, [item], ConditionSurvey.Source.OWN)
        survey = enter_survey(new=new, actor=person, today=today())
        messages.success(request, "Written down. It counts from now on, beside what surveys say.")
        return HttpResponseRedirect(f"/condition/surveys/{survey.pk}/")

    lead = "For one thing that you have seen yourself. A whole survey comes by import, and takes the place of the one before."
    return form_page(request, form, Asked("Add something in poor condition", lead, "Add it", TRAIL), act)


@require_safe
@risky
def item_list(request: HttpRequest, person: Person) -> HttpResponse:
    """What is open, the most urgent first."""
    filters = ItemFilters(request.GET, person=person)
    figures = assumed(today())
    sums = backlog(list(filters.rows()), today(), figures).values() if not filters.wrong else []
    return list_answer(request, "office/risk/items.html", filters, pence=sum(each.pence for each in sums))


@require_safe
@risky
def item_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    filters, figures = ItemFilters(request.GET, person=person), assumed(today())
    refuse_misread(filters)
    return csv_answer("condition", HEAD, (line_of(each, figures) for each in filters.rows()))


def line_of(item: Any, figures: Any) -> tuple[Any, ...]:
    """An item as a line of the file."""
    price = price_today(item, today(), figures)
    where = ", ".join(str(each) for each in (item.asset, item.space, item.building, item.survey.site) if each)
    return (
        estate().elements.get(item.element, item.element), item.words, str(item.survey.site.school), where, item.grade,
        item.priority or "", item.year or "", pounds_of(item.cost_pence), pounds_of(price.pence),
        pounds_of(waiting_of(item, price, figures)), item.survey.done_on, item.survey.surveyor,
    )  # fmt: skip


def item_of(person: Person, id: uuid.UUID, what: str = "That finding") -> ConditionItem:
    """The item, or NotFound of `what` was looked for."""
    rows = ConditionItem.objects.visible_to(person).select_related("survey__site__school", "building", "space", "asset")
    row = rows.filter(pk=id).first()
    if row is None:
        raise NotFound(what)
    return row


@require_safe
@risky
def item_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One finding: grade, price then and today, what a year's wait adds, its photos, what became of it."""
    item, figures = item_of(person, id), assumed(today())
    price = price_today(item, today(), figures)
    said = {
        "item": item,
        "element": estate().elements.get(item.element, item.element),
        "grade": estate().grades[item.grade],
        "priority": estate().priorities.get(item.priority or 0, ""),
        "price": price,
        "waiting": waiting_of(item, price, figures),
        "rise": figures["prices-rise"],
        "wait": figures.get(f"wait-{item.priority}"),
        "endings": item.endings.select_related("made_by"),
        "is_open": is_open(item),
        "counts": open_items(person, today()).filter(pk=item.pk).exists(),
        "may": may(person, permits.RISK_MANAGE, item.survey.site),
    }
    return render(request, "office/risk/item.html", said)


@require_safe
@risky
def item_photo(request: HttpRequest, person: Person, id: uuid.UUID, sha256: str, size: str) -> HttpResponseBase:  # noqa: ARG001
    """A photo of a finding, "small" or "large"."""
    if sha256 not in item_of(person, id, "That photo").photos:
        raise NotFound("That photo")
    return copy_of(sha256, size)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def item_end(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Say that it is put right, or not to be done."""
    item = item_of(person, id)
    refuse_others(person, item.survey.site)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        end_item(
            item=item,
            person=person,
            kind=said["kind"],
            on=said["on"],
            why=said["why"],
            today=today(),
            cost_pence=pence(said["cost"]),
        )
        messages.success(request, "Written down.")
        return HttpResponseRedirect(f"/condition/items/{item.pk}/")

    asked = Asked("What became of it", item.words, "Write it down", [*TRAIL, (item.words, f"/condition/items/{item.pk}/")])
    return form_page(request, EndForm(sent(request), initial={"on": today()}), asked, act)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def item_reopen(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Say that it is open again."""
    item = item_of(person, id)
    refuse_others(person, item.survey.site)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        reopen_item(item=item, person=person, why=said["why"], today=today())
        return HttpResponseRedirect(f"/condition/items/{item.pk}/")

    asked = Asked("Open it again", item.words, "Open it again", [*TRAIL, (item.words, f"/condition/items/{item.pk}/")])
    return form_page(request, WhyForm(sent(request)), asked, act)
