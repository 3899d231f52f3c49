"""The document register: papers that a trust should be able to show, in their versions, and what is not needed where."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from backend.assets.models import Asset
from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import Appointed, SitedQuerySet, reach


class PlacedQuerySet(SitedQuerySet[Any]):
    """Rows of a site, or of the whole trust: these are known to everybody who sees any of the estate."""

    def visible_to(self, person: Appointed, permit: str = permits.ESTATE_VIEW) -> Self:
        """Those at sites where the permit is held, and the trust's own."""
        found = reach(person, permit)
        if found.everywhere or found.nowhere():
            return self if found.everywhere else self.none()
        return self.filter(Q(site=None) | Q(site__school__in=found.schools) | Q(site__in=found.sites))


class Document(models.Model):
    """One version of a paper. The next version names the one it supersedes; none is ever changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("key of the library's document", max_length=60)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    issued_on = models.DateField()
    valid_until = models.DateField("last day, if it has one", null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    note = models.CharField(max_length=1000, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version", "id"]
        triggers = [append_only("document_append_only"), never_emptied("document_never_emptied")]
        indexes = [
            models.Index(fields=["site", "kind"], name="document_of_site"),
            models.Index(fields=["sha256"], name="document_file"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="no_document_supersedes_itself"),
            models.CheckConstraint(condition=Q(version=1) | Q(supersedes__isnull=False), name="a_version_follows_the_one_before"),
            models.CheckConstraint(
                condition=Q(site__isnull=False) | (Q(building=None) & Q(asset=None)), name="a_document_has_its_place_s_site"
            ),
            models.UniqueConstraint(
                fields=["kind", "site", "building", "asset", "version"],
                nulls_distinct=False,
                name="one_document_per_place_and_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentNotNeeded(models.Model):
    """That a document is not needed at a place until a day: asked by one, agreed by another, taken back or run out in the end."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("key of the library's document", max_length=60)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    expires_on = models.DateField("last day on which it holds")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(default=False, db_default=False)
    answer = models.CharField("what the one who decided said", max_length=500, blank=True)
    ended_at = models.DateTimeField("taken back at", null=True, blank=True)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [models.Index(fields=["site", "kind"], condition=Q(ended_at=None), name="not_needed_of_site")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="not_needed_is_agreed_by_another"
            ),
            models.CheckConstraint(condition=Q(agreed=False) | Q(decided_at__isnull=False), name="agreed_when_decided"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} not needed until {self.expires_on}"
