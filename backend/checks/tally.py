"""How many active plans and how many lapses there are, kept beside them by triggers: counting the estate reads neither.

Triggers (migration 0005) add a row for each change, in the transaction of the change, and nobody alters one: so two who plan at
the same time never wait for each other. What there is, is the sum. Every night the rows become one for each thing counted.
"""

from django.db import connection, models, transaction


class PlanTally(models.Model):
    """A number of active plans that came to (or, below nothing, left) a discipline at a site."""

    site_id = models.UUIDField()  # no link: a sum of nothing must not keep a site from being deleted
    discipline = models.CharField(max_length=40)
    plans = models.IntegerField()

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


TRUTHS = {
    "checks_plantally (site_id, discipline, plans)": "SELECT site_id, discipline, count(*) AS n FROM checks_plan WHERE active "
    "GROUP BY site_id, discipline",
    "checks_lapsetally (site_id, discipline, due_on, lapses)": "SELECT p.site_id, p.discipline, l.due_on, count(*) AS n "
    "FROM checks_lapse l JOIN checks_plan p ON p.id = l.plan_id GROUP BY p.site_id, p.discipline, l.due_on",
}
"""Each tally with its columns, and the question that it is the answer to."""


@transaction.atomic
def tally_anew() -> int:
    """Count anew, and keep one row for each thing counted; answers how many rows. Twice does no harm.

    One statement for each, hence one view of the database: what others add meanwhile stays beside it and is not counted in.
    """
    rows = 0
    with connection.cursor() as cursor:
        for tally, truth in TRUTHS.items():
            table = tally.partition(" ")[0]
            cursor.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE")  # one at a time; writers do not wait
            cursor.execute(f"WITH gone AS (DELETE FROM {table}) INSERT INTO {tally} {truth}")  # noqa: S608  words of TRUTHS
            rows += cursor.rowcount
    return rows


def astray() -> list[str]:
    """A sentence for each place where a tally is not what there is."""
    found = []
    with connection.cursor() as cursor:
        for tally, truth in TRUTHS.items():
            table, _, columns = tally.partition(" ")
            *keys, number = columns.strip("()").split(", ")
            by = ", ".join(keys)
            kept = f"SELECT {by}, sum({number}) AS n FROM {table} GROUP BY {by}"  # noqa: S608  words of TRUTHS
            cursor.execute(
                f"SELECT {by}, coalesce(kept.n, 0), coalesce(there.n, 0) FROM ({truth}) there FULL JOIN ({kept}) kept "  # noqa: S608  likewise
                f"USING ({by}) WHERE coalesce(kept.n, 0) <> coalesce(there.n, 0) ORDER BY {by}"
            )
            found += [
                f"{number} of {' '.join(map(str, key))} are counted as {kept}; there are {there}" for *key, kept, there in cursor
            ]
    return found
