"""Signing in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import Throttled

from backend.core.days import today
from backend.office.forms.signin import SignInForm
from backend.office.views.gate import person_of
from backend.trust.models import Appointment, Person, Trust
from backend.trust.second_step import go_on
from backend.trust.signin import count_try

DEMO_FIRST = (
    "caretaker@oakfield.demo", "site.manager@oakfield.demo", "sbm@oakfield.demo", "head@oakfield.demo", "estates@trust.demo",
    "cfo@trust.demo", "trustee@trust.demo", "governor@oakfield.demo", "auditor@external.demo", "teacher@oakfield.demo",
    "caretaker@riverside.demo",
)  # fmt: skip
"""The accounts to begin with, of those that the demonstration has."""
DEMO_PASSWORD = "siteward-demo"  # noqa: S105  printed in the contract, for an invented trust only


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. Goes on to `next` when that lies within Siteward, by way of the second step where there is one."""
    onward = safe_next(request)
    if person_of(request) and request.method != "POST":
        return HttpResponseRedirect(onward)
    if not settings.DEMO and request.method != "POST" and not Trust.objects.exists():
        return HttpResponseRedirect("/set-up/")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = tried(request, form)
        if person is not None:
            return go_on(request, person, onward)
    said: dict[str, Any] = {
        "form": form,
        "next": onward,
        "providers": settings.SINGLE_SIGN_ON,
        "refused": request.GET.get("single") == "refused" and not form.is_bound,
        "mail": settings.MAIL_IS_SET_UP,
        **demo_accounts(),
        "demo_password": DEMO_PASSWORD,
    }
    return render(request, "office/sign_in.html", said, status=422 if form.errors else 200)


def tried(request: HttpRequest, form: SignInForm) -> Person | None:
    """Count the try and look at the password: the person, or None with the reason on the form."""
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    try:
        count_try(request, email)
    except Throttled as refused:
        form.add_error(None, str(refused.detail))
        return None
    person = authenticate(request, email=email, password=password)
    if isinstance(person, Person):
        return person
    form.add_error(None, "That e-mail address and password do not go together. Check both and try again.")
    return None


@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out (POST only: a link in a message must not do it)."""
    if request.method == "POST":
        logout(request)
        return HttpResponseRedirect(settings.LOGIN_URL)
    return HttpResponseRedirect("/")


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: the page asked for when it is ours, else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith("/") else settings.LOGIN_REDIRECT_URL


def demo_accounts() -> dict[str, list[dict[str, str]]]:
    """The accounts of the demonstration (`accounts` to begin with, and `more`), only in demo mode: e-mail, role and place."""
    found: dict[str, dict[str, str]] = {}
    if settings.DEMO:
        rows = Appointment.objects.in_force(today()).filter(person__email__endswith=".demo", person__is_active=True)
        for each in rows.select_related("person", "school", "site").order_by("person__email"):
            email, place = each.person.email, str(each.site or each.school or "the whole trust")
            said = found.setdefault(email, {"email": email, "role": each.get_role_display(), "place": place})
            if place not in said["place"]:
                said["place"] += f", {place}"
    first = [found[email] for email in DEMO_FIRST if email in found]
    return {"accounts": first, "more_accounts": [each for each in found.values() if each not in first]}
