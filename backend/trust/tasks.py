"""Background work of this app. Each may run twice and acts once."""

from importlib import import_module

from django.conf import settings
from django.utils import timezone

from backend.trust.models import Token


def forget_expired_now() -> int:
    """Delete sessions and API tokens that have expired; answers how many tokens went. Nothing else refers to them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    deleted, _ = Token.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted
