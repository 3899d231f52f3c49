"""The year past of one school: its plans with their starts, and a record for every time that a check was done."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.assets.models import Asset
from backend.checks.actions import NewPhoto, NewRecord, When
from backend.checks.models import CheckRevision, CheckType, Plan
from backend.core.days import LONDON
from backend.core.problems import Problem
from backend.office.demo.answers import Answers, Asked
from backend.office.demo.dice import dice, made_id
from backend.office.demo.duties import Duty
from backend.office.demo.fixtures import Fixtures, Habits
from backend.office.demo.past import Circumstances, Past, Visit, past_of, school_days_back
from backend.office.demo.people import Team
from backend.office.demo.places import Made
from backend.rules.days import SchoolDays
from backend.rules.due import Counts, Rule, Unit
from backend.trust.models import Person, Site

FAULTS = {Unit.DAY: 0.03, Unit.WEEK: 0.25, Unit.MONTH: 1.0, Unit.TERM: 2.0, Unit.YEAR: 5.0}
PRESENCE = (("tag", 0.8), ("tag_photo", 0.92), ("typed", 1.0))


@dataclass(slots=True)
class Year:
    """What the records of a school are made from."""

    made: Made
    fixtures: Fixtures
    team: Team
    answers: Answers
    days: SchoolDays
    today: dt.date
    seed: int
    tags: Mapping[object, str] = field(default_factory=dict)
    nearby: dict[tuple[object, str], list[Asset]] = field(default_factory=lambda: defaultdict(list))

    @property
    def habits(self) -> Habits:
        """How well the school keeps to what it owes."""
        return self.fixtures.duties.habits[self.made.plan.habits]

    def know(self, assets: Sequence[Asset]) -> None:
        """Remember the school's assets by site and type."""
        for asset in assets:
            self.nearby[asset.site_id, asset.type_id].append(asset)

    def at(self, site: Site) -> dict[str, list[Asset]]:
        """The assets of a site by type."""
        return {kind: assets for (place, kind), assets in self.nearby.items() if place == site.pk}


def pasts_of(year: Year, duties: Sequence[Duty]) -> Iterator[tuple[Duty, Past]]:
    """The dates of every duty. One throw for all of a kind at a site: they are seen to on one round or visit."""
    plan = year.made.plan
    overdue = dict(plan.overdue)
    for duty in duties:
        code = duty.check.code
        late = overdue.pop(code, None)
        throw = dice(year.seed, "past", plan.key, duty.site.name, code, late)
        keys = {question["key"] for question in duty.content["questions"]}
        about = Circumstances(
            duty.rule,
            year.days,
            year.habits,
            year.today,
            overdue=late,
            states_next=bool(keys & {"next_due_stated", "review_due"}),
            installed_on=duty.installed_on if matters(duty.rule) else None,
        )
        past = past_of(about, throw)
        duty.starts_on = past.starts_on
        yield duty, past


def matters(rule: Rule) -> bool:
    """Whether a duty comes round so rarely that it matters when the thing was installed."""
    return rule.unit is Unit.YEAR or (rule.unit is Unit.MONTH and rule.every >= 6 and rule.counts is Counts.COMPLETION)


def records_of(year: Year, duty: Duty, past: Past, plan: Plan) -> Iterator[NewRecord]:
    """A record for every visit."""
    questions, by = duty.content["questions"], author_of(year, duty)
    thing = duty.asset.pk if duty.asset else duty.building
    throw = dice(year.seed, "records", year.made.plan.key, duty.check.code, duty.site.name, thing)
    discipline = duty.content["discipline"]
    firms = year.fixtures.spoken.firms
    inspected = duty.content.get("form") == "thorough-examination"
    firm = dice(year.seed, "firm", year.made.plan.key, discipline).choice(firms["inspectors" if inspected else discipline])
    chance = year.habits.fault * FAULTS[duty.rule.unit]
    base = Asked(
        duty.check.code,
        discipline,
        year.today,
        throw,
        duty.about,
        year.at(duty.site),
        duty.rule,
        f"{duty.site.name}, {duty.building.name}" if duty.building else duty.site.name,
        duty.asset,
        firm=firm,
    )
    for turn, visit in enumerate(past.visits):
        wrong = year.answers.pick_wrong(questions, throw) if throw.random() < chance else ""
        asked = replace(base, on=visit.on, turn=turn, stated_next=visit.stated_next, wrong=wrong, files={})
        yield record_of(year, duty, visit, asked, plan, by)


