"""Views that the invented people keep of lists: one for the whole trust, one of a school's office, one of one's own."""

from typing import Final

from backend.office.demo.people import Team
from backend.office.lists.saved import keep_view
from backend.office.models import SavedView
from backend.trust.models import Person

OF_THE_TRUST: Final = (
    ("/plans/", "Overdue, by what could happen", "status=overdue&sort=risk"),
    ("/problems/", "Unsafe now", "unsafe=1"),
    ("/plans/", "In date and not satisfactory", "outcome=unsatisfactory"),
)
OF_THE_OFFICE: Final = (
    ("/plans/", "Water, due soon", "discipline=water-hygiene&status=due-soon"),
    ("/assets/", "Out of service", "status=out-of-service"),
)


def fill(team: Team) -> int:
    """Keep them; how many there are."""
    for page, name, query in OF_THE_TRUST:
        keep_view(person=team.lead, page=page, name=name, query=query, shared=SavedView.Shared.TRUST)
    manager = Person.objects.filter(email="sbm@oakfield.demo").first()
    held = manager and manager.appointments.exclude(school=None).select_related("school").first()
    if manager and held:
        for page, name, query in OF_THE_OFFICE:
            keep_view(person=manager, page=page, name=name, query=query, shared=SavedView.Shared.SCHOOL, school=held.school)
    return SavedView.objects.count()
