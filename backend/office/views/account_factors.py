"""One's own second step: the app, passkeys, recovery codes."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.exceptions import Throttled

from backend.core.problems import Problem
from backend.office.forms.account import FirstCodeForm, PasskeyForm
from backend.office.views.forms_said import put_on
from backend.office.views.gate import just_confirmed, signed_in
from backend.trust import factors
from backend.trust.actions.factors import add_app, add_passkey, new_codes, passkey_offer, remove_factor
from backend.trust.models import Person
from backend.trust.second_step import count_code

SECRET = "factor_secret"  # noqa: S105  the session's key for it


@never_cache
@require_safe
@signed_in
def second_step(request: HttpRequest, person: Person) -> HttpResponse:
    """What one has, and what one may add."""
    found = factors.factors_of(person)
    said = {
        "apps": [each for each in found if each.type == factors.Kind.TOTP],
        "passkeys": [each for each in found if each.type == factors.Kind.WEBAUTHN],
        "codes_left": factors.codes_left(person),
        "asked": factors.asked_of(person),
        "last_day": factors.last_day_without(person),
        "overdue": factors.overdue(person),
    }
    return render(request, "office/account_second_step.html", said)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@just_confirmed
def app(request: HttpRequest, person: Person) -> HttpResponse:
    """Set up an authenticator app: scan the picture, type the first code."""
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    secret = request.session.setdefault(SECRET, generate_totp_secret())
    form = FirstCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        first = not factors.is_set_up(person)
        try:
            count_code(request, person)
            add_app(person=person, secret=secret, code=form.cleaned_data["code"])
        except Throttled as refused:
            form.add_error(None, str(refused.detail))
        except Problem as problem:
            put_on(form, problem)
        else:
            del request.session[SECRET]
            messages.success(request, "The app is set up. You are asked for its code when you sign in.")
            return shown_codes(request, person) if first else HttpResponseRedirect("/account/second-step/")
    adapter = factors.Adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(person, secret))
    picture = picture[picture.index("<svg") :]
    said = {"form": form, "picture": mark_safe(picture), "secret": secret}  # noqa: S308  drawn here, of our own text
    return render(request, "office/account_app.html", said, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@just_confirmed
def passkey(request: HttpRequest, person: Person) -> HttpResponse:
    """Make a passkey: the browser asks for the fingerprint, face, PIN or key."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        first = not factors.is_set_up(person)
        try:
            add_passkey(person=person, name=form.cleaned_data["name"], answer=form.cleaned_data["answer"])
        except Problem as problem:
            form.add_error(None, problem.detail)
        else:
            messages.success(request, "The passkey is set up. You are asked for it when you sign in.")
            return shown_codes(request, person) if first else HttpResponseRedirect("/account/second-step/")
    said = {"form": form, "question": json.dumps(passkey_offer(person))}
    return render(request, "office/account_passkey.html", said, status=422 if form.errors else 200)


@never_cache
@require_POST
@just_confirmed
def codes(request: HttpRequest, person: Person) -> HttpResponse:
    """Make new recovery codes; they are shown this once."""
    return shown_codes(request, person)


def shown_codes(request: HttpRequest, person: Person) -> HttpResponse:
    """Ten recovery codes, shown once."""
    said = [f"{each[:4]} {each[4:]}" for each in new_codes(person=person)]
    return render(request, "office/account_codes.html", {"codes": said})


@require_POST
@just_confirmed
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Remove an app or a passkey."""
    remove_factor(person=person, number=number, asked=factors.asked_of(person))
    messages.success(request, "Removed.")
    return HttpResponseRedirect("/account/second-step/")
