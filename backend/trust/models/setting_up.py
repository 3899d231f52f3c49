"""Setting up: the code of the first start, the numbers that schools had before, and the outlines of places."""

from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.trust.models.places import Building, School, Site
from backend.trust.scope import SitedQuerySet


class SetUpCode(models.Model):
    """The code that the terminal prints, with which the first person makes the trust. Only its hash is kept."""

    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"code of {self.made_at}"


class SchoolUrn(models.Model):
    """A URN that a school had before, under which letters and old papers still speak of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="former_urns")
    urn = models.PositiveIntegerField("URN", unique=True)
    name = models.CharField("what the school was called", max_length=200, blank=True)
    until = models.DateField("last day under this URN", null=True, blank=True)

    class Meta:
        ordering = ["urn"]

    def __str__(self) -> str:
        return f"{self.urn}, now {self.school}"


class OutlineQuerySet(SitedQuerySet["Outline"]):
    """Outlines, whose rows."""


class Outline(models.Model):
    """The boundary of a site, or the footprint of one of its buildings: a GeoJSON geometry in WGS 84 (longitude, latitude)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="outlines")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="outlines")
    geometry = models.JSONField()
    area_m2 = models.PositiveIntegerField("area, square metres")

    objects = OutlineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site"], condition=Q(building=None), name="one_boundary_per_site"),
            models.UniqueConstraint(fields=["building"], condition=~Q(building=None), name="one_footprint_per_building"),
        ]

    def __str__(self) -> str:
        return f"outline of {self.building or self.site}"
