"""A system that the invented trust let follow what happens, and paused: its address leads nowhere, and it is sent nothing."""

from typing import Final

from backend.office.demo.people import Team
from backend.office.events.deeds import make_webhook, pause

NAME: Final = "Helpdesk (an example)"
ADDRESS: Final = "https://helpdesk.example/siteward"  # names that end so lead nowhere (RFC 2606)
KINDS: Final = ("defect.reported", "defect.settled", "work-order.given")


def fill(team: Team) -> None:
    """Make it and pause it."""
    webhook, _ = make_webhook(person=team.lead, name=NAME, address=ADDRESS, kinds=KINDS)
    pause(webhook=webhook, person=team.lead)
