"""What the data can show of each sort of evidence for the annual return: how many there are of how many, and where to look."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from backend.checks.models import Plan
from backend.checks.queries.compliance import compliance
from backend.checks.queries.documents import Need, needs
from backend.maintenance.models import Contractor, Defect
from backend.maintenance.queries.contractors import standings
from backend.risk.estate import estate
from backend.risk.models import BoardPaper, ConditionSurvey, Risk
from backend.risk.queries.condition import open_items
from backend.rules.documents import ENDING, HELD, NOT_NEEDED
from backend.rules.estate import POOR
from backend.trust.models import Building, Person, Site

TERM_DAYS: Final = 130  # a paper for the board once a term


@dataclass(frozen=True, slots=True)
class Shown:
    """One sort of evidence: how many are there of how many; None and no link where nothing in the data can show it."""

    words: str
    link: str = ""
    there: int = 0
    wanted: int = 0
    can_show: bool = True

    @property
    def counts(self) -> tuple[int, int] | None:
        """As rules.standards.position_of takes it."""
        return (self.there, self.wanted) if self.can_show else None


SAID: Final = Shown("Somebody has to say so: nothing here can show it.", can_show=False)


class Evidence:
    """What the data shows on a day, for who sees the whole trust. Each part is read once, when a statement asks for it."""

    def __init__(self, person: Person, day: dt.date) -> None:
        self.person, self.day = person, day

    @cached_property
    def sites(self) -> list[Site]:
        """Every site."""
        return list(Site.objects.visible_to(self.person))

    @cached_property
    def buildings(self) -> list[Building]:
        """Every building."""
        return list(Building.objects.visible_to(self.person))

    @cached_property
    def papers(self) -> list[Need]:
        """Every document that is needed."""
        return [each for each in needs(self.person, self.day) if each.standing.state != NOT_NEEDED]

    @cached_property
    def cells(self) -> list[Any]:
        """The counts of checks by site and discipline."""
        return compliance(self.person, today=self.day)

    def of(self, said: Mapping[str, Any]) -> Shown:
        """What is shown of one sort of evidence."""
        ways: dict[str, Callable[[Mapping[str, Any]], Shown]] = {
            "documents": self.documents,
            "checks": self.checks,
            "register": self.register,
            "defects": self.defects,
            "risks": self.risks,
            "firms": self.firms,
            "papers": self.board_papers,
        }
        way = ways.get(said["kind"])
        return way(said) if way else SAID

    def documents(self, said: Mapping[str, Any]) -> Shown:
        """Documents held and in date, of those that are needed."""
        keys = said.get("keys")
        those = [each for each in self.papers if not keys or each.kind.key in keys]
        there = sum(each.standing.state in (HELD, ENDING) for each in those)
        link = f"/documents/list/?kind={keys[0]}" if keys and len(keys) == 1 else "/documents/"
        return Shown("documents held and in date", link, there, len(those))

    def checks(self, said: Mapping[str, Any]) -> Shown:
        """Checks in date and proved, of those planned; paused ones aside."""
        fields = said.get("disciplines")
        those = [each.counts for each in self.cells if not fields or each.discipline in fields]
        there, wanted = sum(each.proved for each in those), sum(each.plans - each.paused for each in those)
        link = f"/plans/?discipline={fields[0]}" if fields and len(fields) == 1 else "/compliance/"
        return Shown("checks in date and proved", link, there, wanted)

    def register(self, said: Mapping[str, Any]) -> Shown:
        """What the register holds."""
        sites, buildings = len(self.sites), len(self.buildings)
        match said["of"]:
            case "areas":
                there = sum(bool(each.floor_area_m2) for each in self.buildings)
                return Shown("buildings with a floor area", "/set-up/", there, buildings)
            case "years":
                return Shown("buildings with a year", "/set-up/", sum(bool(each.built) for each in self.buildings), buildings)
            case "plans":
                plans = Plan.objects.visible_to(self.person).filter(active=True)
                there = plans.values("site_id").distinct().count()
                return Shown("sites with checks planned", "/compliance/", there, sites)
            case "surveys":
                return Shown("sites surveyed within five years", "/condition/", len(self.surveyed()), sites)
            case _:
                poor = [each for each in open_items(self.person, self.day) if each.grade in POOR]
                priced = sum(each.cost_pence is not None and each.year is not None for each in poor)
                return Shown("findings in poor condition with a price and a year", "/condition/items/", priced, len(poor))

    def surveyed(self) -> set[uuid.UUID]:
        """The sites with a survey that is not too old."""
        since = self.day - dt.timedelta(days=365 * estate().survey_every_years)
        rows = ConditionSurvey.objects.visible_to(self.person).filter(withdrawn_at=None, done_on__gte=since)
        return set(rows.exclude(source=ConditionSurvey.Source.OWN).values_list("site_id", flat=True))

    def defects(self, said: Mapping[str, Any]) -> Shown:
        """Open problems that are not unsafe, or not past their date, of all open ones; none open is whole."""
        rows = Defect.objects.visible_to(self.person).filter(status=Defect.Status.OPEN)
        count = rows.count()
        if said["of"] == "unsafe":
            bad, words, link = rows.barring(self.day).count(), "open problems that are not unsafe", "/problems/?unsafe=1"
        else:
            bad = rows.filter(target_on__lt=self.day).count()
            words, link = "open problems within their date", "/problems/?stage=late"
        return Shown(words, link, count - bad + (count == 0), count + (count == 0))

    def risks(self, said: Mapping[str, Any]) -> Shown:
        """Open risks on the register; those looked at in time."""
        rows = Risk.objects.visible_to(self.person).filter(closed_on=None)
        count = rows.count()
        if said["of"] == "register":
            return Shown("risks on the register", "/risk/register/", count, max(count, 1))
        due = rows.filter(review_on__lt=self.day).count()
        return Shown("risks looked at in time", "/risk/register/?when=due", count - due, max(count, 1))

    def firms(self, _said: Mapping[str, Any]) -> Shown:
        """Firms in use that may work here."""
        firms = list(Contractor.objects.visible_to(self.person).filter(active=True))
        stand = standings(firms, self.day) if firms else {}
        return Shown("firms with valid papers", "/contractors/", sum(stand[each.pk].may_work for each in firms), len(firms))

    def board_papers(self, _said: Mapping[str, Any]) -> Shown:
        """A paper for the board within a term."""
        since = self.day - dt.timedelta(days=TERM_DAYS)
        found = BoardPaper.objects.visible_to(self.person).filter(day__gte=since, day__lte=self.day).count()
        return Shown("board papers within a term", "/risk/papers/", min(found, 1), 1)
