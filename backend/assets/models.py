"""The register: kinds of asset, the assets themselves, their tags and readings."""

import re
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import SitedQuerySet


class AssetType(models.Model):
    """A kind of asset, from the statutory library ("fire-alarm-panel")."""

    key = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=120)
    discipline = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


SEARCHED = SearchVector("name", "make", "model", "serial", config="simple")


def word_sought(word: str) -> str:
    """One word as PostgreSQL seeks it: as it stands (its parser reads SN-12 as "sn" and "-12"), or its parts one by one."""
    whole = re.sub(r"['\\\\]", " ", word)
    parts = " & ".join(f"{part}:*" for part in re.findall(r"\w+", word))
    return f"('{whole}':* | ({parts}))"


class AssetQuerySet(SitedQuerySet["Asset"]):
    """Assets, whose rows."""

    def matching(self, text: str) -> Self:
        """Those whose name, make, model or serial have words beginning with every word of `text`. Uses the index."""
        wanted = " & ".join(word_sought(word) for word in text.split() if re.search(r"\w", word))
        if not wanted:
            return self
        query = SearchQuery(wanted, search_type="raw", config="simple")
        return self.annotate(searched=SEARCHED).filter(searched=query)


class Asset(models.Model):
    """A thing at a site that is looked after. Its id may have been made by a phone.

    `facts` are what check intervals may depend on (role of an outlet, charge of refrigerant, age of a vehicle).
    """

    class Status(models.TextChoices):
        IN_USE = "in-use", "In use"
        OUT_OF_SERVICE = "out-of-service", "Out of service"
        RETIRED = "retired", "Retired"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="assets")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="assets")
    space = models.ForeignKey(Space, null=True, blank=True, on_delete=models.PROTECT, related_name="assets")
    type = models.ForeignKey(AssetType, on_delete=models.PROTECT, related_name="assets")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    name = models.CharField(max_length=160)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.IN_USE)
    status_since = models.DateField(null=True, blank=True)
    status_reason = models.CharField(max_length=300, blank=True)
    make = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=80, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    installed_on = models.DateField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["site", "name", "id"], name="asset_list"),
            models.Index(fields=["site", "type"], name="asset_type"),
            GinIndex(SEARCHED, name="asset_words"),
        ]

    def __str__(self) -> str:
        return self.name

    def place(self) -> str:
        """Where it is, in words: "Main block, Boiler room"."""
        return ", ".join(str(each) for each in (self.building, self.space) if each)


class Tag(models.Model):
    """A label's code (see rules/tagcode.py). It says nothing about the asset and may outlive it."""

    code = models.CharField(max_length=8, primary_key=True)
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="tags")
    made_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "code"]

    def __str__(self) -> str:
        return self.code


class ReadingQuerySet(SitedQuerySet["Reading"]):
    """Readings, whose rows."""

    site_path = "asset__site_id"
    school_path = "asset__site__school_id"


class Reading(models.Model):
    """A value read off an asset (a meter, a gauge), by the phone's id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="readings")
    value = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=20)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at"]
        triggers = [append_only("reading_append_only"), never_emptied("reading_never_emptied")]
        indexes = [models.Index(fields=["asset", "-taken_at"], name="reading_latest")]

    def __str__(self) -> str:
        return f"{self.value.normalize()} {self.unit}"
