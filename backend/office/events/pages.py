"""Webhooks: the list, making one, its page with what was sent, and what is done with it."""

import uuid
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core.problems import NotFound, Problem
from backend.office.events import deeds
from backend.office.events.delivering import events_in
from backend.office.events.feed import Event
from backend.office.events.forms import WebhookForm
from backend.office.events.kinds import KINDS
from backend.office.models import Delivery, Webhook
from backend.office.views.gate import Given, Page, View, confirm_first, signed_in
from backend.office.views.lists import page_of
from backend.trust import letters
from backend.trust.models import Person, Site

DONE: Final = {
    "pause": "Paused. What happens meanwhile is sent once it goes on.",
    "resume": "It goes on from where it stopped.",
    "resume-now": "It goes on from now. What happened meanwhile is left out.",
    "test": "A test is on its way. This page shows how it ended.",
    "remove": "Removed. It is sent nothing any more.",
}
WITH_PAGES: Final = frozenset(
    {"records", "plans", "defects", "work-orders", "certificates", "documents", "assets", "contractors", "schools", "sites"}
    | {"buildings"}
)


def follows(page: Page[Given]) -> View[Given]:
    """A page about other systems: refused to who does not follow the whole trust."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        deeds.may(person)
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return signed_in(asked)


def confirmed(page: Page[Given]) -> View[Given]:
    """The same, for what lets data out: whoever signed in more than half an hour ago shows first that it is them."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        again = confirm_first(request)
        if again is None:
            return page(request, person, *args, **kwargs)
        back = request.path.removesuffix("secret/")  # a form that was sent is shown anew
        return HttpResponseRedirect(f"/sign-in/again/?{urlencode({'next': back})}")

    update_wrapper(asked, page)
    return follows(asked)


@require_safe
@follows
def webhooks(request: HttpRequest, _person: Person) -> HttpResponse:
    """The systems that are told, and the way for those that ask."""
    taken = Max("deliveries__tried_at", filter=Q(deliveries__state=Delivery.State.TAKEN))
    rows = Webhook.objects.exclude(state=Webhook.State.REMOVED).annotate(last_taken=taken).order_by("name")
    said = {"rows": list(rows), "kinds": KINDS, "address": letters.address(request).rstrip("/")}
    return render(request, "office/events/webhooks.html", said)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def new_webhook(request: HttpRequest, person: Person) -> HttpResponse:
    """Let another system follow. Its secret is shown once."""
    form = WebhookForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            webhook, secret = deeds.make_webhook(person=person, **typed(form))
            return shown(request, webhook, secret=secret)
        except Problem as problem:
            said_at(form, problem)
    return render(request, "office/events/new.html", {"form": form}, status=422 if form.is_bound else 200)


def typed(form: WebhookForm) -> dict[str, Any]:
    """What was typed, as the deeds take it."""
    return {**form.cleaned_data, "sites": [each.pk for each in form.cleaned_data["sites"]]}


