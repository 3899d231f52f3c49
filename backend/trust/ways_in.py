"""That people get in by the second steps that they set up, and by no others: asked by `manage.py verify`."""

from collections import defaultdict
from collections.abc import Iterator

from allauth.mfa.models import Authenticator

from backend.core.invariants import Invariant, Tick
from backend.core.models import Act
from backend.trust.factors import PROVES, Kind
from backend.trust.models import Person

ADDED, REMOVED, ERASED = "second-factor", "second-factor-removed", "person-erased"


def by_the_acts() -> dict[str, set[int]]:
    """The numbers of the apps and passkeys that each person has, as the acts of the audit chain tell, by the person's id."""
    held: dict[str, dict[int, str]] = defaultdict(dict)
    acts = Act.objects.filter(kind__in=(ADDED, REMOVED, ERASED)).order_by("at", "pk").values_list("about", "kind", "said")
    for about, what, said in acts.iterator(chunk_size=2000):
        has, kind = held[about.removeprefix("person:")], str(said.get("kind", ""))
        if what == ERASED or kind == "all":
            has.clear()
        elif what == REMOVED:
            has.pop(int(said["number"]), None)
        elif kind in PROVES:
            for number in [each for each, of in has.items() if of == kind == Kind.TOTP]:
                del has[number]  # an app replaces the one before
            has[int(said["number"])] = kind
    return {person: set(has) for person, has in held.items() if has}


def second_step_faults(tick: Tick) -> Iterator[str]:
    """A person's second steps are those that were set up and not taken away; the copy beside the name says the same."""
    told, rows = by_the_acts(), defaultdict[str, set[int]](set)
    for number, person in Authenticator.objects.filter(type__in=PROVES).values_list("pk", "user_id"):
        rows[str(person)].add(number)
    for person, copied in Person.objects.values_list("pk", "has_second_factor"):
        tick(1)
        there, set_up = rows.pop(str(person), set()), told.pop(str(person), set())
        for number in sorted(there - set_up):
            yield f"person {person} has second step {number}, and no act of the audit chain says that it was set up"
        for number in sorted(set_up - there):
            yield f"person {person} set up second step {number}, and it is gone; no act of the audit chain says why"
        if copied != bool(there):
            kept = "with" if copied else "without"
            yield f"person {person} is kept as signing in {kept} a second step; their second steps say otherwise"
    for stranger in sorted({*rows, *told}):
        yield f"second steps are told of {stranger}, who is nobody here"


SECOND_STEPS = Invariant(
    "second-steps",
    "Everybody's second steps of signing in are those that were set up.",
    Person.objects.count,
    second_step_faults,
)
