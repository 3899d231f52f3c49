"""Imports, remembered: what was sent, by whom, what came of it, and what each row made or changed."""

from typing import Self

from django.db import models
from django.db.models import Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust import permits
from backend.trust.models.people import Person
from backend.trust.models.places import School, Site
from backend.trust.scope import reach


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports, whose rows."""

    def visible_to(self, person: Person) -> Self:
        """One's own; those of a school or site where one may change places; with the whole trust's permit, all but of people."""
        own = Q(made_by=person)
        held = reach(person, permits.SITE_CHANGE)
        wanted = own | Q(school__in=held.schools) | Q(site__in=held.sites)
        if held.everywhere:
            wanted |= ~Q(kind="people")
        if reach(person, permits.PEOPLE_MANAGE).everywhere:
            wanted |= Q(kind="people")
        return self.filter(wanted)


class Import(models.Model):
    """A table that was sent in. First a trial; then applied whole or not at all; perhaps undone. `counts` are of rows."""

    class State(models.TextChoices):
        READING = "reading", "Being read"
        READY = "ready", "Ready to apply"
        REFUSED = "refused", "To be corrected"
        APPLYING = "applying", "Being applied"
        DONE = "done", "Applied"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    options = models.JSONField(default=dict)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField("of the file as it was sent", max_length=64)
    kept_sha256 = models.CharField("of the file that is kept", max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    report = models.JSONField("what the last trial found", default=dict)
    told = models.CharField("how far it has come", max_length=200, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["-made_at", "id"], name="import_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}".strip()


class ImportTrace(models.Model):
    """What an import made and changed, step by step, with what was there before: by this it is undone. Ids, and no names."""

    of = models.OneToOneField(Import, primary_key=True, on_delete=models.PROTECT, related_name="trace")
    steps = models.JSONField(default=list)

    class Meta:
        triggers = [append_only("import_trace_append_only"), never_emptied("import_trace_never_emptied")]

    def __str__(self) -> str:
        return f"trace of {self.of_id}"
