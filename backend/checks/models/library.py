"""The checks of the statutory library, in their revisions."""

from typing import Any

from django.db import models

from backend.core.models import append_only, never_emptied


class CheckType(models.Model):
    """A check of the statutory library, by its code. What it says stands in its revisions; the newest one counts."""

    code = models.CharField(max_length=60, primary_key=True)
    title = models.CharField(max_length=160)
    discipline = models.CharField(max_length=40)
    tier = models.CharField(max_length=10)
    verified = models.BooleanField()
    weight = models.PositiveSmallIntegerField("risk weight, 1 paperwork to 5 life safety")
    minutes = models.PositiveSmallIntegerField("usual minutes", null=True, blank=True)
    current = models.ForeignKey("CheckRevision", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField("no longer in the library", default=False)

    class Meta:
        ordering = ["discipline", "title"]

    def __str__(self) -> str:
        return self.title


class CheckRevision(models.Model):
    """A check as it was published: law, rule, questions. Immutable; a change is a new revision."""

    check_type = models.ForeignKey(CheckType, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["check_type", "number"]
        constraints = [models.UniqueConstraint(fields=["check_type", "number"], name="revision_numbered_once")]
        triggers = [append_only("check_revision_append_only"), never_emptied("check_revision_never_emptied")]

    def __str__(self) -> str:
        return f"{self.check_type_id} revision {self.number}"

    def questions(self) -> list[dict[str, Any]]:
        """The questions in order, the shared form's first (see rules/answers.py)."""
        asked: list[dict[str, Any]] = self.content["questions"]
        return asked
