"""Between the password and being signed in: the second step, for who has one."""

import time
import uuid
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseRedirect

from backend.core.days import today
from backend.trust import factors, tries
from backend.trust.models import Person
from backend.trust.signin import address_of, begin_session

HALF_WAY: Final = "half_way"
LASTS: Final = 600  # seconds
TRIES_OF_A_CODE: Final = 6  # a minute; a code has a million values
TRIES_OF_A_CODE_AN_HOUR: Final = 40


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Somebody whose password, or provider, was right, and whose second step is still to come."""

    person: Person
    onward: str


def go_on(request: HttpRequest, person: Person, onward: str, *, second_step_done: bool = False) -> HttpResponseRedirect:
    """The first step was right: ask for the second where there is one, else begin the session and go `onward`."""
    if not second_step_done and factors.is_set_up(person):
        request.session.cycle_key()
        request.session[HALF_WAY] = {"person": str(person.pk), "at": time.time(), "onward": onward}
        return HttpResponseRedirect(f"/sign-in/second-step/?next={quote(onward)}")
    begin_session(request, person)
    return HttpResponseRedirect(onward)


def half_way(request: HttpRequest) -> HalfWay | None:
    """Who stands half way, for ten minutes; None when nobody does, or they have left meanwhile."""
    kept = request.session.get(HALF_WAY)
    if not kept or time.time() - kept["at"] > LASTS:
        return None
    person = Person.objects.filter(pk=uuid.UUID(kept["person"]), is_active=True).first()
    return HalfWay(person, kept["onward"]) if person and person.has_access(today()) else None


def count_code(request: HttpRequest, person: Person) -> None:
    """Count a try at the second step. Raises Throttled after 6 in a minute or 40 in an hour for one person."""
    tries.count({f"code:{person.pk}": TRIES_OF_A_CODE, f"code-from:{address_of(request)}": 60}, doing="at the second step")
    tries.count({f"code:{person.pk}": TRIES_OF_A_CODE_AN_HOUR}, doing="at the second step", seconds=tries.HOUR)


def finish(request: HttpRequest, there: HalfWay) -> HttpResponseRedirect:
    """The second step was right too."""
    request.session.pop(HALF_WAY, None)
    begin_session(request, there.person)
    return HttpResponseRedirect(there.onward)
