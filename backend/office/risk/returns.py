"""The annual return: how it stands with each statement, answering one, signing the whole, and returns that were signed."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound
from backend.office.contractors.pages import Asked, form_page, sent
from backend.office.risk.gates import manages_all, managing, risky
from backend.office.risk.register_forms import owners
from backend.office.views.csv_out import ListFile, csv_answer
from backend.risk.actions import answer_statement, sign_return
from backend.risk.estate import standards
from backend.risk.models import AnnualReturn
from backend.risk.queries.returns import newest_answers, positions_in, return_of
from backend.rules.standards import POSITIONS, year_of
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.permits import ROLES
from backend.trust.scope import reach

TRAIL = [("Risk", "/risk/"), ("Annual return", "/risk/return/")]
HEAD = (
    "Area", "Level", "Statement", "What it asks", "What the evidence supports", "What is said", "Confidence", "Evidence",
    "What is missing", "Owner", "Last year",
)  # fmt: skip


def refuse_others(person: Person) -> None:
    """Refuse who does not see the risk of the whole trust."""
    if not reach(person, permits.RISK_VIEW).everywhere:
        raise Forbidden("The annual return is of the whole trust. Ask the estates lead or the CFO.")


def before(year: int) -> AnnualReturn | None:
    """The newest return of the year before."""
    return AnnualReturn.objects.filter(year=year - 1).order_by("version").last()


@require_safe
@risky
def return_page(request: HttpRequest, person: Person) -> HttpResponse:
    """This year's return as it stands, beside last year's; those that were signed."""
    refuse_others(person)
    figures = return_of(person, today())
    earlier = before(figures["year"])
    last = positions_in(earlier.figures if earlier else None)
    signed = AnnualReturn.objects.visible_to(person).select_related("signed_by")
    said = {
        "figures": figures,
        "areas": by_area(figures, last),
        "earlier": earlier,
        "signed": signed,
        "manages": manages_all(person),
        "signs": reach(person, permits.RETURN_SIGN).everywhere,
        "reached": standards().levels.get(figures["reached"], ""),
    }
    return render(request, "office/risk/return.html", said)


def by_area(figures: dict[str, Any], last: dict[str, str]) -> list[tuple[str, list[tuple[dict[str, Any], str]]]]:
    """Each area with its statements, each with its position of the year before in words ("" for none)."""
    rows = figures["statements"]
    return [
        (title, [(row, POSITIONS.get(last.get(row["key"], ""), "")) for row in rows if row["area"] == key])
        for key, title in figures["areas"].items()
    ]


@require_safe
@risky
def return_csv(request: HttpRequest, person: Person) -> ListFile:  # noqa: ARG001  every page is given it
    """The same as a file."""
    refuse_others(person)
    figures = return_of(person, today())
    earlier, levels = before(figures["year"]), standards().levels
    last = positions_in(earlier.figures if earlier else None)
    rows = (
        (
            figures["areas"][row["area"]], levels[row["level"]], row["title"], row["asks"], POSITIONS[row["supported"]],
            POSITIONS.get(row["said"], ""), row["confidence"],
            "; ".join(f"{each['there']} of {each['wanted']} {each['words']}" for each in row["evidence"] if each["can_show"]),
            row["gap"], row["owner"], POSITIONS.get(last.get(row["key"], ""), ""),
        )
        for row in figures["statements"]
    )  # fmt: skip
    return csv_answer("annual-return", HEAD, rows)


class AnswerForm(forms.Form):
    """How it stands with a statement."""

    position = forms.ChoiceField(
        label="How it stands", widget=forms.RadioSelect, choices=[(key, POSITIONS[key]) for key in ("met", "partly", "not-met")]
    )
    gap = forms.CharField(
        label="What is missing, and what is done about it",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = forms.ModelChoiceField(Person.objects.none(), label="Whose it is", required=False, empty_label="Nobody")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = owners(person)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def return_answer(request: HttpRequest, person: Person, key: str) -> HttpResponseBase:
    """Say how it stands with one statement."""
    row = next((each for each in return_of(person, today())["statements"] if each["key"] == key), None)
    if row is None:
        raise NotFound("That statement")
    answer = newest_answers(year_of(today())).get(key)
    initial = {"position": row["said"], "gap": row["gap"], "owner": answer.owner_id if answer else None}
    form = AnswerForm(sent(request), person=person, initial=initial)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        answer_statement(person=person, statement=key, today=today(), **said)
        messages.success(request, "Written down. The answer before it stays in the history.")
        return HttpResponseRedirect(f"/risk/return/#{key}")

    evidence = " ".join(
        f"{each['there']} of {each['wanted']} {each['words']}." if each["can_show"] else each["words"] for each in row["evidence"]
    )
    usual = ROLES[row["usual_owner"]].name
    so_far = POSITIONS[row["supported"]].lower()
    lead = f"{row['asks']} The evidence: {evidence} So far that is: {so_far}. Usually owned by: {usual}."
    return form_page(request, form, Asked(row["title"], lead, "Save", TRAIL), act)


class SignForm(forms.Form):
    """The signature."""

    reason = forms.CharField(
        label="Why it is signed again", required=False, max_length=500, help_text="Only where this year's was signed before."
    )
    sure = forms.BooleanField(label="I have read it, and sign it for the trust")


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def return_sign(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Sign this year's return."""
    refuse_others(person)
    if not reach(person, permits.RETURN_SIGN).everywhere:
        raise Forbidden("Your role does not let you sign the annual return. The trust's leader or the CFO does.")
    figures = return_of(person, today())

    def act(said: dict[str, Any]) -> HttpResponseBase:
        row = sign_return(person=person, figures=return_of(person, today()), reason=said["reason"])
        messages.success(request, "Signed and frozen. Enter it at the department's service, and keep its receipt.")
        return HttpResponseRedirect(f"/risk/return/{row.pk}/")

    lead = f"It is frozen as it stands now. {figures['unanswered']} statements are not answered yet; all must be."
    return form_page(
        request, SignForm(sent(request)), Asked(f"Sign the return of {figures['year']}", lead, "Sign it", TRAIL), act
    )


@require_safe
@risky
def signed_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A return as it was signed."""
    rows = AnnualReturn.objects.visible_to(person).select_related("signed_by", "supersedes", "next")
    row = rows.filter(pk=id).first()
    if row is None:
        raise NotFound("That return")
    earlier = before(row.year)
    said = {
        "row": row,
        "figures": row.figures,
        "areas": by_area(row.figures, positions_in(earlier.figures if earlier else None)),
        "earlier": earlier,
        "reached": standards().levels.get(row.level, ""),
    }
    return render(request, "office/risk/signed.html", said)
