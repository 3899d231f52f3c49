"""Columns of money by month, as a chart with direct labels."""

import datetime as dt
from collections.abc import Sequence

from backend.office.maps.charts import BOTTOM, LEFT, TOP, Chart, Point, Value, Word
from backend.office.risk.said import money

RIGHT = 350.0


def columns(title: str, months: Sequence[tuple[dt.date, int]]) -> Chart:
    """A column for each month, its sum above it where there is one, its name below."""
    most = max((pence for _, pence in months), default=0)
    told = ", ".join(f"{day:%B %Y} {money(pence)}" for day, pence in months)
    chart = Chart(title, f"{title}: {told}.")
    wide = (RIGHT - LEFT) / max(len(months), 1)
    for number, (day, pence) in enumerate(months):
        high = (BOTTOM - TOP - 14) * pence / most if most else 0.0
        x = LEFT + number * wide
        value = Value(day, float(pence), link="/risk/forecast/?who=firms", said=f"{day:%B %Y}: {money(pence)}")
        chart.bars.append(Point(round(x + 2, 1), round(BOTTOM - high, 1), value, round(wide - 4, 1), round(high, 1)))
        chart.days.append(Word(round(x + wide / 2, 1), BOTTOM + 12, f"{day:%b}", "middle"))
    if most:
        chart.levels.append(Word(LEFT - 4, TOP + 14, money(most)))
    return chart
