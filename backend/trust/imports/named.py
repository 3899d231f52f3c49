"""By which words a table may name a school: its name, its URN, and the URNs that it had before."""

from collections.abc import Iterable

from django.db.models import QuerySet

from backend.trust.imports.cells import folded
from backend.trust.models import School


def with_former(schools: QuerySet[School]) -> QuerySet[School]:
    """The schools with the URNs that they had before, in one more query."""
    return schools.prefetch_related("former_urns")


def urns_of(school: School) -> list[str]:
    """The school's URN and those before, as text: what an old spreadsheet says still means this school."""
    return [str(school.urn), *(str(each.urn) for each in school.former_urns.all())]


def by_word(schools: Iterable[School]) -> dict[str, School]:
    """Every word that names one of the schools, as words are compared. A number of today goes before one of the past."""
    known = list(schools)
    found = {urn: each for each in known for urn in urns_of(each)}
    found |= {folded(word): each for each in known for word in (each.name, str(each.urn))}
    return found
