"""Reports of firms as they are filed, for the tests of certificates and documents."""

import datetime as dt
from typing import Any

from backend.checks.actions import Covered, NewCertificate
from backend.checks.models import CheckType, Plan
from backend.core.days import today
from backend.core.files import person_owner, take
from backend.core.models import StoredFile
from backend.maintenance.actions.contractors import Firm, NewPaper, add_contractor, add_paper
from backend.maintenance.models import Contractor
from backend.office.demo.papers import one_page
from backend.trust.models import Person
from tests.conftest import World

LATE = dt.timedelta(days=400)


def paper(person: Person, words: str = "Report") -> StoredFile:
    """A small PDF that the person has sent."""
    return take(one_page([words]), owner=person_owner(person.pk))


def firm(world: World, name: str = "Brindle Lifts", **more: Any) -> Contractor:
    """A firm with its insurances in date, and one accreditation."""
    made = add_contractor(person=world.lead, firm=Firm(name=name, **more))
    until = today() + dt.timedelta(days=200)
    for kind in ("public-liability", "employers-liability"):
        add_paper(person=world.lead, contractor=made, paper=NewPaper(kind, until, insurer="Mutual", cover_pence=1_000_000_000))
    add_paper(person=world.lead, contractor=made, paper=NewPaper("accreditation", until, scheme="SAFed", number="77"))
    return made


def report(world: World, plans: list[Plan], **more: Any) -> NewCertificate:
    """A satisfactory report of the first plan's check, by a firm, of ten days ago."""
    check = CheckType.objects.select_related("current").get(pk=plans[0].check_type_id)
    said: dict[str, Any] = {
        "check": check,
        "covers": [Covered(plan) for plan in plans],
        "engineer": "Joan Ferris",
        "examined_on": today() - dt.timedelta(days=10),
        "result": "satisfactory",
        "firm": "Brindle Lifts",
        "number": "R-1",
        "stated_next": today() + dt.timedelta(days=150),
    }
    said |= more
    said.setdefault("file", paper(world.lead))
    return NewCertificate(**said)
