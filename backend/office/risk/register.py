"""The risk register: the list with its 5 by 5, one risk with its movement, and what is done with it."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound
from backend.office.contractors.pages import Asked, form_page, sent
from backend.office.forms.lists import ListFilters
from backend.office.risk.gates import manages_some, risky
from backend.office.risk.item_forms import WhyForm
from backend.office.risk.register_forms import ReviewForm, RiskForm, WordsForm, typed_of
from backend.office.views.csv_out import ListFile
from backend.office.views.lists import export, list_answer
from backend.risk.actions import add_risk, change_risk, close_risk, open_risk_again, review_risk
from backend.risk.actions.register import covers, require_risk
from backend.risk.estate import estate
from backend.risk.models import Risk
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.gathered import gather
from backend.risk.queries.register import grid, proposals, with_scores
from backend.trust import permits
from backend.trust.models import Person, School, Site

TRAIL = [("Risk", "/risk/"), ("Register", "/risk/register/")]
HEAD = (
    "Number", "Risk", "School", "Because of what", "What could happen", "What it would do", "What is done against it", "Owner",
    "Likelihood", "Impact", "Score", "Before", "Target", "Look again by", "Closed on", "Why",
)  # fmt: skip
MONTHS_3 = dt.timedelta(days=91)


class RegisterFilters(ListFilters):
    """Risks by words, school, band and whether they stand."""

    shown = ("q", "school", "band", "state", "when")
    hidden = ()
    sorts = {
        "worst": (F("score").desc(nulls_last=True), "number"),
        "number": ("number",),
        "review": ("review_on", "number"),
        "name": ("title", "number"),
    }
    band = forms.ChoiceField(label="How bad", required=False)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Open"), ("closed", "Closed"), ("all", "All")])
    when = forms.ChoiceField(label="Review", required=False, choices=[("", "Whenever"), ("due", "To be looked at now")])

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data, person=person)
        for name in ("site", "building", "asset", "discipline"):
            del self.fields[name]
        schools = Site.objects.visible_to(person, permits.RISK_VIEW).values("school")
        school: Any = self.fields["school"]
        school.queryset, school.empty_label = School.objects.filter(pk__in=schools), "Every school, and the trust"
        self.choices("band", "However bad", [(each.key, each.title) for each in estate().bands])

    def rows(self) -> QuerySet[Any]:
        """The risks wanted, in order."""
        rows: QuerySet[Any] = with_scores(Risk.objects.visible_to(self.person)).select_related("school", "owner")
        if not self.is_valid():
            return rows.none()
        if (state := self.value("state")) != "all":
            rows = rows.filter(closed_on__isnull=state != "closed")
        if text := self.value("q"):
            rows = rows.filter(Q(title__icontains=text) | Q(cause__icontains=text) | Q(event__icontains=text))
        if self.value("when"):
            rows = rows.filter(closed_on=None, review_on__lte=today())
        if key := self.value("band"):
            bands = estate().bands
            at = next(number for number, each in enumerate(bands) if each.key == key)
            rows = rows.filter(score__gte=bands[at].least)
            rows = rows.filter(score__lt=bands[at - 1].least) if at else rows
        return self.ordered(self.narrowed(rows, {"school": "school_id"}))


@require_safe
@risky
def risk_list(request: HttpRequest, person: Person) -> HttpResponse:
    """The register, the worst first; what the estate proposes for it."""
    filters = RegisterFilters(request.GET, person=person)
    risks = list(filters.rows()) if not filters.wrong else []
    proposed = [] if filters.is_narrowed() else proposals(person, gather(person, today()).exposures)
    said = {
        "grid": grid(risks),
        "due": sum(1 for each in risks if each.is_open and each.review_on <= today()),
        "proposed": proposed[:5],
        "proposals": len(proposed),
        "manages": manages_some(person),
    }
    return list_answer(request, "office/risk/register.html", filters, **said)


@require_safe
@risky
def risk_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    return export(RegisterFilters(request.GET, person=person), "risk-register", HEAD, line_of)


def line_of(each: Any) -> tuple[Any, ...]:
    """A risk as a line of the file."""
    before = each.scores.filter(kind="before").order_by("made_at").last()
    return (
        f"R{each.number}", each.title, str(each.school or "The trust"), each.cause, each.event, each.effect, each.controls,
        each.owner.name, each.likelihood, each.impact, each.score, before.score if before else "", each.target, each.review_on,
        each.closed_on, each.closed_why,
    )  # fmt: skip


def found(person: Person, id: uuid.UUID) -> Any:
    """The risk with its scores, or NotFound."""
    rows = with_scores(Risk.objects.visible_to(person)).select_related("school", "owner", "opened_by")
    row = rows.filter(pk=id).first()
    if row is None:
        raise NotFound("That risk")
    return row


@require_safe
@risky
def risk_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One risk: what it says, its scores over time, whose it is."""
    risk = found(person, id)
    exposure = next((each for each in gather(person, today()).exposures if each.key == risk.exposure), None)
    said = {
        "risk": risk,
        "scores": risk.scores.select_related("made_by"),
        "band": estate().band(risk.score),
        "may": covers(person, permits.RISK_MANAGE, risk.school),
        "exposure": exposure,
        "today": today(),
    }
    return render(request, "office/risk/risk.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def risk_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Put a risk on the register; one that the estate proposes comes filled in."""
    if not manages_some(person):
        raise Forbidden("Your role does not let you put risks on the register. Ask the estates lead.")
    key = request.GET.get("exposure", "")
    proposed = next((each for each in gather(person, today()).exposures if each.key == key), None) if key else None
    if key and proposed is None:
        raise NotFound("That exposure")
    initial = filled_from(proposed) if proposed else {}
    form = RiskForm(sent(request), person=person, initial={"review_on": today() + MONTHS_3, "owner": person.pk, **initial})

    def act(said: dict[str, Any]) -> HttpResponseBase:
        risk = add_risk(
            person=person,
            school=said["school"],
            words=form.words(),
            before=(said["before_likelihood"], said["before_impact"]),
            now=(said["likelihood"], said["impact"]),
            target=(said["target_likelihood"], said["target_impact"]),
            today=today(),
            exposure=key,
        )
        messages.success(request, f"It is on the register as R{risk.number}.")
        return HttpResponseRedirect(f"/risk/register/{risk.pk}/")

    lead = "Because of what could which thing happen, and what would it do?"
    return form_page(request, form, Asked("Put a risk on the register", lead, "Put it on the register", TRAIL), act)


def filled_from(one: Exposure) -> dict[str, Any]:
    """The form as an exposure fills it."""
    law = one.in_law
    return {
        "title": f"{one.title}"[:160],
        "school": one.site.school_id if one.site else None,
        "cause": f"{one.kind_words}: {one.title}, {one.where}. {one.score.steps[0].words}"[:500],
        "event": one.score.steps[-1].words[:500],
        "effect": (law.words if law else "")[:500],
        "before_likelihood": 5,
        "before_impact": one.score.consequence,
        "likelihood": one.score.likelihood,
        "impact": one.score.consequence,
        "target_likelihood": 1,
        "target_impact": one.score.consequence,
    }


def changing(person: Person, id: uuid.UUID) -> tuple[Any, list[tuple[str, str]]]:
    """A risk that somebody is about to change, and the way back to it. Raises Problem for who may not."""
    risk = found(person, id)
    require_risk(person, risk.school)
    return risk, [*TRAIL, (str(risk), f"/risk/register/{risk.pk}/")]


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def risk_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Change what a risk says, or whose it is."""
    risk, trail = changing(person, id)
    form = WordsForm(sent(request), person=person, initial=typed_of(risk))

    def act(_said: dict[str, Any]) -> HttpResponseBase:
        change_risk(risk=risk, person=person, words=form.words(), today=today())
        return HttpResponseRedirect(f"/risk/register/{risk.pk}/")

    return form_page(request, form, Asked(f"Change {risk}", "Its scores are changed by a review.", "Save", trail), act)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def risk_review(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Look at a risk again."""
    risk, trail = changing(person, id)
    initial = {"likelihood": risk.likelihood, "impact": risk.impact, "review_on": today() + MONTHS_3}
    form = ReviewForm(sent(request), initial=initial)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        review_risk(risk=risk, person=person, today=today(), **said)
        messages.success(request, "Looked at. Its movement is on its page.")
        return HttpResponseRedirect(f"/risk/register/{risk.pk}/")

    lead = f"{risk.event} Until now: {risk.likelihood} × {risk.impact} = {risk.score}."
    return form_page(request, form, Asked(f"Review {risk}", lead, "Save the review", trail), act)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def risk_close(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Close a risk."""
    risk, trail = changing(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        close_risk(risk=risk, person=person, why=said["why"], today=today())
        return HttpResponseRedirect(f"/risk/register/{risk.pk}/")

    lead = "It leaves the register, its history stays, and it can be opened again."
    return form_page(request, WhyForm(sent(request)), Asked(f"Close {risk}", lead, "Close it", trail), act)


@require_POST
@risky
def risk_open(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """Open a closed risk again."""
    risk, _ = changing(person, id)
    open_risk_again(risk=risk, person=person)
    return HttpResponseRedirect(f"/risk/register/{risk.pk}/")
