"""The register: kinds of asset and the assets themselves."""

import re
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Upper

from backend.assets.models.catalogue import AssetModel
from backend.assets.models.types import AssetType
from backend.core.ids import new_id
from backend.trust.models import Building, Site, Space
from backend.trust.scope import SitedQuerySet

FOUND_ORDER = (Concat("name", Value("")), "id")
"""By name, as an expression: by the bare column PostgreSQL would walk the index of names, hoping to meet what is sought soon."""


SEARCHED = SearchVector("name", "make", "model", "serial", config="simple")


def word_sought(word: str) -> str:
    """One word as PostgreSQL seeks it: as it stands (its parser reads SN-12 as "sn" and "-12"), or its parts one by one."""
    whole = re.sub(r"['\\\\]", " ", word)
    parts = " & ".join(f"{part}:*" for part in re.findall(r"\w+", word))
    return f"('{whole}':* | ({parts}))"


class AssetQuerySet(SitedQuerySet["Asset"]):
    """Assets, whose rows."""

    def matching(self, text: str) -> Self:
        """Those whose name, make, model or serial have words beginning with every word of `text`, by name. Uses the index."""
        wanted = " & ".join(word_sought(word) for word in text.split() if re.search(r"\w", word))
        if not wanted:
            return self
        together = "".join(text.split())
        if " " in text.strip() and re.search(r"\d", together):  # MS 14492, written with a gap and kept without
            wanted = f"({wanted}) | {word_sought(together)}"
        query = SearchQuery(wanted, search_type="raw", config="simple")
        return self.annotate(searched=SEARCHED).filter(searched=query).order_by(*FOUND_ORDER)


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
    product = models.ForeignKey(
        AssetModel, null=True, blank=True, on_delete=models.PROTECT, related_name="assets", db_index=False
    )
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
            models.Index(fields=["product"], condition=~models.Q(product=None), name="asset_product"),
            models.Index(fields=["name", "id"], name="asset_in_order"),
            models.Index(Upper("serial"), condition=~models.Q(serial=""), name="asset_serial"),
            GinIndex(SEARCHED, name="asset_words"),
        ]

    def __str__(self) -> str:
        return self.name

    def place(self) -> str:
        """Where it is, in words: "Main block, Boiler room"."""
        return ", ".join(str(each) for each in (self.building, self.space) if each)

    @property
    def roles(self) -> frozenset[str]:
        """Its parts in what is checked, such as "sentinel" of an outlet; a fact that holds one or several."""
        said = self.facts.get("role")
        return frozenset(said if isinstance(said, list) else [said] if said else [])
