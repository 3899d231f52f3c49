"""What every test may ask for: a published library and a small world of two schools with people of every role."""

import datetime as dt
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings

from backend.assets.models import Asset, AssetType
from backend.checks.actions import NewPlan, make_plans, publish_library
from backend.checks.models import CheckType, Plan
from backend.core.days import today
from backend.trust import permits
from backend.trust.models import Appointment, Building, Person, School, Site, Space, Term, Trust

PASSWORD = "a-long-test-password"
if os.environ.get("CI"):  # the same examples in every run there; elsewhere fresh ones, which is how new faults are found
    settings.register_profile("ci", derandomize=True, deadline=None)
    settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def evidence_may_be_emptied_between_tests():
    """Tests that commit are tidied up by TRUNCATE, which our triggers refuse: only here they are told to look away."""
    emptying = DatabaseOperations.sql_flush

    def sql_flush(self, *args, **kwargs):
        statements = emptying(self, *args, **kwargs)
        return (
            ["SET session_replication_role = replica", *statements, "SET session_replication_role = origin"] if statements else []
        )

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.sql_flush = emptying  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, with the statutory library published once."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        assert name.startswith("test_"), f"{name} is no test database: give one of these tests the mark django_db"
        publish_library(actor="tests")


@pytest.fixture(autouse=True)
def no_heads_of_other_tests():
    """A head that one test published is no head of the next one's chain."""
    path = Path(django_settings.HEADS_FILE)
    yield
    path.unlink(missing_ok=True)


@pytest.fixture
def library(db):
    """The published library, also after a test that emptied the tables."""
    if not CheckType.objects.exists():
        publish_library(actor="tests")


@dataclass
class World:
    """Oakfield and Riverside: two schools of one trust, a site each, and people by role."""

    trust: Trust
    oakfield: Site
    riverside: Site
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, role: str, *, site: Site | None = None, school: School | None = None) -> Person:
        """Somebody with that role there (for the whole trust when neither is given), made once per role and place."""
        where = site or school
        place = where.name if where else "trust"
        key = f"{role}@{place}".lower().replace(" ", "-")
        if key not in self.people:
            person = Person(email=f"{key}.example", name=f"{permits.ROLES[role].name} of {place}")
            person.set_password(PASSWORD)
            person.save()
            start = today() - dt.timedelta(days=900)
            Appointment.objects.create(person=person, role=role, site=site, school=school, starts_on=start)
            self.people[key] = person
        return self.people[key]

    @property
    def caretaker(self) -> Person:
        """Oakfield's caretaker."""
        return self.person("caretaker", school=self.oakfield.school)

    @property
    def stranger(self) -> Person:
        """Riverside's caretaker: a stranger to Oakfield."""
        return self.person("caretaker", school=self.riverside.school)

    @property
    def lead(self) -> Person:
        """The trust's estates lead."""
        return self.person("estates-lead")

    def asset(self, type_key: str = "fire-alarm-panel", *, site: Site | None = None, name: str = "", **more) -> Asset:
        """An asset in the first building of the site (Oakfield unless given)."""
        site = site or self.oakfield
        building = site.buildings.first()
        assert building
        kind = AssetType.objects.get(pk=type_key)
        return Asset.objects.create(
            site=site, building=building, space=building.spaces.first(), type=kind, name=name or kind.name, **more
        )

    def plan(
        self, code: str = "fire-alarm-weekly-test", *, asset: Asset | None = None, since: dt.date | None = None, **more
    ) -> Plan:
        """A plan of a check, on `asset` (made when not given), counting since a day (35 days ago unless said)."""
        check = CheckType.objects.select_related("current").get(pk=code)
        if asset is None and not more.get("site"):
            assert check.current
            kinds = check.current.content.get("asset_types") or []
            asset = self.asset(kinds[0]) if kinds else None
        site = more.pop("site", None) or (asset.site if asset else self.oakfield)
        start = since or today() - dt.timedelta(days=35)
        new = NewPlan(check_type=check, site=site, asset=asset, starts_on=start, **more)
        return make_plans([new], person=self.lead, today=today())[0]


def make_world() -> World:
    """Build the world in the current database."""
    trust = Trust.objects.create(name="Test Trust", uid="T1", made_up=True)
    sites = []
    for name, urn in (("Oakfield", 900001), ("Riverside", 900002)):
        school = School.objects.create(trust=trust, name=name, urn=urn, phase="primary")
        site = Site.objects.create(school=school, name=f"{name} site")
        building = Building.objects.create(site=site, name="Main block", built=1985)
        Space.objects.create(building=building, name="Boiler room")
        Space.objects.create(building=building, name="Hall")
        year = today().year
        for first, last, term in (
            ((1, 5), (3, 27), "Spring"),
            ((4, 13), (7, 22), "Summer"),
            ((9, 2), (12, 18), "Autumn"),
        ):
            for each in (year - 1, year, year + 1):
                Term.objects.create(school=school, name=term, first_day=dt.date(each, *first), last_day=dt.date(each, *last))
        sites.append(site)
    oakfield, riverside = sites
    return World(trust, oakfield, riverside)


@pytest.fixture
def world(library) -> World:
    """The small world, inside the test's transaction."""
    return make_world()
