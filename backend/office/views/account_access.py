"""Where one is signed in: browsers, phones, and programs with an access token."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.problems import NotFound, Problem
from backend.office.forms.account import TokenForm
from backend.office.views.forms_said import put_on
from backend.office.views.gate import just_confirmed, signed_in
from backend.sync.queries import phones_of
from backend.sync.senders import revoke_device
from backend.trust import letters, tokens
from backend.trust.actions.accounts import end_session, end_sessions
from backend.trust.models import Person
from backend.trust.permits import NAMES
from backend.trust.sessions import sessions_of

LOST = "Taken out of use by its owner."


@never_cache
@require_safe
@signed_in
def sign_ins(request: HttpRequest, person: Person) -> HttpResponse:
    """The browsers and phones on which one is signed in."""
    sessions = sessions_of(person, request.session.session_key)
    said = {"sessions": sessions, "others": len(sessions) > 1, "phones": phones_of(person), "person": person}
    return render(request, "office/account_sign_ins.html", said)


@require_POST
@signed_in
def end_one(request: HttpRequest, person: Person, public: str) -> HttpResponse:
    """Sign one of one's browsers out."""
    end_session(person=person, public=public)
    messages.success(request, "Signed out there.")
    return HttpResponseRedirect("/account/sign-ins/")


@require_POST
@signed_in
def end_others(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign every other browser out."""
    ended = end_sessions(person=person, actor=person, besides=request.session.session_key)
    messages.success(request, f"Signed out in {ended} other places.")
    return HttpResponseRedirect("/account/sign-ins/")


@require_POST
@signed_in
def end_phone(request: HttpRequest, person: Person, id: str) -> HttpResponse:
    """Take one of one's own phones out of use."""
    device = phones_of(person).filter(pk=id, registered_by=person).first()
    if device is None:
        raise NotFound("That phone")
    revoke_device(device=device, person=person, reason=request.POST.get("reason", "").strip()[:300] or LOST)
    messages.success(request, "The phone is out of use. What it still sends is kept for the office to look at.")
    return HttpResponseRedirect("/account/sign-ins/")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@just_confirmed
def access_tokens(request: HttpRequest, person: Person) -> HttpResponse:
    """One's access tokens; making one. Its text is shown once."""
    form = TokenForm(request.POST or None, person=person)
    made, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made, _ = tokens.issue(person, **form.cleaned_data)
                letters.tell(person, "token_made")
                form, status = TokenForm(person=person), 200
            except Problem as problem:
                put_on(form, problem)
    found = person.tokens.filter(expires_at__gt=timezone.now()).order_by("expires_at")
    rows = [{"token": each, "may": [NAMES[permit] for permit in each.permits if permit in NAMES]} for each in found]
    return render(request, "office/account_tokens.html", {"form": form, "made": made, "rows": rows}, status=status)


@require_POST
@signed_in
def revoke_token(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """End an access token."""
    token = person.tokens.filter(pk=id).first()
    if token is None:
        raise NotFound("That token")
    tokens.revoke(token, person=person)
    messages.success(request, "The token works no more.")
    return HttpResponseRedirect("/account/tokens/")
