"""Who may book: to show a button or not. The actions ask again."""

from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import Place, may, reach


def books(person: Person) -> bool:
    """Whether they may book anything anywhere."""
    return not (reach(person, permits.PLAN_CHANGE).nowhere() and reach(person, permits.CONTRACTOR_MANAGE).nowhere())


def books_at(person: Person, site: Place) -> bool:
    """Whether they may book anything at a site."""
    return may(person, permits.PLAN_CHANGE, site) or may(person, permits.CONTRACTOR_MANAGE, site)
