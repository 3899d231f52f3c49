"""The pages on which many rows are changed at once: what is to be done, what would become of each row, what was done, undo."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.problems import Forbidden, NotFound, Problem
from backend.core.templatetags.words import counted
from backend.office.lists.bulk import (
    NOT_FILTERS,
    BulkList,
    Change,
    ChangeForm,
    Outlook,
    carry_out,
    chosen,
    filtered,
    in_words,
    outlook,
    take_back,
)
from backend.office.lists.registry import BULK
from backend.office.models import BulkChange
from backend.office.views.gate import estate
from backend.trust.models import Person

SHOWN = 200  # rows that the preview shows of each sort


def list_of(person: Person, key: str) -> BulkList:
    """The list, or NotFound; Forbidden when there is nothing that `person` may do with its rows."""
    bulk = BULK.get(key)
    if bulk is None:
        raise NotFound("That list")
    if not bulk.for_person(person):
        raise Forbidden("Your role does not let you change these. Ask your site manager.")
    return bulk


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def change(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """GET: the chosen rows, and what can be done with them. POST: the preview; with `sure`, the change itself."""
    bulk = list_of(person, name)
    asked = request.POST if request.method == "POST" else request.GET
    wanted = asked.get("do", "")
    doing = bulk.change(person, wanted)
    if wanted and doing is None:
        raise Forbidden("Your role does not let you do that with these. Ask your site manager.")
    if doing and doing.leads:
        return HttpResponseRedirect(led_on(bulk, doing, person, asked))
    ids = chosen(bulk, person, asked)
    if doing is None or not ids:
        return choose(request, bulk, person, ids, back_of(bulk, asked))
    rows = bulk.of(person, ids)
    form = doing.form(asked if request.method == "POST" else None, person=person, rows=rows)
    if request.method != "POST" or not form.is_valid():
        return ask(request, bulk, doing, form, rows, back_of(bulk, asked))
    if asked.get("sure"):
        return do(request, person, bulk, doing, form, rows)
    return preview(request, person, bulk, doing, form, ids)


def led_on(bulk: BulkList, doing: Change, person: Person, asked: QueryDict) -> str:
    """The page that does it instead, with the rows chosen: one by one, or by the filter."""
    if asked.get("all"):
        filters = filtered(bulk, person, asked)
        kept = filters.asked
        return f"{doing.leads}?{urlencode(kept or [('status', 'in-use')])}"
    ids = chosen(bulk, person, asked)
    return f"{doing.leads}?{urlencode([('asset', each) for each in ids])}"


def back_of(bulk: BulkList, asked: QueryDict) -> str:
    """The list as it stood where the rows were chosen: its filters, without what was chosen."""
    kept = [(name, value) for name, value in asked.items() if value and name not in NOT_FILTERS and not name.startswith("to-")]
    return f"{bulk.page}?{urlencode(kept)}" if kept else bulk.page


def choose(request: HttpRequest, bulk: BulkList, person: Person, ids: Sequence[uuid.UUID], back: str) -> HttpResponse:
    """What is to be done with the chosen rows; or that none was chosen."""
    said = {"list": bulk, "back": back, "ids": ids, "number": len(ids), "changes": bulk.for_person(person)}
    return render(request, "office/lists/choose.html", said)


def ask(request: HttpRequest, bulk: BulkList, doing: Change, form: ChangeForm, rows: Sequence[Any], back: str) -> HttpResponse:
    """What the change asks for."""
    said = {
        "back": back,
        "list": bulk,
        "doing": doing,
        "form": form,
        "number": len(rows),
        "named": [str(each) for each in rows[:12]],
        "more": max(len(rows) - 12, 0),
        "ids": " ".join(str(each.pk) for each in rows),
    }
    return render(request, "office/lists/ask.html", said, status=422 if form.errors else 200)


def preview(
    request: HttpRequest,
    person: Person,
    bulk: BulkList,
    doing: Change,
    form: ChangeForm,
    ids: Sequence[uuid.UUID],
    wrong: str = "",
) -> HttpResponse:
    """What would become of each row, and which cannot be changed and why. Nothing is kept yet."""
    found = outlook(bulk, doing, person, ids, form.cleaned_data)
    ready = [each for each in found if not each.refused]
    not_ready = [each for each in found if each.refused]
    said = {
        "list": bulk,
        "doing": doing,
        "asked": in_words(form),
        "typed": typed(form),
        "ready": ready[:SHOWN],
        "refused": by_reason(not_ready),
        "number": len(ready),
        "refused_number": len(not_ready),
        "more": max(len(ready) - SHOWN, 0),
        "ids": " ".join(str(each.row.pk) for each in ready),
        "wrong": wrong,
    }
    return render(request, "office/lists/preview.html", said, status=409 if wrong else 200)


def by_reason(found: Sequence[Outlook]) -> list[tuple[str, list[Outlook], int]]:
    """The rows that cannot be changed, by why: (reason, the first rows, how many more)."""
    reasons: dict[str, list[Outlook]] = {}
    for each in found:
        reasons.setdefault(each.refused, []).append(each)
    return [(why, rows[:SHOWN], max(len(rows) - SHOWN, 0)) for why, rows in reasons.items()]


def typed(form: ChangeForm) -> list[tuple[str, str]]:
    """What was typed, as hidden inputs of the next page."""
    return [(form.add_prefix(name), form.data.get(form.add_prefix(name), "")) for name in form.fields]


def do(
    request: HttpRequest, person: Person, bulk: BulkList, doing: Change, form: ChangeForm, rows: Sequence[Any]
) -> HttpResponse:
    """Change them all; when one cannot be changed any more, none is, and the preview says so."""
    ids = [each.pk for each in rows]
    words = f"{counted(len(ids), bulk.noun)}: {doing.words.lower()}. {in_words(form)}"
    try:
        made = carry_out(bulk, doing, person=person, ids=ids, said=form.cleaned_data, words=words)
    except Problem as problem:
        wrong = f"Nothing was changed, because something is not as it was. {problem.detail}"
        return preview(request, person, bulk, doing, form, ids, wrong)
    return HttpResponseRedirect(f"/change/done/{made.pk}/")


def made_by(person: Person, id: uuid.UUID) -> tuple[BulkChange, BulkList, Change | None]:
    """One's own change, its list and what was done; NotFound else."""
    made = BulkChange.objects.filter(pk=id, person=person).first()
    bulk = BULK.get(made.rows_of) if made else None
    if made is None or bulk is None:
        raise NotFound("That change")
    return made, bulk, bulk.change(person, made.change)


@require_safe
@estate
def done(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """What was done, row by row, and the way back where there is one."""
    made, bulk, doing = made_by(person, id)
    said = {
        "made": made,
        "list": bulk,
        "number": len(made.names),
        "rows": [(f"{bulk.page}{key}/", name) for key, name in list(made.names.items())[:SHOWN]],
        "more": max(len(made.names) - SHOWN, 0),
        "may_undo": bool(doing and doing.back) and made.undone_at is None,
    }
    return render(request, "office/lists/done.html", said)


@require_POST
@estate
def undo(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Put every row back as it was before."""
    made, bulk, doing = made_by(person, id)
    if doing is None:
        raise Forbidden("Your role does not let you take that back any more.")
    take_back(bulk, doing, made, person=person, at=timezone.now())
    messages.success(request, "Taken back. Everything is as it was before.")
    return HttpResponseRedirect(f"/change/done/{made.pk}/")
