"""One's own account: name, password, e-mail address."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.exceptions import Throttled

from backend.core.days import today
from backend.core.problems import Problem
from backend.office.forms.account import EmailForm, NameForm, PasswordForm
from backend.office.views.forms_said import put_on
from backend.office.views.gate import confirm_first, just_confirmed, signed_in
from backend.trust import factors, letters, tries
from backend.trust.actions.accounts import change_name, change_password, confirm_email, new_email_link
from backend.trust.models import Person
from backend.trust.sessions import CONFIRMED
from backend.trust.signin import count_try


@never_cache
@require_safe
@signed_in
def account(request: HttpRequest, person: Person) -> HttpResponse:
    """Who one is here, and what can be changed."""
    return overview(request, person, NameForm(initial={"name": person.name}))


def overview(request: HttpRequest, person: Person, form: NameForm) -> HttpResponse:
    """The page of one's account."""
    said = {
        "form": form,
        "appointments": person.appointments.select_related("school", "site").order_by("-starts_on"),
        "today": today(),
        "codes_left": factors.codes_left(person) if factors.is_set_up(person) else 0,
    }
    return render(request, "office/account.html", said, status=422 if form.errors else 200)


@require_POST
@signed_in
def rename(request: HttpRequest, person: Person) -> HttpResponse:
    """Change one's name."""
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            change_name(person=person, name=form.cleaned_data["name"])
        except Problem as problem:
            put_on(form, problem)
        else:
            messages.success(request, "Your name is changed. Records that you signed keep the name as it was.")
            return HttpResponseRedirect("/account/")
    return overview(request, person, form)


@sensitive_post_parameters("old", "new")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Change one's password, or set a first one. Other browsers are signed out by it."""
    if not person.has_usable_password() and (first := confirm_first(request)):
        return first
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        old = form.cleaned_data.get("old", "")
        try:
            count_try(request, person.email)
            change_password(person=person, old=old, new=form.cleaned_data["new"])
        except Throttled as refused:
            form.add_error(None, str(refused.detail))
        except Problem as problem:
            put_on(form, problem)
        else:
            confirmed_at = request.session.get(CONFIRMED, 0)
            update_session_auth_hash(request, person)
            request.session[CONFIRMED] = confirmed_at
            messages.success(request, "Your password is changed. Other browsers were signed out.")
            return HttpResponseRedirect("/account/")
    return render(request, "office/account_password.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@just_confirmed
def email(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask for a letter to a new e-mail address. Nothing changes until its link is opened."""
    form = EmailForm(request.POST or None)
    said: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["email"]
        try:
            tries.count({f"new-email:{person.pk}": 5}, doing="to change the address", seconds=tries.HOUR)
        except Throttled as refused:
            form.add_error(None, str(refused.detail))
        else:
            said["sent_to"] = wanted
            if not Person.objects.filter(email__iexact=wanted).exists():
                link = letters.address(request) + new_email_link(person, wanted)
                letters.send(wanted, "new_email", person=person, link=link)
    return render(request, "office/account_email.html", said, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def email_confirm(request: HttpRequest, person: Person, link: str) -> HttpResponse:
    """Move the account to the address to which the letter went."""
    if request.method == "POST":
        confirm_email(person=person, link=link)
        messages.success(request, f"From now on you sign in as {person.email}.")
        return HttpResponseRedirect("/account/")
    return render(request, "office/account_email_confirm.html", {"link": link})
