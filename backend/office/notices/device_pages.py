"""Switching a phone or browser on and off to be told things: from the account's page, and from the field app on the phone."""

import uuid
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.problems import NotFound, Problem
from backend.core.sealing import public_push_key
from backend.office.models import PushDevice
from backend.office.notices import devices, pushing
from backend.office.views.gate import signed_in
from backend.trust.models import Person

BACK = "/account/notices/"


class DeviceForm(forms.Form):
    """What a browser gives of itself when it is switched on."""

    endpoint = forms.CharField(max_length=devices.LONGEST)
    key = forms.CharField(max_length=100)
    secret = forms.CharField(max_length=30)


@dataclass(frozen=True, slots=True)
class PushHere:
    """One's devices; the installation's public key ("" when messages are switched off here); the device of this session."""

    devices: list[PushDevice]
    key: str
    here: uuid.UUID | None


def push_of(request: HttpRequest, person: Person) -> PushHere:
    """What stands with somebody's devices. One query."""
    mine = list(PushDevice.objects.filter(person=person))
    here = next((each.pk for each in mine if each.session_id == request.session.session_key), None)
    try:
        key = public_push_key() if settings.PUSH_ON else ""
    except Problem:  # the operator is told by `doctor`; the page of wishes must open all the same
        key = ""
    return PushHere(mine, key, here)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def device(request: HttpRequest, person: Person) -> HttpResponse:
    """For the browser's own script: the key to subscribe with and whether it is on here; a post switches it on, or `off`."""
    if request.method == "POST" and request.POST.get("off"):
        devices.forget_here(person=person, session=request.session.session_key or "")
    elif request.method == "POST":
        form = DeviceForm(request.POST)
        if not form.is_valid():
            raise Problem("device", "This browser gave no address to be told at. Load the page again and switch it on once more.")
        devices.switch_on(person=person, session=request.session.session_key or "", **form.cleaned_data)
    found = push_of(request, person)
    return JsonResponse({"key": found.key, "on": found.here is not None}, status=201 if request.method == "POST" else 200)


def own(person: Person, id: uuid.UUID) -> PushDevice:
    """One's own device, or NotFound."""
    row = PushDevice.objects.filter(person=person, pk=id).first()
    if row is None:
        raise NotFound("That device")
    return row


@require_POST
@signed_in
def off(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Tell nothing more on a device."""
    row = own(person, id)
    devices.switch_off(person=person, device=row)
    messages.success(request, f"Nothing more is told on {row.name}.")
    return HttpResponseRedirect(BACK)


@require_POST
@signed_in
def trial(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Say a trial on a device."""
    row = own(person, id)
    try:
        pushing.try_out(row)
    except Problem as problem:
        messages.warning(request, problem.detail)
    else:
        messages.success(request, f"A trial is on its way to {row.name}.")
    return HttpResponseRedirect(BACK)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that shows a line; it keeps nothing and sees no page. Asked for anew each time it is looked for."""
    answer = render(request, "office/notices/worker.js", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"
    return answer
