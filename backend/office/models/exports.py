"""Long lists that somebody wants as a file: what was asked for, how far it has come, where the file lies for a day."""

from urllib.parse import urlsplit

from django.db import models

from backend.core.ids import new_id
from backend.trust.models import Person


class ListExport(models.Model):
    """A list that is too long to be handed out at once, made into a file by a worker, for whoever asked and nobody else.

    `address` is the list's own, with its filters. `reach` stands for the roles in force when it was made: with others, another
    list would have come of it, so the file is not handed out any more.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Waiting to be made"
        MAKING = "making", "Being made"
        MADE = "made", "Made"
        FAILED = "failed", "Not made"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("what the list is called", max_length=100)
    address = models.TextField("of the list (URL), with what it is filtered by")
    rows = models.PositiveIntegerField("there were when it was asked for")
    written = models.PositiveIntegerField("rows so far", default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    wrong = models.CharField("why it was not made", max_length=300, blank=True)
    stored = models.CharField("where its file lies", max_length=200, blank=True)
    size = models.BigIntegerField("bytes", default=0)
    reach = models.CharField("of whose roles it was made", max_length=64, blank=True)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [models.Index(fields=["person", "-asked_at"], name="export_of_person")]

    def __str__(self) -> str:
        return self.name

    @property
    def waits(self) -> bool:
        """Whether a worker has it still to make."""
        return self.state in {self.State.ASKED, self.State.MAKING}

    @property
    def ending(self) -> str:
        """The kind of file: csv or xlsx."""
        return "xlsx" if urlsplit(self.address).path.endswith(".xlsx") else "csv"

    @property
    def asks(self) -> str:
        """The list's address within Siteward."""
        return urlsplit(self.address)._replace(scheme="", netloc="").geturl()

    @property
    def per_cent(self) -> int:
        """How far it has come."""
        return min(self.written * 100 // max(self.rows, 1), 99)
