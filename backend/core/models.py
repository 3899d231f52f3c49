"""What is about no app: the audit chain, files by their hash, and the stored due (an abstract model)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Case, Expression, F, Func, Q, Value, When

from backend.core.ids import new_id
from backend.rules.due import Status, StoredDates, status_on


def append_only(name: str) -> pgtrigger.Trigger:
    """The trigger that refuses update and delete, also by SQL: evidence is added to, never changed."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


def never_emptied(name: str) -> pgtrigger.Trigger:
    """The trigger that refuses TRUNCATE, which row triggers do not see."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'TRUNCATE refused: this table holds evidence'; RETURN NULL;",
    )


class ActorName(models.Model):
    """The name of somebody who acted, as it was then: each name once. It stands apart, so that the chain holds no name.

    Where the law asks for it the name is blanked; the chain stays whole, since it covers a salted hash of this row only.
    """

    actor_id = models.UUIDField()
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor_id", "name"], condition=~Q(name=""), name="one_row_per_actor_and_name"),
        ]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One link of the audit chain. `hash` covers the hash of the entry before, so a change anywhere shows from there on.

    `content_hash` is that of the row that `subject` names, as it was then (see core/evidence.py). Who acted is kept by id
    and, beside the chain, by name (`named`), with no foreign key: people leave, history stays. `system` names the part of
    Siteward that acted when nobody did.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    named = models.ForeignKey(
        ActorName, null=True, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="entries"
    )
    system = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, db_collation="C")
    content_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        triggers = [append_only("audit_entry_append_only"), never_emptied("audit_entry_never_emptied")]
        indexes = [models.Index(fields=["subject", "-number"], name="audit_subject_newest")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.subject}"


class Salt(models.Model):
    """What was put before a content that speaks of a person, so that its hash tells nobody anything once this is gone.

    One for each such entry, by its number; erased together with the person's fields.
    """

    entry = models.BigIntegerField(primary_key=True)
    salt = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"salt of entry {self.entry}"


class Act(models.Model):
    """Something done that no other row tells: a head published, a phone taken out of use and why, something handed out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=120, blank=True)
    said = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        triggers = [append_only("act_append_only"), never_emptied("act_never_emptied")]
        indexes = [
            models.Index(fields=["kind", "-at"], name="act_latest"),
            models.Index(fields=["about", "-at"], name="act_copies", condition=Q(kind="copies-drawn")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()


class StoredFile(models.Model):
    """A file that the server holds whole and has verified: named by the SHA-256 of its bytes, never changed."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=80)
    received_at = models.DateTimeField()

    class Meta:
        triggers = [append_only("stored_file_append_only"), never_emptied("stored_file_never_emptied")]

    def __str__(self) -> str:
        return self.sha256


class FileProof(models.Model):
    """Somebody who sent a file's bytes whole: "person:…" or "device:…". Naming a hash alone lets nobody read the file."""

    sha256 = models.CharField(max_length=64)
    owner = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "owner"], name="one_proof_per_file_and_sender")]

    def __str__(self) -> str:
        return f"{self.sha256} from {self.owner}"


class FileScan(models.Model):
    """What the malware scanner said of a file, last time. No evidence: a finding itself is entered in the audit chain."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    found = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="file_sealed", condition=~Q(found=""))]

    def __str__(self) -> str:
        return f"{self.sha256} {self.found or 'clean'}"


class Upload(models.Model):
    """A file still arriving in pieces: how many bytes are here. Its bytes lie beside the stored files until complete."""

    sha256 = models.CharField(max_length=64)
    owner = models.CharField(max_length=64)
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    content_type = models.CharField(max_length=80)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "owner"], name="one_upload_per_file_and_sender")]

    def __str__(self) -> str:
        return f"{self.sha256} {self.offset}/{self.length}"


class Paused(Func):
    """SQL: whether `day` lies in one of the row's paused spans."""

    template = "(%(expressions)s)"
    arg_joiner = " <@ ANY "
    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        day, spans = self.get_source_expressions()
        day_sql, day_params = compiler.compile(day)
        spans_sql, spans_params = compiler.compile(spans)
        return f"({day_sql}::date <@ ANY({spans_sql}))", (*day_params, *spans_params)


def status_case(today: dt.date, prefix: str = "") -> Expression:
    """The status of a stored due on `today` as SQL: the same comparisons as `rules.due.status_on`, a test proves it.

    `prefix` is the path to the due's row, such as "plan__".
    """
    paused = Paused(Value(today, models.DateField()), F(f"{prefix}pauses"))
    return Case(
        When(paused, then=Value(Status.PAUSED.value)),
        When(Q(**{f"{prefix}overdue_from__lte": today}), then=Value(Status.OVERDUE.value)),
        When(Q(**{f"{prefix}due_on__lt": today}), then=Value(Status.DUE.value)),
        When(Q(**{f"{prefix}soon_from__lte": today}), then=Value(Status.DUE_SOON.value)),
        default=Value(Status.IN_DATE.value),
        output_field=models.CharField(),
    )


def spans_of(pauses: Sequence[Any]) -> tuple[tuple[dt.date, dt.date | None], ...]:
    """Paused spans as (first day, last day or None), from the date ranges that are stored."""
    day = dt.timedelta(days=1)
    return tuple((span.lower, span.upper - day if span.upper else None) for span in pauses)


class Due(models.Model):
    """Something owed by a date under a rule. The three dates are stored, the status is read: midnight needs no job.

    `due_on`, `overdue_from` and `soon_from` are those of the oldest unserved slot or date (see rules.due.stored_dates);
    `pauses` are the paused spans, each a date range with an open end when it is not yet known.
    """

    due_on = models.DateField(null=True, blank=True)
    overdue_from = models.DateField(null=True, blank=True)
    soon_from = models.DateField(null=True, blank=True)
    pauses = ArrayField(DateRangeField(), default=list, blank=True)

    class Meta:
        abstract = True

    def spans(self) -> tuple[tuple[dt.date, dt.date | None], ...]:
        """The paused spans as (first day, last day or None)."""
        return spans_of(self.pauses)

    def status(self, today: dt.date) -> Status:
        """The status on `today`, from the three dates and the pauses alone."""
        return status_on(StoredDates(self.due_on, self.overdue_from, self.soon_from), self.spans(), today)
