"""Small trends for the school's and the asset's page: a line and a sentence, and the way to the whole."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Sum

from backend.assets.models import Asset
from backend.checks.models import MonthEnd
from backend.checks.queries.compliance import Counts
from backend.office.maps.charts import spark
from backend.office.maps.readings import readings
from backend.trust.models import Person, School

YEAR: Final = dt.timedelta(days=366)
MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Small:
    """A small line (the path of a picture of 140 by 32), what it says, and the page of the whole."""

    name: str
    path: str
    sentence: str
    link: str


def of_school(person: Person, school: School, counts: Counts, today: dt.date) -> Small | None:
    """The last twelve month ends of a school, and today's `counts`; None before there are any. One query."""
    running = F("in_date") + F("due_soon") + F("due") + F("overdue")
    rows = MonthEnd.objects.visible_to(person).filter(site__school=school, day__gt=today - YEAR).order_by("day")
    sums = rows.values("day").annotate(well=Sum(F("in_date") + F("due_soon") - F("unproved")), all=Sum(running)).order_by("day")
    shares = [(each["day"], 100 * each["well"] / each["all"]) for each in sums if each["all"]]
    now = counts.plans - counts.paused
    if not shares or not now:
        return None
    shares.append((today, 100 * counts.proved / now))
    first, last = shares[0], shares[-1]
    way = "up from" if last[1] > first[1] + 0.05 else "down from" if last[1] < first[1] - 0.05 else "as in"
    told = f"{first[1]:.1f}% at the end of {first[0]:%B %Y}" if way != "as in" else f"{first[0]:%B %Y}"
    said = f"{last[1]:.1f}% in date, {way} {told}."
    return Small("In date", spark([share for _, share in shares]), said, f"/trends/?school={school.pk}")


def of_asset(person: Person, asset: Asset, today: dt.date) -> list[Small]:
    """What was read off an asset in the last two years, the worst first; nothing for fewer than three readings."""
    found = readings(person, since=today - 2 * YEAR, today=today, limited=False, asset=asset)
    link = f"/trends/readings/?asset={asset.pk}&months=24"
    drawn = [each for each in found if each.asset == asset.pk and len(each.readings) > 2]
    return [Small(each.of.label, each.spark, each.sentence(today), link) for each in drawn[:MOST]]