def said_at(form: WebhookForm, problem: Problem) -> None:
    """Say a refusal at the fields that it is about. Raises it where it is about the asker."""
    if problem.status in (403, 404):
        raise problem
    for name, words in (problem.fields or {"": problem.detail}).items():
        form.add_error(name if name in form.fields else None, words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def change_webhook(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Change where it is sent, of what and of which sites."""
    webhook = webhook_of(id)
    form = WebhookForm(request.POST if request.method == "POST" else None, person=person, webhook=webhook)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.change_webhook(webhook=webhook, person=person, **typed(form))
            messages.success(request, "Changed. What waits and what comes is sent so from now on.")
            return HttpResponseRedirect(f"/events/{webhook.pk}/")
        except Problem as problem:
            said_at(form, problem)
    said = {"form": form, "webhook": webhook}
    return render(request, "office/events/new.html", said, status=422 if form.is_bound else 200)


def webhook_of(id: uuid.UUID) -> Webhook:
    """The webhook, or NotFound."""
    found = Webhook.objects.exclude(state=Webhook.State.REMOVED).select_related("made_by").filter(pk=id).first()
    if found is None:
        raise NotFound("That webhook")
    return found


@never_cache
@require_safe
@follows
def webhook_page(request: HttpRequest, _person: Person, id: uuid.UUID) -> HttpResponse:
    """A webhook and what it was sent."""
    webhook = webhook_of(id)
    return shown(request, webhook, opened=opened(request, webhook))


def opened(request: HttpRequest, webhook: Webhook) -> Delivery | None:
    """The delivery that the address asks to look into. Raises NotFound for one that there is not."""
    asked = request.GET.get("delivery")
    if not asked:
        return None
    try:
        return webhook.deliveries.get(pk=uuid.UUID(asked))
    except (ValueError, Delivery.DoesNotExist):
        raise NotFound("That delivery") from None


def page_about(event: Event) -> str:
    """The address of the page about what an event tells of; "" for what has none of its own."""
    name = "problems" if event.resource == "defects" else event.resource
    return f"/{name}/{event.key}/" if event.resource in WITH_PAGES else ""


def shown(request: HttpRequest, webhook: Webhook, *, secret: str = "", opened: Delivery | None = None) -> HttpResponse:
    """The page of a webhook. While something asked for by hand waits, it looks again by itself."""
    page = page_of(request, webhook.deliveries.order_by("-made_at", "-pk"))
    sites = Site.objects.filter(pk__in=webhook.sites).select_related("school").order_by("school__name", "name")
    said = {
        "webhook": webhook,
        "secret": secret,
        "page": page,
        "kinds": [KINDS[each] for each in webhook.kinds if each in KINDS],
        "sites": list(sites),
        "opened": opened,
        "inside": [(each.entry.at, KINDS[each.kind], page_about(each)) for each in events_in(webhook, opened)] if opened else [],
        "late": webhook.deliveries.filter(sort="events", state="waiting").first(),
    }
    answer = render(request, "office/events/webhook.html", said)
    soon = any(each.state == "waiting" and each.sort != "events" for each in page)
    if soon and not secret:
        answer["Refresh"] = "3"
    return answer


@never_cache
@require_POST
@confirmed
def new_secret(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Give it a new secret, shown once."""
    webhook = webhook_of(id)
    secret = deeds.renew(webhook=webhook, person=person)
    return shown(request, webhook_of(id), secret=secret)


DEEDS: Final[dict[str, Callable[[Webhook, Person], Any]]] = {
    "pause": lambda webhook, person: deeds.pause(webhook=webhook, person=person),
    "resume": lambda webhook, person: deeds.resume(webhook=webhook, person=person),
    "resume-now": lambda webhook, person: deeds.resume(webhook=webhook, person=person, from_now=True),
    "test": lambda webhook, person: deeds.test(webhook=webhook, person=person),
    "remove": lambda webhook, person: deeds.remove(webhook=webhook, person=person),
}


@require_POST
@follows
def do(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Pause it, let it go on, test it, remove it."""
    webhook, act = webhook_of(id), request.POST.get("act", "")
    if act not in DEEDS:
        raise Problem("invalid", "Choose what is to be done.", fields={"act": f"One of: {', '.join(DEEDS)}."})
    DEEDS[act](webhook, person)
    messages.success(request, DONE[act])
    return HttpResponseRedirect("/events/" if act == "remove" else f"/events/{webhook.pk}/")


@require_POST
@follows
def again(request: HttpRequest, person: Person, id: uuid.UUID, delivery: uuid.UUID) -> HttpResponse:
    """Send once more what a delivery told."""
    webhook = webhook_of(id)
    row = Delivery.objects.select_related("webhook").filter(webhook=webhook, pk=delivery).first()
    if row is None:
        raise NotFound("That delivery")
    deeds.send_again(delivery=row, person=person)
    messages.success(request, "It is sent again.")
    return HttpResponseRedirect(f"/events/{webhook.pk}/")