def record_of(year: Year, duty: Duty, visit: Visit, asked: Asked, plan: Plan, by: Person) -> NewRecord:
    """One record, by whoever does such checks, at a plausible time of day."""
    given = year.answers.answer(duty.content["questions"], asked)
    imported = visit.on < year.today - dt.timedelta(days=366)
    from_office = duty.content["competence"]["level"] == "competent-contractor" or given.files.keys() - {"photo"}
    when = when_of(visit.on, duty.rule.unit, asked.throw, year.today, imported=imported, office=bool(from_office))
    presence = "imported" if imported else "office" if from_office else presence_of(asked.throw)
    tag = year.tags.get(duty.asset.pk, "") if duty.asset and presence.startswith("tag") else ""
    kinds = year.answers.papers.kinds
    return NewRecord(
        id=made_id(asked.throw),
        author=by,
        revision=revision_of(duty.check),
        answers=given.answers,
        when=when,
        presence=presence if tag or not presence.startswith("tag") else "typed",
        plan=plan,
        tag=tag,
        photos=[NewPhoto(sha, kinds[sha][0], kinds[sha][1], key) for key, sha in given.files.items()],
        device_id="" if from_office or imported else f"demo-{year.made.plan.key}",
    )


def revision_of(check: CheckType) -> CheckRevision:
    """The published revision that was on the screen."""
    if check.current is None:
        raise Problem("not_published", f"{check.code} has not been published.")
    return check.current


def author_of(year: Year, duty: Duty) -> Person:
    """Who does it: the caretaker's rounds, the business manager's papers and firms' reports."""
    role = year.fixtures.duties.by.get(duty.check.code)
    if role is None:
        role = "sbm" if duty.content["competence"]["level"] == "competent-contractor" else "caretaker"
    return year.team.at(year.made.plan.key, role)


def presence_of(throw: random.Random) -> str:
    """How presence was proved: mostly by the tag."""
    luck = throw.random()
    return next(word for word, below in PRESENCE if luck < below)


def when_of(on: dt.date, unit: Unit, throw: random.Random, today: dt.date, *, imported: bool, office: bool) -> When:
    """A plausible time of day: rounds before school, tests in the morning, firms' reports entered in the afternoon."""
    first, last = (13 * 60, 16 * 60 + 30) if office else {Unit.DAY: (6 * 60 + 40, 8 * 60 + 10)}.get(unit, (8 * 60, 15 * 60))
    minute = throw.randint(first, last)
    done = dt.datetime(on.year, on.month, on.day, minute // 60, minute % 60, throw.randint(0, 59), tzinfo=LONDON)
    if imported:
        then = today - dt.timedelta(days=365)
        received = dt.datetime(then.year, then.month, then.day, 9, 0, tzinfo=LONDON)
        return When(done, received, max(received, done))
    waited = throw.choice((8, 20, 45, 300, 5400)) if not office else 1
    received = done + dt.timedelta(seconds=waited)
    if office:
        return When(done, received, received)
    skew = throw.randint(-2500, 2500)
    device = done + dt.timedelta(milliseconds=skew)
    started = done - dt.timedelta(seconds=throw.randint(40, 600))
    return When(done, device, received, started_at=started, offset_min=int(done.utcoffset().total_seconds() // 60), skew_ms=skew)  # type: ignore[union-attr]


def event_records(year: Year, wanted: Mapping[str, int], events: Sequence[tuple[CheckType, Asset]]) -> Iterator[NewRecord]:
    """Checks that only a use calls for, on some of the year's school days."""
    open_days = school_days_back(year.days, year.today)
    for check, asset in events:
        revision = revision_of(check)
        throw = dice(year.seed, "events", year.made.plan.key, check.code, asset.pk)
        by = year.team.at(year.made.plan.key, "caretaker")
        asked = Asked(check.code, check.discipline, year.today, throw, [asset], {}, None, year.made.school.name, asset)
        for on in open_days:
            if throw.random() >= wanted[check.code] / 5:
                continue
            asked.on = on
            asked.wrong = year.answers.pick_wrong(revision.questions(), throw) if throw.random() < year.habits.fault else ""
            given = year.answers.answer(revision.questions(), asked)
            when = when_of(on, Unit.DAY, throw, year.today, imported=False, office=False)
            yield NewRecord(
                id=made_id(throw), author=by, revision=revision, answers=given.answers, when=when, presence="typed", asset=asset
            )
