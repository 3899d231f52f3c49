"""Changing floor plans: add one, give it a newer picture, take it away; put things on it, move them, take them off."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from backend.assets import actions
from backend.assets.models import Drawing, Pin
from backend.core.models import StoredFile
from backend.core.papers import PDF
from backend.core.pictures import PICTURES
from backend.core.problems import Forbidden, Problem
from backend.office.contractors.pages import Asked, files, form_page, hold, sent, taken_or_held
from backend.office.maps.picture_forms import DrawingChangeForm, DrawingForm, PinForm, PlaceOnPlan
from backend.office.maps.picture_views import drawing_of, pin_of
from backend.office.maps.pictured import Ground, make_room, numbered
from backend.office.setting_up.gate import site_of
from backend.office.views.forms_said import put_on
from backend.office.views.gate import estate
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may, require

PLANS, PINS = "change floor plans", "put things on floor plans"


def trail_of(drawing: Drawing) -> list[tuple[str, str]]:
    """The way to a plan."""
    site = drawing.site
    found = [(str(site), f"/sites/{site.pk}/"), ("Plan", f"/sites/{site.pk}/plan/")]
    return [*found, (str(drawing), f"/floor-plans/{drawing.pk}/")]


def picture_of(person: Person, said: dict[str, Any]) -> StoredFile | None:
    """The picture that a form sent, if it sent one. A PDF goes on as far as where it is told what to do with it."""
    file = said["file"]
    paper = bool(file) and file.read(5) == b"%PDF-"
    if file:
        file.seek(0)
    return taken_or_held(person, file, said["held"], kinds={*PICTURES, PDF} if paper else PICTURES)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def plan_add(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Add a floor plan to a site."""
    site = site_of(person, id)
    require(person, permits.SITE_CHANGE, site, PLANS)
    form = DrawingForm(sent(request), files(request), person=person, site=site)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        file = picture_of(person, said)
        if file is None:
            raise Problem("file_missing", "Choose the picture.", fields={"file": "Choose the picture."})
        hold(form, file)
        made = actions.add_drawing(person=person, site=site, building=said["building"], name=said["name"], file=file)
        messages.success(request, f"{made} is added. Now put on it what people look for.")
        return HttpResponseRedirect(f"/floor-plans/{made.pk}/")

    lead = f"For {site}. It is a picture; assets, valves and hazards are put on it afterwards."
    trail = [(str(site), f"/sites/{site.pk}/"), ("Plan", f"/sites/{site.pk}/plan/")]
    return form_page(request, form, Asked("Add a floor plan", lead, "Add it", trail), act)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def plan_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Rename a plan, move it among the others, or give it a newer picture."""
    drawing = drawing_of(person, id)
    require(person, permits.SITE_CHANGE, drawing.site, PLANS)
    title, trail = str(drawing), trail_of(drawing)
    form = DrawingChangeForm(sent(request), files(request), initial={"name": drawing.name, "rank": drawing.rank})

    def act(said: dict[str, Any]) -> HttpResponseBase:
        file = picture_of(person, said)
        if file is not None:
            hold(form, file)
        actions.change_drawing(drawing, person=person, name=said["name"], rank=said["rank"], file=file)
        messages.success(request, "Changed. The pins stand where they stood." if file else "Changed.")
        return HttpResponseRedirect(f"/floor-plans/{drawing.pk}/")

    return form_page(
        request, form, Asked(f"Change {title}", "The picture that it has stays, as an earlier one.", "Save", trail), act
    )


@require_POST
@estate
def plan_remove(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Take a plan away; the site's page of plans brings it back."""
    drawing = drawing_of(person, id, removed=True)
    actions.remove_drawing(drawing, person=person)
    messages.success(request, f"{drawing} is taken away, with what is on it. “Bring back” below undoes it.")
    return HttpResponseRedirect(f"/sites/{drawing.site_id}/plan/#taken-away")


