"""Charts, drawn by ourselves: where each line, bar and word stands. What is drawn stands in a table as well."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

WIDTH, HEIGHT = 360, 210
LEFT, RIGHT, TOP, BOTTOM = 46.0, 306.0, 16.0, 182.0
"""Of the picture's units: the field in which is drawn. Right of it the last value is written."""
TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Value:
    """One figure: of a month or a day, where it leads, what it says; `wrong` when it is outside its limits."""

    day: dt.date
    value: float | None
    link: str = ""
    said: str = ""
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A point or bar on the picture."""

    x: float
    y: float
    of: Value
    wide: float = 0
    high: float = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word on the picture."""

    x: float
    y: float
    words: str
    kind: str = ""


@dataclass(slots=True)
class Chart:
    """A chart: lines as paths, points, bars, words. `said` describes it for who does not see it."""

    title: str
    said: str
    paths: list[tuple[str, str]] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    bars: list[Point] = field(default_factory=list)
    levels: list[Word] = field(default_factory=list)
    days: list[Word] = field(default_factory=list)
    limits: list[Word] = field(default_factory=list)
    labels: list[Word] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Scale:
    """From figures to the picture."""

    low: float
    high: float
    first: dt.date
    last: dt.date

    def y(self, value: float) -> float:
        """How far down a value stands."""
        return round(BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)

    def x(self, day: dt.date) -> float:
        """How far right a day stands."""
        span = max((self.last - self.first).days, 1)
        return round(LEFT + (day - self.first).days / span * (RIGHT - LEFT), 1)


def step_for(span: float) -> float:
    """A round step that divides a span into about four."""
    rough = max(span, 1e-6) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= rough))


def scale_of(values: Sequence[float], days: Sequence[dt.date], *, least: float | None, most: float | None) -> Scale:
    """A scale with round ends that shows all values; it reaches `least` and `most` at the least."""
    low = min([*values, *([least] if least is not None else [])])
    high = max([*values, *([most] if most is not None else [])])
    step = step_for(high - low or max(abs(high), 1))
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    return Scale(low, high if high > low else low + step, min(days), max(days))


def framed(title: str, said: str, scale: Scale, unit: str = "", *, whole: bool = False) -> Chart:
    """An empty chart with its levels and its days."""
    chart = Chart(title, said)
    step = step_for(scale.high - scale.low)
    if whole:
        step = max(1.0, math.ceil(step))
    for number in range(round((scale.high - scale.low) / step) + 1):
        level = scale.low + number * step
        if level <= scale.high + 1e-9:
            chart.levels.append(Word(LEFT - 6, scale.y(level), f"{level:g}{unit}"))
    ends = ((scale.first, "start"), (scale.last, "end"))
    for day, anchor in ends if (scale.last - scale.first).days >= 60 else ends[:1]:
        chart.days.append(Word(scale.x(day), BOTTOM + 18, f"{day:%b %Y}", anchor))
    return chart


def line_chart(
    title: str, said: str, values: Sequence[Value], *, unit: str = "", limits: Sequence[tuple[float, str]] = (),
    least: float | None = None, most: float | None = None, whole: bool = False, marks: bool = True,
) -> Chart:  # fmt: skip
    """A line through the figures (broken where there is none), with limits as lines of their own."""
    known = [each for each in values if each.value is not None]
    shown = [each.value for each in known if each.value is not None] + [limit for limit, _ in limits]
    scale = scale_of(shown, [each.day for each in values], least=least, most=most)
    chart = framed(title, said, scale, unit, whole=whole)
    chart.limits = [Word(LEFT, scale.y(limit), words) for limit, words in limits]
    path, pen = "", "M"
    for each in values:
        if each.value is None:
            pen = "M"
            continue
        x, y = scale.x(each.day), scale.y(each.value)
        path, pen = f"{path}{pen}{x} {y}", "L"
        if marks or each.wrong:
            chart.points.append(Point(x, y, each, kind="wrong" if each.wrong else ""))
    chart.paths.append((path, "value"))
    if known and known[-1].value is not None:
        last = known[-1]
        chart.labels.append(Word(RIGHT + 6, scale.y(known[-1].value) + 4, f"{last.value:g}{unit}"))
    return chart


def bar_chart(title: str, said: str, series: Sequence[tuple[str, str, Sequence[Value]]]) -> Chart:
    """Counts as bars side by side: (name, kind, figures) of each series, of the same months."""
    values = [each.value or 0 for _, _, figures in series for each in figures]
    days = [each.day for each in series[0][2]]
    scale = scale_of([0, *values], days, least=0, most=4)
    chart = framed(title, said, scale, whole=True)
    chart.days = []
    room = (RIGHT - LEFT) / len(days)
    wide = room * 0.8 / len(series)
    for number, (_, kind, figures) in enumerate(series):
        for at, each in enumerate(figures):
            x = LEFT + room * (at + 0.1) + wide * number
            y = scale.y(each.value or 0)
            chart.bars.append(Point(round(x, 1), y, each, round(wide, 1), round(BOTTOM - y, 1), kind))
    chart.days = [
        Word(LEFT, BOTTOM + 18, f"{days[0]:%b %Y}", "start"), Word(RIGHT, BOTTOM + 18, f"{days[-1]:%b %Y}", "end"),
    ]  # fmt: skip
    if len(series) > 1:
        chart.labels = [Word(LEFT + 4 + 120 * at, TOP - 4, name, kind) for at, (name, kind, _) in enumerate(series)]
    return chart


def spark(values: Sequence[float], *, wide: int = 140, high: int = 32) -> str:
    """The path of a small line without axes, in so many units."""
    low, top = min(values), max(values)
    span = (top - low) or 1
    step = (wide - 8) / max(len(values) - 1, 1)
    points = [f"{4 + at * step:.1f} {high - 5 - (each - low) / span * (high - 10):.1f}" for at, each in enumerate(values)]
    return "M" + "L".join(points)
