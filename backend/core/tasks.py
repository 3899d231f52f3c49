"""Background work of this app. Each may run twice and acts once; the clock is read here, at the edge."""

from django.utils import timezone

from backend.core import heads


def publish_head_now() -> str:
    """Publish the audit chain's head, once a day; answers it in words, or that there was nothing to do."""
    head = heads.publish(timezone.now())
    return head.words() if head else "nothing to publish"