@require_POST
@estate
def plan_restore(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Bring a plan back."""
    drawing = drawing_of(person, id, removed=True)
    actions.restore_drawing(drawing, person=person)
    messages.success(request, f"{drawing} is back, with what was on it.")
    return HttpResponseRedirect(f"/floor-plans/{drawing.pk}/")


@require_POST
@estate
def plan_version(request: HttpRequest, person: Person, id: uuid.UUID, number: int) -> HttpResponse:
    """Show an earlier picture of a plan again, or a later one."""
    drawing = drawing_of(person, id)
    actions.show_version(drawing, number=number, person=person)
    messages.success(request, f"Picture {number} is shown.")
    return HttpResponseRedirect(f"/floor-plans/{drawing.pk}/")


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def pin_add(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Put something on a plan: what it is, and where."""
    drawing = drawing_of(person, id)
    require(person, permits.ASSET_CHANGE, drawing.site, PINS)
    form = PinForm(sent(request), initial={"what": request.GET.get("what", "")}, person=person, drawing=drawing)
    if request.method == "POST" and form.is_valid():
        x, y = form.at
        try:
            pin = actions.put_pin(drawing, person=person, x=x, y=y, note=form.cleaned_data["note"], **form.named)
        except (Forbidden, PermissionError):
            raise
        except Problem as problem:
            put_on(form, problem)
        else:
            messages.success(request, f"{pin} is on the plan.")
            return HttpResponseRedirect(f"/floor-plans/{drawing.pk}/" + ("pins/add/" if "again" in request.POST else ""))
    return placing(request, person, drawing, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def pin_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """A pin: moved, and said how to find or work what is there. To others its plan is shown, with it in the middle."""
    pin = pin_of(person, id)
    percent = {"x": round(pin.x * 100, 2), "y": round(pin.y * 100, 2)}
    if request.method != "POST" and not may_place(person, pin):
        return HttpResponseRedirect(f"/floor-plans/{pin.drawing_id}/?" + urlencode({"zoom": 2, **percent}))
    require(person, permits.ASSET_CHANGE, pin.drawing.site, PINS)
    form = PlaceOnPlan(sent(request), initial={**percent, "note": pin.note})
    if request.method == "POST" and form.is_valid():
        x, y = form.at
        try:
            actions.move_pin(pin, person=person, x=x, y=y, note=form.cleaned_data["note"])
        except (Forbidden, PermissionError):
            raise
        except Problem as problem:
            put_on(form, problem)
        else:
            messages.success(request, f"{pin}: saved.")
            return HttpResponseRedirect(f"/floor-plans/{pin.drawing_id}/")
    return placing(request, person, pin.drawing, form, pin)


def may_place(person: Person, pin: Pin) -> bool:
    """Whether they may move it."""
    return may(person, permits.ASSET_CHANGE, pin.drawing.site)


def placing(request: HttpRequest, person: Person, drawing: Drawing, form: PlaceOnPlan, pin: Pin | None) -> HttpResponse:
    """The page on which a place is chosen: the plan with its squares, and the form."""
    ground = Ground.of(drawing)
    puts = numbered(Pin.objects.visible_to(person).standing().filter(drawing=drawing), ground)
    make_room(puts)
    said = {
        "drawing": drawing, "form": form, "pin": pin, "ground": ground,
        "others": [each for each in puts if pin is None or each.pin.pk != pin.pk],
        "title": f"Where {pin} is" if pin else f"Put something on {drawing}",
    }  # fmt: skip
    return render(request, "office/maps/placing.html", said, status=422 if form.errors else 200)


@require_POST
@estate
def pin_off(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Take a pin off; the plan's page puts it back."""
    pin = pin_of(person, id)
    actions.take_off_pin(pin, person=person)
    messages.success(request, f"{pin} is off the plan. “Put back” below undoes it.")
    return HttpResponseRedirect(f"/floor-plans/{pin.drawing_id}/?off=1#taken-off")


@require_POST
@estate
def pin_back(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Put a pin back."""
    pin = pin_of(person, id)
    actions.put_back_pin(pin, person=person)
    messages.success(request, f"{pin} is back on the plan.")
    return HttpResponseRedirect(f"/floor-plans/{pin.drawing_id}/")
