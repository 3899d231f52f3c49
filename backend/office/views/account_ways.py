"""The ways to a first or a new password: forgotten, the letter's link, and an invitation."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import Throttled

from backend.core.days import today
from backend.core.problems import Problem
from backend.office.forms.account import AcceptForm, ForgottenForm, NewPasswordForm
from backend.office.views.forms_said import put_on
from backend.trust import tries
from backend.trust.actions.accounts import may_reset, reset_password, who_resets
from backend.trust.actions.invitations import accept, named_by
from backend.trust.letters import address, later
from backend.trust.models import Person
from backend.trust.second_step import go_on
from backend.trust.signin import account_of, address_of

LINKS_A_MINUTE = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a letter with which to set a new password. What is said does not depend on whether the address is known."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        asked = {f"reset:{account_of(email)}": 4, f"reset-from:{address_of(request)}": 20}
        try:
            tries.count(asked, doing="to set a new password", seconds=tries.HOUR)
        except Throttled as refused:
            form.add_error(None, str(refused.detail))
        else:
            person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
            if person and may_reset(person):
                later("send_reset", str(person.pk), address(request))
            return render(request, "office/forgotten_sent.html", {"email": email})
    said = {"form": form, "mail": settings.MAIL_IS_SET_UP}
    return render(request, "office/forgotten.html", said, status=422 if form.errors else 200)


def count_link(request: HttpRequest) -> None:
    """Count that somebody opened a link with a secret in it. Raises Throttled after 20 in a minute."""
    tries.count({f"link-from:{address_of(request)}": LINKS_A_MINUTE}, doing="with links")


@sensitive_post_parameters("new")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, link: str) -> HttpResponse:
    """Set a new password by the link of a letter, and be signed in."""
    count_link(request)
    person = who_resets(link)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = reset_password(link=link, new=form.cleaned_data["new"])
        except Problem as problem:
            put_on(form, problem)
        else:
            messages.success(request, "Your new password is kept.")
            return go_on(request, person, "/")
    return render(request, "office/reset.html", {"form": form, "email": person.email}, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, text: str) -> HttpResponse:
    """Accept an invitation: say one's name, choose a password, and be signed in, once the role has begun."""
    count_link(request)
    found = named_by(text)
    form = AcceptForm(request.POST or None, initial={"name": found.person.name})
    if request.method == "POST" and form.is_valid():
        try:
            person = accept(text=text, **form.cleaned_data)
        except Problem as problem:
            put_on(form, problem)
        else:
            if person.has_access(today()):
                return go_on(request, person, "/")
            return render(request, "office/invitation_early.html", {"held": found.appointment})
    said = {"form": form, "invitation": found, "held": found.appointment, "providers": settings.SINGLE_SIGN_ON}
    return render(request, "office/invitation.html", said, status=422 if form.errors else 200)
