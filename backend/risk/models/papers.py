"""Papers for the board: the figures of a day, frozen. The PDF is made from them and is the same whenever it is made again."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import Appointed, reach


class BoardPaperQuerySet(models.QuerySet["BoardPaper"]):
    """Papers: the whole trust's."""

    def visible_to(self, person: Appointed, permit: str = permits.RISK_VIEW) -> Self:
        """All for who may see the risk of the whole trust; none for others."""
        return self.all() if reach(person, permit).everywhere else self.none()


class BoardPaper(models.Model):
    """What the estate's risk was on a day: every figure that the paper prints, and the hash of its PDF.

    A correction is the next version, with a reason; the one before stays.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=160)
    day = models.DateField("as it stood on")
    version = models.PositiveIntegerField(default=1)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    reason = models.CharField("why it was made again", max_length=500, blank=True)
    commentary = models.TextField("what the author says to it", max_length=4000, blank=True)
    edition = models.PositiveSmallIntegerField("of how it is set")
    figures = models.JSONField()
    figures_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = BoardPaperQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-version", "id"]
        triggers = [append_only("board_paper_append_only"), never_emptied("board_paper_never_emptied")]
        constraints = [
            models.CheckConstraint(
                condition=Q(version=1, supersedes=None) | Q(version__gt=1, supersedes__isnull=False) & ~Q(reason=""),
                name="a_paper_made_again_says_why",
            ),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="no_paper_supersedes_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"
