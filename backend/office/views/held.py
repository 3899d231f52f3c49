"""What phones sent and the server kept for the office to look at: the list, each item word for word, and settling it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, NotFound, Problem
from backend.office.queries.held import about_each, authors_of, told, why, word_for_word
from backend.office.queries.photos import sealed_for
from backend.office.views.gate import estate
from backend.office.views.lists import page_of
from backend.sync.models import KeptAside, Op
from backend.sync.queries import doubtful_for, held_for, kept_aside_for, lost_work, unsent_for, without_photos
from backend.sync.settle import Take, settle_kept, settle_op, ways
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

WAYS = {
    Take.AS_SENT: "Take it in after all",
    Take.EXTRA: "Keep it as an extra check",
    Take.AS_PLANNED: "It was done on the planned one",
}
"""What the buttons say."""
SHOWN = 50


def require_office(person: Person) -> None:
    """Refuse those who settle nothing anywhere."""
    if reach(person, permits.OFFICE_SETTLE).nowhere():
        raise Forbidden("Your role does not let you settle what was held for the office. Ask your site manager.")


@require_safe
@estate
def held_list(request: HttpRequest, person: Person) -> HttpResponse:
    """What is held, oldest first; what was taken with a doubt; what was kept aside; and phones that lost work."""
    require_office(person)
    page = page_of(request, held_for(person).select_related("site__school"))
    doubtful = list(doubtful_for(person).select_related("site__school").order_by("received_at")[: SHOWN + 1])
    kept = list(kept_aside_for(person)[: SHOWN + 1])
    names = authors_of([*page, *doubtful, *kept])
    about = about_each([*page, *doubtful], person)
    said = {
        "page": page,
        "ops": with_authors(page, names, about),
        "doubtful": with_authors(doubtful[:SHOWN], names, about),
        "more_doubtful": len(doubtful) > SHOWN,
        "kept": with_authors(kept[:SHOWN], names, {}),
        "more_kept": len(kept) > SHOWN,
        "losses": lost_work(person)[:20],
        "unsent": unsent_for(person, timezone.now()),
        "without_photos": without_photos(person, timezone.now(), most=SHOWN),
        "sealed": sealed_for(person),
    }
    return render(request, "office/held.html", said)


def with_authors(rows: Any, names: dict[str, str], about: dict[Any, str]) -> list[dict[str, Any]]:
    """Each row with its author's name and what it is about."""
    return [
        {"item": each, "author": names.get(each.author_id, ""), "why": why(each), "about": about.get(each.pk, "")}
        for each in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def held_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One operation: why it is held, from whom, everything that was sent. POST settles it, with a reason."""
    require_office(person)
    op = Op.objects.for_office(person).select_related("site__school", "pusher", "settled_by").filter(pk=id).first()
    if op is None or (op.outcome == Op.Outcome.APPLIED and not op.doubt):
        raise NotFound("That item")
    return item_page(request, person, op, subject=f"op:{op.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def kept_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Something that could not become an operation. POST says that somebody has looked at it."""
    require_office(person)
    kept = kept_aside_for(person).select_related("pusher", "settled_by").filter(pk=id).first()
    if kept is None:
        raise NotFound("That item")
    return item_page(request, person, kept, subject=f"kept:{kept.pk}")


def item_page(request: HttpRequest, person: Person, item: Op | KeptAside, *, subject: str) -> HttpResponse:
    """The page of one item; what was typed stays when it could not be settled so."""
    typed, wrong = request.POST.get("reason", "").replace("\x00", "")[:500], ""
    if request.method == "POST":
        try:
            settle(person, item, what=request.POST.get("what", ""), reason=typed)
            messages.success(request, "Settled. It is kept with your reason.")
            return HttpResponseRedirect("/held/")
        except Problem as problem:
            if problem.status == 404:
                raise
            wrong = problem.detail
    said = {
        "item": item,
        "why": why(item),
        "author": authors_of([item]).get(item.author_id, ""),
        "entry": AuditEntry.objects.filter(subject=subject).order_by("number").first(),
        "sent": word_for_word(item.sent),
        "told": told(item, person) if isinstance(item, Op) else None,
        "ways": [(each.value, WAYS[each]) for each in ways(item)] if isinstance(item, Op) else [],
        "waits": isinstance(item, Op) and item.code == "waiting",
        "typed": typed,
        "wrong": wrong,
    }
    return render(request, "office/held_one.html", said, status=422 if wrong else 200)


def settle(person: Person, item: Op | KeptAside, *, what: str, reason: str) -> None:
    """Settle one item of either kind: taken in, in one of the ways, or (anything else) put aside. Raises Problem."""
    if isinstance(item, Op):
        apply = what in set(Take)
        settle_op(op=item, person=person, apply=apply, reason=reason, take=Take(what) if apply else Take.AS_SENT)
    else:
        settle_kept(kept=item, person=person, reason=reason)
