"""What of the trust's rows speaks of people: who they are, what they are allowed, and how they get in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import models

from backend.core.personal import Personal
from backend.trust.models import Appointment, CentreHolder, Import, Invitation, Person, Session, Token

GONE = "Somebody who has left"


def erased_email(person: Person) -> str:
    """An address that nobody has, and that cannot be taken twice."""
    return f"erased-{person.pk}@example.invalid"


def no_password(_person: Person) -> str:
    """What no password matches."""
    return "!"


PERSONAL = [
    Personal(
        model=Person,
        what="Name, e-mail address and account",
        people=("id",),
        kept="account",
        blank={"name": GONE, "email": erased_email, "password": no_password, "is_active": False, "has_second_factor": False},
        hide=frozenset({"password"}),
    ),
    Personal(
        model=Authenticator, what="Second steps", people=("user_id",), kept="account", delete=True, hide=frozenset({"data"})
    ),
    Personal(model=EmailAddress, what="Other e-mail addresses", people=("user_id",), kept="account", delete=True),
    Personal(
        model=SocialAccount,
        what="Sign-in at Microsoft, Google or the like",
        people=("user_id",),
        kept="account",
        delete=True,
    ),
    Personal(
        model=Session,
        what="Browsers signed in on",
        people=("person_id",),
        kept="account",
        delete=True,
        hide=frozenset({"session_key", "session_data"}),
    ),
    Personal(model=Token, what="Access tokens", people=("person_id",), kept="account", delete=True, hide=frozenset({"hash"})),
    Personal(model=Invitation, what="Invitations", people=("person_id",), kept="account", delete=True, hide=frozenset({"hash"})),
    Personal(
        model=Import, what="Tables sent in, and undone", people=("made_by_id", "undone_by_id"), kept="people", day="made_at"
    ),
    Personal(model=Appointment, what="Roles held", people=("person_id",), kept="people"),
    Personal(model=CentreHolder, what="Cost centres held", people=("person_id",), kept="people"),
]
NOT_PERSONAL: dict[type[models.Model], str] = {}
