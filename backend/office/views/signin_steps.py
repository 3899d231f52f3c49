"""The second step of signing in, showing again that it is still you, and going to a provider and back."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.problems import NotFound
from backend.office.forms.account import CodeForm, ConfirmForm
from backend.office.views.gate import signed_in
from backend.office.views.signin import safe_next
from backend.trust import factors
from backend.trust.models import Person
from backend.trust.passwords import is_right
from backend.trust.second_step import HALF_WAY, count_code, finish, half_way
from backend.trust.sessions import CONFIRMED
from backend.trust.signin import count_try
from backend.trust.tries import TooManyTries

WRONG_CODE = "That code is not right, or was used already. Wait for the next one."
WRONG_PASSKEY = "The passkey was not taken. Try again, or type a code."


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The page after the password: a code of the app, a recovery code, or a passkey."""
    there = half_way(request)
    if there is None:
        request.session.pop(HALF_WAY, None)
        return HttpResponseRedirect(settings.LOGIN_URL)
    form = CodeForm(request.POST or None)
    good, wait = tried(form, lambda: proved(request, there.person, form)) if request.method == "POST" else (False, 0)
    if good:
        return finish(request, there)
    if all(each.type == factors.Kind.WEBAUTHN for each in factors.factors_of(there.person)):
        form.fields["code"].help_text = "One of your recovery codes, if your passkey is not at hand."
    said = {"form": form, "question": passkey_question(there.person), "next": there.onward}
    return asked_again(request, "office/second_step.html", said, wait)


def tried(form: Form, ask: Callable[[], bool]) -> tuple[bool, int]:
    """What `ask` finds; and after too many tries the seconds to wait, with the words on the form."""
    try:
        return ask(), 0
    except TooManyTries as refused:
        form.add_error(None, str(refused.detail))
        return False, int(refused.wait) + 1


def asked_again(request: HttpRequest, template: str, said: Mapping[str, Any], wait: int) -> HttpResponse:
    """The page with its form: 429 and when to come back after too many tries, 422 when something is wrong."""
    answer = render(request, template, dict(said), status=429 if wait else 422 if said["form"].errors else 200)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def proved(request: HttpRequest, person: Person, form: CodeForm) -> bool:
    """Whether what was sent, a passkey's answer or a code, is the person's; the reason stands on the form when it is not.

    Raises TooManyTries.
    """
    count_code(request, person)
    if answer := request.POST.get("answer"):
        if passkey_answer(person, answer):
            return True
        form.errors.clear()
        form.add_error(None, WRONG_PASSKEY)
        return False
    if not form.is_valid():
        return False
    if factors.code_is_right(person, form.cleaned_data["code"]):
        return True
    form.add_error("code", WRONG_CODE)
    return False


def passkey_answer(person: Person, answer: str) -> bool:
    """Whether a browser's answer, as JSON, is right."""
    try:
        return factors.passkey_is_right(person, json.loads(answer[:20_000]))
    except (ValueError, RecursionError):
        return False


def passkey_question(person: Person) -> str:
    """What the browser is asked, as JSON; empty for who has no passkey."""
    if not any(each.type == factors.Kind.WEBAUTHN for each in factors.factors_of(person)):
        return ""
    return json.dumps(factors.passkey_question(person))


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def again(request: HttpRequest, person: Person) -> HttpResponse:
    """Show again that it is you, before something that changes how you get in."""
    onward = safe_next(request)
    form = ConfirmForm(request.POST or None, person=person)
    good, wait = tried(form, lambda: confirmed(request, person, form)) if request.method == "POST" else (False, 0)
    if good:
        request.session[CONFIRMED] = time.time()
        return HttpResponseRedirect(onward)
    way = bool(form.fields)
    question = passkey_question(person) if factors.is_set_up(person) else ""
    said = {"form": form, "next": onward, "way": way, "question": question}
    return asked_again(request, "office/sign_in_again.html", said, wait)


def confirmed(request: HttpRequest, person: Person, form: ConfirmForm) -> bool:
    """Whether the password, the code or the passkey is the person's. Raises TooManyTries."""
    if factors.is_set_up(person):
        return proved(request, person, form)
    if not form.is_valid() or "password" not in form.fields:
        return False
    count_try(request, person.email)
    if is_right(person, form.cleaned_data["password"]):
        return True
    form.add_error("password", "That is not your password.")
    return False


def known_provider(provider_id: str) -> None:
    """Raises NotFound for a provider that is not configured."""
    if not any(each["provider_id"] == provider_id for each in settings.SINGLE_SIGN_ON):
        raise NotFound("That way of signing in")


@never_cache
@require_safe
def single(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to a provider to sign in there."""
    known_provider(provider_id)
    from allauth.socialaccount.providers.openid_connect import views

    return passed_on(request, views.login, provider_id)


@never_cache
@require_safe
def single_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Come back from a provider: signed in, or turned away (backend.trust.single)."""
    known_provider(provider_id)
    from allauth.socialaccount.providers.openid_connect import views

    return passed_on(request, views.callback, provider_id)


def passed_on(request: HttpRequest, view: Any, provider_id: str) -> HttpResponseBase:
    """What allauth's view answers; when the provider cannot be reached, back to the sign-in page."""
    import requests

    try:
        answer: HttpResponseBase = view(request, provider_id)
    except (requests.RequestException, ValueError, KeyError):
        return HttpResponseRedirect("/sign-in/?single=refused")
    return answer
