"""Rolls of labels to be put up later, and what was printed: by whom, when, and again."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.assets.actions import keep_run, make_roll
from backend.assets.labels import MOST_LABELS, Label
from backend.assets.models import LabelRun, Tag
from backend.core.problems import Problem
from backend.office.labels.forms import LabelForm, RollForm
from backend.office.labels.paper import IN_FULL, Wanted, enough, of_tag, printed, prints, remember, shown
from backend.office.views.lists import page_of
from backend.trust import permits
from backend.trust.models import Person

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@prints
def roll(request: HttpRequest, person: Person) -> HttpResponse:
    """Labels that are on nothing yet. POST: made and kept, then led to where the PDF is; or how they will look."""
    form = RollForm(request.POST if request.method == "POST" else None, person=person)
    sheet = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        stock = form.stocks[said["stock"]]
        if "preview" in request.POST:
            blank = Wanted(said["site"]).label(said)
            sheet = shown([Label("", blank.name, blank.site)] * said["count"], stock, said["first"] - 1)
        else:
            run = make_roll(site=said["site"], count=said["count"], stock=stock.name, person=person)
            remember(person, said)
            return HttpResponseRedirect(f"/labels/printed/{run.pk}/?first={said['first']}")
    said_there = {"form": form, "stocks": form.stocks.values(), "sheet": sheet}
    return render(request, "office/labels/roll.html", said_there, status=422 if form.errors else 200)


@require_safe
@prints
def printed_list(request: HttpRequest, person: Person) -> HttpResponse:
    """What was printed, newest first."""
    runs = LabelRun.objects.visible_to(person, permits.LABEL_PRINT).select_related("site__school", "printed_by")
    return render(request, "office/labels/printed.html", {"page": page_of(request, runs.order_by("-printed_at", "-pk"))})


@require_http_methods(["GET", "HEAD", "POST"])
@prints
def run_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One printing: its labels and what each is on now. POST: the PDF again, of all or of those ticked."""
    rows = LabelRun.objects.select_related("site__school", "printed_by")
    run = rows.visible_to(person, permits.LABEL_PRINT).get_visible(person, pk=id)
    tags = Tag.objects.filter(pk__in=run.codes)
    known = {
        tag.pk: tag for tag in tags.visible_to(person, permits.LABEL_PRINT).select_related(*IN_FULL, "retirement__replaced_by")
    }
    form = LabelForm(request.POST if request.method == "POST" else None, person=person)
    sheet, wrong = None, ""
    if request.method == "POST" and form.is_valid():
        picked = set(request.POST.getlist("code")) or set(run.codes)
        found = [of_tag(known[code]) for code in run.codes if code in picked and code in known and not known[code].retired_at]
        try:
            sheet = again(person, form, run, [each for each in found if each], preview="preview" in request.POST)
        except Problem as problem:
            wrong = problem.detail
        if isinstance(sheet, HttpResponse):
            return sheet
    said = {
        "run": run,
        "labels": [{"code": code, "tag": known.get(code)} for code in run.codes[:SHOWN]],
        "more": max(len(run.codes) - SHOWN, 0),
        "in_use": sum(1 for tag in known.values() if not tag.retired_at and tag.thing),
        "form": form,
        "stocks": form.stocks.values(),
        "sheet": sheet,
        "wrong": wrong,
    }
    return render(request, "office/labels/run.html", said, status=422 if wrong or form.errors else 200)


def again(person: Person, form: LabelForm, run: LabelRun, wanted: list[Wanted], *, preview: bool) -> object:
    """The labels of a printing once more: the PDF, kept as printed again; or how it will look. Raises Problem."""
    enough(len(wanted))
    said = form.cleaned_data
    stock = form.stocks[said["stock"]]
    if preview:
        return shown([each.label(said) for each in wanted[:MOST_LABELS]], stock, said["first"] - 1)
    answer = printed(person, wanted, stock, said)
    keep_run(person=person, codes={run.site: [each.code for each in wanted]}, kind=LabelRun.Kind.AGAIN, stock=stock.name)
    remember(person, said)
    return answer
