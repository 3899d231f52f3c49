"""How far somebody's printer is off, and the sheets that they measured themselves."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.assets.label_calibration import calibration_page
from backend.assets.models import LabelStock, PrintingHabit
from backend.core.problems import NotFound, Problem
from backend.office.labels.forms import OffsetForm, StockForm
from backend.office.labels.paper import habit_of, prints, stocks_of
from backend.trust.models import Person

MOST_SHEETS = 30


@require_http_methods(["GET", "HEAD", "POST"])
@prints
def printer(request: HttpRequest, person: Person) -> HttpResponse:
    """The test page to print, and the two lengths to measure on it."""
    form = OffsetForm(request.POST if request.method == "POST" else None, auto_id="offset-%s")
    if request.method == "POST" and form.is_valid():
        right, down = form.moved()
        PrintingHabit.objects.update_or_create(
            person=person, defaults={"move_right": right, "move_down": down}, create_defaults=fresh(right, down)
        )
        messages.success(request, "Saved. Your labels are moved by that much from now on.")
        return HttpResponseRedirect("/labels/printer/")
    said = {"form": form, "habit": habit_of(person), "stocks": stocks_of(person).values()}
    return render(request, "office/labels/printer.html", said, status=422 if form.errors else 200)


def fresh(right: object, down: object) -> dict[str, object]:
    """Somebody's habits when the offset is the first of them."""
    return {"move_right": right, "move_down": down, "says": ["name", "place"]}


@require_safe
@prints
def test_page(request: HttpRequest, person: Person) -> HttpResponse:
    """The test page of a sheet, never moved: it is what the moving is measured by."""
    stock = stocks_of(person).get(request.GET.get("stock", "a4-3x6"))
    if stock is None:
        raise NotFound("That sheet")
    answer = HttpResponse(calibration_page(stock), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="labels-test-page.pdf"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@prints
def sheets(request: HttpRequest, person: Person) -> HttpResponse:
    """The sheets that somebody measured, and a form for another."""
    own = LabelStock.objects.filter(person=person)
    form = StockForm(request.POST if request.method == "POST" else None, auto_id="sheet-%s")
    if request.method == "POST" and form.is_valid():
        if own.count() >= MOST_SHEETS:
            raise Problem("too_many", f"You keep {MOST_SHEETS} sheets already. Remove one that you no longer use.", status=409)
        if own.filter(name=form.cleaned_data["name"]).exists():
            form.add_error("name", "You have a sheet of that name already.")
        else:
            form.instance.person = person
            form.save()
            messages.success(request, f"Saved. “{form.instance.name}” is among the label stocks now.")
            return HttpResponseRedirect("/labels/sheets/")
    return render(request, "office/labels/sheets.html", {"form": form, "own": own}, status=422 if form.errors else 200)


@require_POST
@prints
def remove_sheet(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Forget one of one's own sheets."""
    number, _ = LabelStock.objects.filter(person=person, pk=id).delete()
    if not number:
        raise NotFound("That sheet")
    messages.success(request, "Removed.")
    return HttpResponseRedirect("/labels/sheets/")
