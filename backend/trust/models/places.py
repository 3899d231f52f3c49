"""The trust, its schools and its places."""

from typing import Self

from django.db import models

from backend.core.ids import new_id
from backend.trust import permits
from backend.trust.scope import Appointed, SitedQuerySet, in_scope


class Trust(models.Model):
    """The one trust that this deployment serves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    uid = models.CharField("trust UID (GIAS)", max_length=20, unique=True)
    made_up = models.BooleanField("an invented trust, for demonstration", default=False)

    def __str__(self) -> str:
        return self.name


class SchoolQuerySet(models.QuerySet["School"]):
    """Schools, whose rows."""

    def visible_to(self, person: Appointed, permit: str = permits.ESTATE_VIEW) -> Self:
        """The schools in which `person` holds `permit` for the school itself or one of its sites."""
        return in_scope(self, person, permit, school="id", site="sites__id")


class School(models.Model):
    """An academy, known to the Department for Education by its URN."""

    class Phase(models.TextChoices):
        PRIMARY = "primary", "Primary"
        SECONDARY = "secondary", "Secondary"
        SPECIAL = "special", "Special"
        ALL_THROUGH = "all-through", "All-through"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=200)
    urn = models.PositiveIntegerField("URN", unique=True)
    phase = models.CharField(max_length=20, choices=Phase.choices)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    opened_on = models.DateField("open under this URN since", null=True, blank=True)
    closed_on = models.DateField("closed under this URN on", null=True, blank=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SiteQuerySet(SitedQuerySet["Site"]):
    """Sites, whose rows."""

    site_path = "id"
    school_path = "school_id"


class Site(models.Model):
    """A piece of land with buildings on it; nearly always one school's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    uprn = models.CharField("UPRN", max_length=12, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    facts = models.JSONField(
        "what decides which checks apply", default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="site_named_once_per_school")]

    def __str__(self) -> str:
        return self.name


class BuildingQuerySet(SitedQuerySet["Building"]):
    """Buildings, whose rows."""


class Building(models.Model):
    """A building (a block, in DfE data)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=120)
    built = models.PositiveSmallIntegerField("year built", null=True, blank=True)
    floor_area_m2 = models.PositiveIntegerField("gross internal floor area, square metres", null=True, blank=True)
    floors = models.PositiveSmallIntegerField(null=True, blank=True)
    warning = models.CharField("warning before work starts", max_length=300, blank=True)
    facts = models.JSONField(
        "what decides which checks apply", default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )

    objects = BuildingQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="building_named_once_per_site")]

    def __str__(self) -> str:
        return self.name


class SpaceQuerySet(SitedQuerySet["Space"]):
    """Spaces, whose rows."""

    site_path = "building__site_id"
    school_path = "building__site__school_id"


class Space(models.Model):
    """A room, corridor, roof or yard: the place a caretaker walks to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="spaces")
    name = models.CharField(max_length=120)
    floor = models.CharField(max_length=20, blank=True)
    warning = models.CharField("warning before work starts", max_length=300, blank=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["building", "name"], name="space_named_once_per_building")]

    def __str__(self) -> str:
        return self.name
