"""The feed of events: what happened since a place, page by page."""

import uuid
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core import audit
from backend.core.api.paging import positive
from backend.core.api.resources import Address
from backend.core.problems import Forbidden, NotFound, Problem
from backend.office.events import cursors
from backend.office.events.feed import MOST, USUAL, Wanted, found_next
from backend.office.events.kinds import CHOICES, KINDS, TOLD
from backend.trust import letters, permits
from backend.trust.models import Person, Site
from backend.trust.scope import reach
from backend.trust.tokens import asker

NOW: Final = "now"
LISTED: Final = "\n".join(f"- `{kind}`: {words}" for kind, words in KINDS.items())


class EventSubject(serializers.Serializer[Any]):
    """What an event is about: its sort and its id in the API."""

    type = serializers.ChoiceField([(each.subject, each.subject) for each in TOLD])
    id = serializers.UUIDField()


class EventRow(serializers.Serializer[Any]):
    """One thing that happened. Read `url` for how it stands now; what may be read there is asked again."""

    id = serializers.CharField(help_text="The place right after it: send it as `since`. The same event has the same id for ever.")
    kind = serializers.ChoiceField(CHOICES)
    at = serializers.DateTimeField(help_text="When it was entered (UTC). What phones send later is entered later.")
    subject = EventSubject()
    school = serializers.UUIDField(allow_null=True, help_text="None of what belongs to the whole trust.")
    site = serializers.UUIDField(allow_null=True)
    url = serializers.URLField()


class EventPage(serializers.Serializer[Any]):
    """Events in the order in which they happened. Ask again from `next`, at once when there is `more`."""

    events = EventRow(many=True)
    next = serializers.CharField(allow_null=True, help_text="Send it as `since`. null: nothing happened yet; ask without.")
    more = serializers.BooleanField(help_text="Whether there may be more. A page without events can still have more after it.")


class Events(Address):
    """What happens."""

    known = ("since", "kinds", "site", "limit")

    @extend_schema(
        operation_id="events_list",
        parameters=[
            OpenApiParameter("since", str, description="A place: an event's id, or `next`. `now`: nothing, and where now is."),
            OpenApiParameter("kinds", str, description=f"Only these, with commas between. There are:\n\n{LISTED}"),
            OpenApiParameter("site", uuid.UUID, description="Only what happens at this site."),
            OpenApiParameter("limit", int, description=f"Events at once: {USUAL} unless said, {MOST} at most."),
        ],
        responses=EventPage,
    )
    def get(self, request: Request) -> Response:
        """What happened, oldest first, as far as you may know. No names of people and no texts: those are read at `url`."""
        person, asked = asker(request), request.query_params
        if reach(person, permits.EVENTS_FOLLOW).nowhere():
            raise Forbidden("Your role or your token does not let you follow what happens. Ask your estates lead.")
        since, most = asked.get("since", ""), min(positive(request, "limit", USUAL, 10**6), MOST)
        wanted = Wanted(chosen_kinds(asked.get("kinds", "")), chosen_site(asked.get("site"), person))
        if since == NOW:
            head = audit.head()
            return Response({"events": [], "next": cursors.written(head.number, head.hash), "more": False})
        page = found_next(person, cursors.read(since) if since else 0, wanted, most=most)
        told = [each.told(letters.address(request).rstrip("/")) for each in page.events]
        # where all was read, the last event is the place: how much happens elsewhere then moves nothing
        onward = cursors.written(page.number, page.hash) if page.more else told[-1]["id"] if told else since or None
        return Response({"events": told, "next": onward, "more": page.more})


def chosen_kinds(text: str) -> frozenset[str]:
    """The kinds asked for. Raises Problem (400) naming those that there are not."""
    asked = frozenset(word for word in text.split(",") if word)
    if wrong := sorted(word[:40] for word in asked - KINDS.keys()):
        raise Problem("invalid", f"There is no kind {', '.join(wrong)}.", fields={"kinds": f"Choose from: {', '.join(KINDS)}."})
    return asked


def chosen_site(text: str | None, person: Person) -> tuple[uuid.UUID, ...]:
    """The site asked for. Raises NotFound for one that they do not follow, Problem (400) for what is no id."""
    if text is None:
        return ()
    try:
        site = uuid.UUID(text)
    except ValueError as wrong:
        raise Problem("invalid", "site is not an id.", fields={"site": "Send a site's id."}) from wrong
    if not Site.objects.visible_to(person, permits.EVENTS_FOLLOW).filter(pk=site).exists():
        raise NotFound("That site")
    return (site,)
