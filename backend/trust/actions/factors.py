"""Setting up and taking away the second step of signing in."""

import json
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from backend.core import audit
from backend.core.evidence import act
from backend.core.problems import Forbidden, NotFound, Problem
from backend.trust import letters
from backend.trust.actions.acting import Actor, fact, gone
from backend.trust.actions.reaching import require_whole_account
from backend.trust.factors import PROVES, Adapter, Kind, is_set_up, matching_counter
from backend.trust.models import Person

MOST_PASSKEYS: Final = 10


@transaction.atomic
def add_app(*, person: Person, secret: str, code: str) -> Authenticator:
    """Keep an authenticator app's secret, once a code of it was right. Raises Problem; an app before it is replaced."""
    counter = matching_counter(secret, "".join(code.split()))
    if counter is None:
        said = "That is not the code of this moment. Wait for the next one and type it; the phone's clock must be right."
        raise Problem("code", "That code is not right.", fields={"code": said})
    entered = take_away(Authenticator.objects.filter(user=person, type=Kind.TOTP), person)
    data = {"secret": Adapter().encrypt(secret), "counter": counter}
    made = Authenticator.objects.create(user=person, type=Kind.TOTP, data=data)
    note_added(person, made, entered)
    return made


def passkey_offer(person: Person) -> dict[str, Any]:
    """What the browser is asked to make a passkey of. Kept in the session until it answers."""
    from allauth.mfa.webauthn.internal import auth

    return dict(auth.begin_registration(person, passwordless=False))


@transaction.atomic
def add_passkey(*, person: Person, name: str, answer: str) -> Authenticator:
    """Keep a passkey that the browser made; `answer` is what it said, as JSON. Raises Problem."""
    from allauth.mfa.webauthn.internal import auth

    try:
        credential = json.loads(answer)
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        detail = "The passkey could not be taken in. Start again on this page."
        raise Problem("passkey", detail, fields={"answer": detail}) from None
    if Authenticator.objects.filter(user=person, type=Kind.WEBAUTHN).count() >= MOST_PASSKEYS:
        raise Problem("too_many", f"At most {MOST_PASSKEYS} passkeys. Remove one first.")
    called = " ".join(name.replace("\x00", "").split())[:60] or "Passkey"
    made = Authenticator.objects.create(user=person, type=Kind.WEBAUTHN, data={"name": called, "credential": credential})
    note_added(person, made, [])
    return made


def note_added(person: Person, made: Authenticator, entered: list[audit.Fact]) -> None:
    """The person has a second step now; `entered` are the removals of those that it replaces."""
    person.has_second_factor, person.second_factor_by = True, None
    person.save(update_fields=["has_second_factor", "second_factor_by"])
    entered = [*entered, fact("second-step", made, person)]
    enter("second-factor", person, person, entered, kind=made.type, number=made.pk)
    letters.tell(person, "factor_added")


@transaction.atomic
def new_codes(*, person: Person) -> list[str]:
    """Make ten recovery codes, each good once; those before them stop working. Raises Problem without a second step."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    if not is_set_up(person):
        raise Problem("no_second_factor", "Set up an app or a passkey first.", status=409)
    entered = take_away(Authenticator.objects.filter(user=person, type=Kind.RECOVERY_CODES), person)
    made = RecoveryCodes.activate(person)
    codes: list[str] = made.get_unused_codes()
    enter("second-factor", person, person, [*entered, fact("second-step", made.instance, person)], kind="recovery_codes")
    letters.tell(person, "factor_added")
    return codes


@transaction.atomic
def remove_factor(*, person: Person, number: int, asked: bool) -> None:
    """Remove one of one's own apps or passkeys. `asked`: the role asks for a second step, so the last one stays.

    Raises NotFound for one that is not there, Problem (409) for the last one of who needs one.
    """
    held = list(Authenticator.objects.select_for_update().filter(user=person, type__in=PROVES))
    found = next((each for each in held if each.pk == number), None)
    if found is None:
        raise NotFound("That app or passkey")
    if len(held) == 1 and asked:
        raise Problem("last_factor", "Your role asks for a second step: add another before you remove this one.", status=409)
    kind, entered = found.type, take_away(Authenticator.objects.filter(pk=number), person)
    if len(held) == 1:
        entered += forget_factors(person, person)
    enter("second-factor-removed", person, person, entered, kind=kind, number=number)
    letters.tell(person, "factor_removed")


@transaction.atomic
def reset_factors(*, person: Person, actor: Actor) -> None:
    """Remove a colleague's second step, whose phone is lost: the password is still needed, and a new step is set up next.

    The person and the other administrators are told. Raises Forbidden or NotFound.
    """
    require_whole_account(actor, person, "remove the second step of people")
    if isinstance(actor, Person):
        if actor.pk == person.pk:
            raise Forbidden("You cannot remove your own second step here. Use your account page, or ask a colleague.")
        letters.tell_administrators("factor_reset", about=person.pk, actor=actor)
    enter("second-factor-removed", person, actor, forget_factors(person, actor), kind="all")
    letters.tell(person, "factor_removed")


def enter(change: str, person: Person, actor: Actor, facts: list[audit.Fact], **said: object) -> None:
    """Enter a change to somebody's second step into the audit chain: the rows, and which kind; nothing secret."""
    actor_id = actor.pk if isinstance(actor, Person) else None
    about = f"person:{person.pk}"
    told = act(change, said, at=timezone.now(), about=about, actor_id=actor_id, actor_name=actor.name)
    audit.append([*facts, told])


def take_away(rows: models.QuerySet[Authenticator], actor: Actor) -> list[audit.Fact]:
    """Delete these second steps; answers the entries that say so."""
    facts = [gone(each, actor) for each in rows.select_for_update()]
    rows.delete()
    return facts


def forget_factors(person: Person, actor: Actor) -> list[audit.Fact]:
    """Delete every second step of the person, recovery codes too; answers the entries that say so."""
    facts = take_away(Authenticator.objects.filter(user=person), actor)
    person.has_second_factor, person.second_factor_by = False, None
    person.save(update_fields=["has_second_factor", "second_factor_by"])
    return facts
