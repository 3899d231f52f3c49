"""Board papers: the list, freezing one, one paper with its figures, its PDF, and making it again."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.days import today
from backend.core.papers import PDF
from backend.core.problems import Forbidden, NotFound
from backend.core.templatetags.words import day
from backend.office.contractors.pages import Asked, form_page, handed_on, sent
from backend.office.risk.gates import manages_all, managing, risky
from backend.office.risk.paper import EDITION, set_paper
from backend.office.risk.said import headline
from backend.risk.actions import freeze_paper
from backend.risk.actions.papers import require_whole
from backend.risk.models import BoardPaper
from backend.risk.queries.brief import brief
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

TRAIL = [("Risk", "/risk/"), ("Board papers", "/risk/papers/")]


def found(person: Person, id: uuid.UUID) -> BoardPaper:
    """The paper, or NotFound."""
    row = BoardPaper.objects.visible_to(person).select_related("frozen_by", "supersedes", "next").filter(pk=id).first()
    if row is None:
        raise NotFound("That paper")
    return row


@require_safe
@risky
def paper_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Papers frozen so far."""
    if not reach(person, permits.RISK_VIEW).everywhere:
        raise Forbidden("Board papers are of the whole trust. Ask the estates lead or the CFO.")
    rows = BoardPaper.objects.visible_to(person).select_related("frozen_by")
    return render(request, "office/risk/papers.html", {"rows": rows, "manages": manages_all(person)})


class PaperForm(forms.Form):
    """A paper to be frozen."""

    title = forms.CharField(label="Title", max_length=160)
    commentary = forms.CharField(
        label="What you say to it", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Stands on the first page, under your name. It cannot be changed once the paper is frozen.",
    )  # fmt: skip


class AgainForm(PaperForm):
    """A paper that is made again."""

    reason = forms.CharField(label="Why it is made again", max_length=500)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def paper_freeze(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Freeze today's figures as a paper for the board."""
    return frozen(request, person, None)


@require_http_methods(["GET", "HEAD", "POST"])
@risky
def paper_again(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Make a paper again, with today's figures, as its next version."""
    row = found(person, id)
    require_whole(person)
    return frozen(request, person, row)


def frozen(request: HttpRequest, person: Person, again: BoardPaper | None) -> HttpResponseBase:
    """The form, and what comes of it."""
    initial = {
        "title": again.title if again else f"Estate risk, {today():%B %Y}",
        "commentary": again.commentary if again else "",
    }
    form = (AgainForm if again else PaperForm)(sent(request), initial=initial)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        figures = brief(person, today())
        version = again.version + 1 if again else 1
        reason = said.get("reason", "")
        pdf, pages = set_paper(
            figures,
            title=said["title"].strip(),
            commentary=said["commentary"].strip(),
            by=person.name,
            version=version,
            reason=reason,
        )
        row = freeze_paper(
            person=person, title=said["title"], commentary=said["commentary"], figures=figures, pdf=pdf, pages=pages,
            edition=EDITION, again=again, reason=reason,
        )  # fmt: skip
        messages.success(request, "Frozen. Whatever is recorded from now on changes nothing in it.")
        return HttpResponseRedirect(f"/risk/papers/{row.pk}/")

    words = f"Version {again.version + 1} of {again.title}" if again else "Freeze a board paper"
    lead = f"The figures of today, {day(today())}, as they stand on the risk page. What is frozen is never changed."
    return form_page(request, form, Asked(words, lead, "Freeze it", TRAIL), act)


@require_safe
@risky
def paper_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One paper: what it said, its versions, its hash."""
    row = found(person, id)
    said = {"row": row, "answer": headline(row.figures), "figures": row.figures, "manages": manages_all(person)}
    return render(request, "office/risk/paper.html", said)


@require_safe
@risky
def paper_pdf(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """The PDF as it was frozen."""
    row = found(person, id)
    return handed_on(row.pdf_sha256, PDF, f"estate-risk-{row.day.isoformat()}-version-{row.version}")
