"""How many active plans and how many lapses there are, kept beside them by triggers: counting the estate reads neither.

Triggers (migrations 0005 and 0022) add a row for each change, in the transaction of the change, and nobody alters one: so two
who plan at the same time never wait for each other. What there is, is the sum. Every night the rows become one for each
thing counted.
"""

from typing import Final, NamedTuple

from django.db import connection, models, transaction


class PlanTally(models.Model):
    """A number of active plans that came to (or, below nothing, left) a discipline at a site."""

    site_id = models.UUIDField()  # no link: a sum of nothing must not keep a site from being deleted
    discipline = models.CharField(max_length=40)
    plans = models.IntegerField()
    never = models.IntegerField("of them, those of which nothing is recorded", default=0, db_default=0)

    class Meta:
        indexes = [models.Index(fields=["site_id", "discipline"], name="plan_tally_of_site")]

    def __str__(self) -> str:
        return f"{self.plans:+} {self.discipline} at {self.site_id}"


class LapseTally(models.Model):
    """A number of lapses, withdrawn ones among them, of a day, that came to (or left) a discipline at a site with their plan."""

    site_id = models.UUIDField()
    discipline = models.CharField(max_length=40)
    due_on = models.DateField()
    lapses = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["site_id", "due_on"], name="lapse_tally_of_site")]

    def __str__(self) -> str:
        return f"{self.lapses:+} {self.discipline} at {self.site_id}, missed {self.due_on}"


class Truth(NamedTuple):
    """A tally: its table, what it is counted by, what is counted, and the question that it is the answer to."""

    table: str
    by: tuple[str, ...]
    numbers: tuple[str, ...]
    question: str


TRUTHS: Final = (
    Truth(
        "checks_plantally", ("site_id", "discipline"), ("plans", "never"),
        "SELECT site_id, discipline, count(*) AS plans, count(*) FILTER (WHERE last_done_on IS NULL) AS never FROM checks_plan "
        "WHERE active GROUP BY site_id, discipline",
    ),
    Truth(
        "checks_lapsetally", ("site_id", "discipline", "due_on"), ("lapses",),
        "SELECT p.site_id, p.discipline, l.due_on, count(*) AS lapses FROM checks_lapse l JOIN checks_plan p ON p.id = l.plan_id "
        "GROUP BY p.site_id, p.discipline, l.due_on",
    ),
)  # fmt: skip


@transaction.atomic
def tally_anew() -> int:
    """Count anew, and keep one row for each thing counted; answers how many rows. Twice does no harm.

    One statement for each, hence one view of the database: what others add meanwhile stays beside it and is not counted in.
    """
    rows = 0
    with connection.cursor() as cursor:
        for truth in TRUTHS:
            cursor.execute(f"LOCK TABLE {truth.table} IN SHARE UPDATE EXCLUSIVE MODE")  # one at a time; writers do not wait
            columns = ", ".join(truth.by + truth.numbers)
            cursor.execute(
                f"WITH gone AS (DELETE FROM {truth.table}) INSERT INTO {truth.table} ({columns}) {truth.question} "  # noqa: S608  words of TRUTHS
                f"ORDER BY {', '.join(truth.by)}"  # as they are read: a site's rows side by side
            )
            rows += cursor.rowcount
    return rows


def astray() -> list[str]:
    """A sentence for each place where a tally is not what there is."""
    found = []
    with connection.cursor() as cursor:
        for truth in TRUTHS:
            by, numbers = ", ".join(truth.by), truth.numbers
            sums = ", ".join(f"sum({each}) AS {each}" for each in numbers)
            kept = f"SELECT {by}, {sums} FROM {truth.table} GROUP BY {by}"  # noqa: S608  words of TRUTHS
            kept_n, there_n = (", ".join(f"coalesce({of}.{each}, 0)" for each in numbers) for of in ("kept", "there"))
            cursor.execute(
                f"SELECT {by}, {kept_n}, {there_n} FROM ({truth.question}) there FULL JOIN ({kept}) kept USING ({by}) "  # noqa: S608  likewise
                f"WHERE ({kept_n}) <> ({there_n}) ORDER BY {by}"
            )
            for row in cursor:
                key, said = " ".join(map(str, row[: len(truth.by)])), row[len(truth.by) :]
                each = zip(numbers, said[: len(numbers)], said[len(numbers) :], strict=True)
                found += [f"{what} of {key} are counted as {n}; there are {m}" for what, n, m in each if n != m]
    return found
