"""Checks that do not apply: asked, agreed by somebody else, listed with how each stands today."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.assets.models import Asset
from backend.checks.actions.not_applicable import ask_not_applicable, decide_not_applicable, end_not_applicable
from backend.checks.models import CheckType, NotApplicable
from backend.checks.queries.excused import Excused, Stand, excused, stand_of
from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.core.templatetags.words import day
from backend.office.applying.by_hand_forms import day_field, words_field
from backend.office.applying.wording import changed_in_words
from backend.office.forms.lists import ListFilters
from backend.office.queries.law import about
from backend.office.queries.library import discipline_title
from backend.office.views.forms_said import put_on
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import may, require

HEAD = (
    "Check", "Discipline", "School", "Site", "Building", "Asset", "Why", "Until", "Asked by", "Asked on", "Decided by",
    "Decided on", "Stands",
)  # fmt: skip
BESIDE = ("check_type", "site__school", "building", "asset", "asked_by", "decided_by")
STATES = {"now": "In force", "waiting": "Waiting for somebody", "over": "Over"}


class NotApplicableFilters(ListFilters):
    """Decisions by place, discipline and how they stand."""

    shown = ("q", "site", "discipline")
    sorts = {
        "until": ("expires_on", "pk"),
        "asked": (F("asked_at").desc(), "pk"),
        "check": ("check_type__title", "expires_on", "pk"),
        "place": ("site__school__name", "site__name", "pk"),
    }
    state = forms.ChoiceField(required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.choices("state", "", STATES.items())

    def rows(self) -> QuerySet[Any]:
        """The decisions wanted, in order."""
        found: QuerySet[Any] = self.wanted()
        return found

    def wanted(self) -> Any:
        """The decisions wanted."""
        rows: Any = NotApplicable.objects.visible_to(self.person).select_related(*BESIDE)
        if not self.is_valid():
            return rows.none()
        paths = {"school": "site__school_id", "site": "site_id", "discipline": "check_type__discipline"}
        rows = self.narrowed(rows, paths | {"asset": "asset_id"})
        if building := self.value("building"):
            rows = rows.filter(Q(building=building) | Q(asset__building=building))
        if text := self.value("q"):
            rows = rows.filter(Q(check_type__title__icontains=text) | Q(reason__icontains=text) | Q(asset__name__icontains=text))
        in_force = Q(agreed=True, ended_at=None, expires_on__gte=today())
        waiting = Q(decided_at=None, ended_at=None)
        state = {"now": in_force, "waiting": waiting, "over": ~in_force & ~waiting}.get(self.value("state") or "", Q())
        return self.ordered(rows.filter(state))


@require_safe
@estate
def decision_list(request: HttpRequest, person: Person) -> HttpResponse:
    """What does not apply, where and until when."""
    filters = NotApplicableFilters(request.GET, person=person)
    return list_answer(request, "office/applying/not_applicable.html", filters, now=today())


@require_safe
@estate
def decision_csv(request: HttpRequest, person: Person) -> StreamingHttpResponse:
    """The same list as CSV."""

    def line(row: NotApplicable) -> Sequence[Any]:
        stands = stand_in_words(Excused(row, stand_of(row, today())))
        return (
            row.check_type.title, discipline_title(row.check_type.discipline), row.site.school.name, row.site.name,
            row.building or "", row.asset or "", row.reason, row.expires_on, row.asked_by.name, row.asked_at,
            row.decided_by.name if row.decided_by else "", row.decided_at or "", stands,
        )  # fmt: skip

    return export(NotApplicableFilters(request.GET, person=person), "not-applicable", HEAD, line)


def stand_in_words(each: Excused) -> str:
    """How a decision stands, as people say it."""
    row = each.row
    return {
        Stand.WAITING: "Waiting for somebody to agree",
        Stand.IN_FORCE: f"Does not apply until {day(row.expires_on)}",
        Stand.REOPENED: "To be looked at again",
        Stand.EXPIRED: f"Ran out on {day(row.expires_on)}",
        Stand.REFUSED: "Not agreed: it applies",
        Stand.ENDED: "Ended",
    }[each.stand]


def found(person: Person, id: uuid.UUID) -> NotApplicable:
    """The decision, or NotFound."""
    rows = NotApplicable.objects.select_related(*BESIDE, "check_type__current")
    return rows.get_visible(person, pk=id)


class AnswerForm(forms.Form):
    """What the one who decides says, and until when."""

    answer = words_field("What you want to say about it", required=False)
    expires_on = day_field("Until", required=False, help_text="The day asked for, or an earlier one.")


class EndForm(forms.Form):
    """Why it ends."""

    reason = words_field("Why it applies after all", 300)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def decision_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One decision: what was asked, by whom, how it stands; agreed to, refused or ended here."""
    row = found(person, id)
    act = request.POST.get("act", "")
    answer = AnswerForm(request.POST if act in ("agree", "refuse") else None, initial={"expires_on": row.expires_on})
    ending = EndForm(request.POST if act == "end" else None)
    if request.method == "POST":
        form = ending if act == "end" else answer
        require(person, permits.PLAN_CHANGE if act == "end" else permits.RISK_DECIDE, row.site, "decide this")
        try:
            if form.is_valid() and act in ("agree", "refuse", "end"):
                messages.success(request, decide(row, act, form.cleaned_data, person))
                return HttpResponseRedirect(f"/not-applicable/{row.pk}/")
        except Problem as problem:
            put_on(form, problem)
        row = found(person, id)
    stands = excused([row], today())[0]
    said = {
        "row": row,
        "stands": stands,
        "words": stand_in_words(stands),
        "changed": changed_in_words(stands.changed),
        "answer": answer,
        "ending": ending,
        "may_decide": stands.stand is Stand.WAITING and may(person, permits.RISK_DECIDE, row.site),
        "own": row.asked_by_id == person.pk,
        "may_end": not row.ended_at and may(person, permits.PLAN_CHANGE, row.site),
        "about": about(row.check_type.current, (row.check_type.current.content.get("rule") if row.check_type.current else None)),
    }
    wrong = bool(answer.errors or ending.errors)
    return render(request, "office/applying/decision.html", said, status=422 if wrong else 200)


