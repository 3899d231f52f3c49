"""Lists as people keep them, and changes of many rows at once."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from backend.core.ids import new_id
from backend.trust import permits
from backend.trust.models import Person, School
from backend.trust.scope import reach


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views, whose."""

    def visible_to(self, person: Person) -> Self:
        """One's own; those shared with a school where `person` sees the estate; those shared with the whole trust."""
        held = reach(person, permits.ESTATE_VIEW)
        if held.nowhere():
            return self.filter(person=person)
        shared = Q(shared=SavedView.Shared.TRUST)
        if held.everywhere:
            shared |= Q(shared=SavedView.Shared.SCHOOL)
        else:
            schools = School.objects.visible_to(person).values("pk")
            shared |= Q(shared=SavedView.Shared.SCHOOL, school__in=schools)
        return self.filter(Q(person=person) | shared)


class SavedView(models.Model):
    """A list as somebody filtered and sorted it, under a name. It holds the question, never the rows: each sees their own."""

    class Shared(models.TextChoices):
        OWN = "own", "Only for me"
        SCHOOL = "school", "With colleagues of a school"
        TRUST = "trust", "With the whole trust"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    page = models.CharField("the list's address, /assets/", max_length=80)
    name = models.CharField(max_length=60)
    query = models.CharField("what stands behind the question mark", max_length=1000, blank=True)
    shared = models.CharField(max_length=10, choices=Shared.choices, default=Shared.OWN)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "saved view"
        indexes = [models.Index(fields=["page"], name="view_of_page")]
        constraints = [
            models.UniqueConstraint("person", "page", Lower("name"), name="one_view_per_name"),
            models.CheckConstraint(condition=Q(shared="school") ^ Q(school=None), name="view_shared_with_a_school_names_it"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where the view is opened."""
        return f"{self.page}?{self.query}&saved={self.pk}" if self.query else f"{self.page}?saved={self.pk}"


class DefaultView(models.Model):
    """The view with which a list opens for somebody: one's own, or a shared one."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=80)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "page"], name="one_default_view_per_list")]

    def __str__(self) -> str:
        return f"{self.page} opens with {self.view}"


class BulkChange(models.Model):
    """Many rows changed at once: what was asked, which rows, and how each was before, so that it can be undone.

    What became of each row is entered in the audit chain by the action that changed it; this is the bracket around them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    rows_of = models.CharField("the key of the list", max_length=40)
    change = models.CharField("the key of what was done", max_length=40)
    said = models.CharField("what was done, in words", max_length=300)
    before = models.JSONField("row's id -> how it was")
    after = models.JSONField("row's id -> how it became")
    names = models.JSONField("row's id -> what it is called")
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["person", "-made_at"], name="bulk_of_person")]

    def __str__(self) -> str:
        return self.said
