"""Gives out a job in the end-to-end database: a dripping tap, to Oakfield's caretaker. Run as a module."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from backend.core.days import today  # noqa: E402
from backend.core.ids import new_id  # noqa: E402
from backend.maintenance.actions import give_work, report_defect  # noqa: E402
from backend.trust.models import Person, Site  # noqa: E402


def main() -> None:
    """The problem, and the work on it with a photo wanted."""
    site = Site.objects.get(name="Oakfield site")
    lead = Person.objects.get(appointments__role="estates-lead")
    caretaker = Person.objects.get(appointments__role="caretaker", appointments__school=site.school)
    defect = report_defect(
        id=new_id(), site=site, person=lead, summary="Tap drips", severity="low", unsafe=False, found_on=today(),
        reported_at=timezone.now(), building=site.buildings.first(),
    )  # fmt: skip
    give_work(defect=defect, person=lead, to=caretaker, today=today(), title="New washer", proof="photo", tell=False)


if __name__ == "__main__":
    main()