def decide(row: NotApplicable, act: str, said: dict[str, Any], person: Person) -> str:
    """Do it, and say what was done."""
    if act == "end":
        end_not_applicable(row, reason=said["reason"], person=person)
        return "Ended. The check is proposed again."
    agree = act == "agree"
    until: dt.date | None = said["expires_on"] if agree else None
    done = decide_not_applicable(row, agree=agree, person=person, today=today(), answer=said["answer"], expires_on=until)
    return f"Agreed: it does not apply until {day(done.expires_on)}." if agree else "Not agreed: the check applies."


class AskForm(forms.Form):
    """Which check does not apply, why, and until when."""

    check = forms.ChoiceField(label="Which check")
    reason = words_field("Why it does not apply here", help_text="Somebody else reads this and agrees or not. It is kept.")
    expires_on = day_field("Until", help_text="It is looked at again then. At most three years ahead.")

    def __init__(self, data: Any = None, *, kinds: Sequence[tuple[str, str]], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["check"].choices = kinds  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def ask_page(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask that a check does not apply to a site, a building or an asset."""
    site, building, asset = thing_asked(request, person)
    require(person, permits.PLAN_CHANGE, site, "say that a check does not apply")
    kinds = kinds_for(building, asset)
    until = today() + dt.timedelta(days=365)
    initial = {"check": request.GET.get("check", ""), "expires_on": until}
    form = AskForm(request.POST if request.method == "POST" else None, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = ask_not_applicable(
                check_type=CheckType.objects.get(pk=said["check"]),
                site=site,
                building=building,
                asset=asset,
                reason=said["reason"],
                expires_on=said["expires_on"],
                person=person,
                today=today(),
            )
        except Problem as problem:
            put_on(form, problem)
        else:
            messages.success(request, "Asked. Until somebody else agrees, the check applies.")
            return HttpResponseRedirect(f"/not-applicable/{row.pk}/")
    thing = asset or building or site
    said = {"form": form, "thing": thing, "site": site, "building": building, "asset": asset}
    return render(request, "office/applying/ask.html", said, status=422 if form.errors else 200)


def thing_asked(request: HttpRequest, person: Person) -> tuple[Site, Building | None, Asset | None]:
    """What a form or its address names: an asset, a building or a site that they may know of."""
    named = {name: request.POST.get(name) or request.GET.get(name) for name in ("asset", "building", "site")}
    asset = one_of(Asset.objects.select_related("site__school"), person, named["asset"])
    building = None if asset else one_of(Building.objects.select_related("site__school"), person, named["building"])
    thing = asset or building
    site = thing.site if thing else one_of(Site.objects.select_related("school"), person, named["site"])
    if site is None:
        raise NotFound("That site, building or asset")
    return site, building, asset


def one_of(rows: Any, person: Person, text: str | None) -> Any:
    """The row that an id in an address names; None when none is named."""
    if not text:
        return None
    try:
        return rows.get_visible(person, pk=uuid.UUID(text))
    except ValueError:
        raise NotFound("That site, building or asset") from None


def kinds_for(building: Building | None, asset: Asset | None) -> list[tuple[str, str]]:
    """The checks that there can be on such a thing."""
    rows = CheckType.objects.filter(withdrawn=False, current__isnull=False)
    if asset:
        rows = rows.filter(current__content__asset_types__contains=[asset.type_id])
    elif building:
        rows = rows.filter(Q(current__content__on="building") | Q(current__content__grouped_by="building"))
    else:
        rows = rows.filter(Q(current__content__on="site") | Q(current__content__grouped_by="site"))
    return list(rows.order_by("title").values_list("code", "title"))
