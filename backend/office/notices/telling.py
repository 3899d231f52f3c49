"""Notices that cannot wait for the daily letter: what is unsafe, work that was given out, days that have come, and silence."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from backend.core.days import LONDON
from backend.core.templatetags.words import day
from backend.maintenance.models import Defect, WorkOrder
from backend.office.models import Notice
from backend.office.notices.people import People
from backend.office.notices.quiet import quiet_sites
from backend.rules.telling import LEAD, SITE_MANAGER, WEEK, stage
from backend.trust.models import Person, Site

RECENT: Final = dt.timedelta(days=2)
UNSAFE: Final = "unsafe"
"""The one kind that nobody can switch off and no closed day holds back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is to be told, to whomever."""

    sort: str
    key: str
    kind: str
    words: str
    path: str
    weight: int
    due_on: dt.date | None = None
    site_id: uuid.UUID | None = None
    step: int | None = None
    together: str = ""
    together_path: str = ""

    def to(self, person: Person, now: dt.datetime) -> Notice:
        """The notice for one person."""
        today = now.astimezone(LONDON).date()
        return Notice(
            person=person, day=today, at=now, sort=self.sort, key=self.key, kind=self.kind, words=self.words[:500],
            path=self.path, weight=self.weight, due_on=self.due_on, stage=stage(self.due_on, today), site_id=self.site_id,
            step=self.step, together=self.together[:300], together_path=self.together_path,
        )  # fmt: skip


def keep(notices: Iterable[Notice]) -> None:
    """Keep notices, each once: what was told to somebody today already, or as this step before, is left out by the database."""
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=500)


def wants(people: People, person: Person, kind: str) -> bool:
    """Whether somebody has not switched a kind off."""
    return kind not in people.choice(person).without


def given_out(people: People, now: dt.datetime) -> Iterator[Notice]:
    """Work that was given to somebody within two days, and work whose day is today, told on their working days; while they are
    away, to who stands in. One query."""
    today = now.astimezone(LONDON).date()
    rows = WorkOrder.objects.running().filter(assigned_to__in=people.persons).select_related("site")
    for order in rows.filter(given_at__gte=now - RECENT) | rows.filter(target_on=today):
        given = people.persons.get(order.assigned_to_id)  # type: ignore[arg-type]
        person = given and people.instead(given, order.site_id)
        kind = "deadline" if order.target_on == today else "work"
        if person is None or order.given_by_id == person.pk or not wants(people, person, kind) or not people.works(person, today):
            continue
        if kind == "deadline" and now.astimezone(LONDON).hour < people.choice(person).hour:
            continue
        whose = "you" if person == given else f"{given}, for whom you stand in"
        what = f"Today is the day for {order.title}" if kind == "deadline" else f"Given to {whose}: {order.title}"
        by = f", by {day(order.target_on)}" if order.target_on and kind == "work" else ""
        said = Said(
            sort=Notice.Sort.NOW, key=f"work:{order.pk}:do", kind=kind, words=f"{what}, {order.site}{by}",
            path=f"/work-orders/{order.pk}/", weight=3, due_on=order.target_on, site_id=order.site_id,
            step=1 if kind == "deadline" else 0,
        )  # fmt: skip
        yield said.to(person, now)


def found_unsafe(now: dt.datetime) -> Iterator[tuple[Defect, Said]]:
    """What must not be used now, with what is said of it. One query."""
    today = now.astimezone(LONDON).date()
    for each in Defect.objects.barring(today).filter(reported_at__lte=now).select_related("site").order_by("reported_at", "pk"):
        yield (
            each,
            Said(
                sort=Notice.Sort.STEP, key=f"defect:{each.pk}:unsafe", kind=UNSAFE, weight=5,
                words=f"Unsafe at {each.site}: {each.summary[:200]}", path=f"/problems/{each.pk}/",
                due_on=each.safe_by or each.found_on, site_id=each.site_id,
            ),
        )  # fmt: skip


def gone_quiet(people: People, now: dt.datetime) -> Iterator[Notice]:
    """Sites that have gone quiet, to their managers and the estates lead; again after a week. Two queries."""
    today = now.astimezone(LONDON).date()
    for site in quiet_sites(Site.objects.all(), today, people.days):
        since = f"since {day(site.since)}" if site.since else "so far"
        weeks = (today - site.since).days // WEEK if site.since else today.toordinal() // WEEK
        said = Said(
            sort=Notice.Sort.QUIET, key=site.key, kind="quiet", weight=4, step=min(weeks, 32000) if site.since else weeks % 32000,
            words=f"{site.name} has gone quiet: nothing was recorded there {since}, though checks were due.",
            path=f"/sites/{site.site_id}/", site_id=site.site_id,
        )  # fmt: skip
        for person in people.here(people.at(site.site_id, site.school_id, (SITE_MANAGER, LEAD)), site.site_id):
            if wants(people, person, "quiet") and people.works(person, today):
                yield said.to(person, now)
