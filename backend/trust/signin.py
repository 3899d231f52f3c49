"""Signing in by e-mail and password. (Second factors and single sign-on come with the access issue.)"""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from backend.trust.models import Person


class EmailBackend(BaseBackend):
    """Finds a person by e-mail and checks the password; an unknown e-mail takes as long as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None, **_ignored: Any
    ) -> Person | None:
        """The person, or None."""
        if not email or not password or "\x00" in email:
            return None
        person = Person.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            Person().set_password(password)
            return None
        return person if person.is_active and person.check_password(password) else None

    def get_user(self, user_id: Any) -> Person | None:
        """The session's person, unless they have left."""
        return Person.objects.filter(pk=user_id, is_active=True).first()
