"""Condition surveys: entered whole, withdrawn when they were a mistake; what they found comes to its end by a further row."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.assets.models import Asset
from backend.core import audit
from backend.core.files import person_owner
from backend.core.models import FileProof, StoredFile
from backend.core.problems import Problem
from backend.risk.estate import estate
from backend.risk.evidence import ENDINGS, SURVEYS
from backend.risk.models import ConditionItem, ConditionSurvey, ItemEnding
from backend.rules.estate import GRADES, POOR, PRIORITIES
from backend.trust import permits
from backend.trust.actions import Actor, fact, require_site
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import require

MOST_ITEMS = 5000
MOST_PENCE = 10_000_000_000
FIRST_YEAR, LAST_YEAR = 1950, 2200


@dataclass(slots=True)
class NewItem:
    """What a survey found of one element. Money in pence at the survey's prices; `photos` are SHA-256 of files sent before."""

    element: str
    words: str
    grade: str
    priority: int | None = None
    cost_pence: int | None = None
    year: int | None = None
    building: Building | None = None
    space: Space | None = None
    asset: Asset | None = None
    photos: Sequence[str] = ()


@dataclass(slots=True)
class NewSurvey:
    """A survey with what it found."""

    site: Site
    done_on: dt.date
    surveyor: str
    items: Sequence[NewItem]
    source: str = ConditionSurvey.Source.SURVEY
    priced_on: dt.date | None = None
    note: str = ""
    file: StoredFile | None = None


@transaction.atomic
def enter_survey(*, new: NewSurvey, actor: Actor, today: dt.date) -> ConditionSurvey:
    """Enter a survey with its items. Raises Problem, with `fields` named "items.<number>.<column>", when anything is wrong."""
    require_site(actor, permits.RISK_MANAGE, new.site, "enter condition surveys")
    judge(new, actor, today)
    person = actor if isinstance(actor, Person) else None
    survey = ConditionSurvey.objects.create(
        site=new.site,
        done_on=new.done_on,
        surveyor=new.surveyor.strip()[:160],
        source=new.source,
        priced_on=new.priced_on or new.done_on,
        note=new.note.strip()[:1000],
        sha256=new.file.pk if new.file else "",
        content_type=new.file.content_type if new.file else "",
        size=new.file.size if new.file else 0,
        entered_at=timezone.now(),
        entered_by=person,
    )
    items = ConditionItem.objects.bulk_create([row_of(survey, number, each) for number, each in enumerate(new.items, 1)], 500)
    audit.append([fact("", survey, actor), *(fact("", each, actor) for each in items)])
    return survey


def row_of(survey: ConditionSurvey, number: int, new: NewItem) -> ConditionItem:
    """The row of an item."""
    return ConditionItem(
        survey=survey,
        number=number,
        building=new.building,
        space=new.space,
        asset=new.asset,
        element=new.element,
        words=new.words.strip()[:500],
        grade=new.grade,
        priority=new.priority,
        cost_pence=new.cost_pence,
        year=new.year,
        photos=list(new.photos),
    )


def judge(new: NewSurvey, actor: Actor, today: dt.date) -> None:
    """Refuse a survey that cannot be. Raises Problem."""
    faults: dict[str, str] = {}
    if new.done_on > today:
        faults["done_on"] = "It cannot have been done after today."
    if not new.surveyor.strip():
        faults["surveyor"] = "Say who looked."
    if new.priced_on and new.priced_on > today:
        faults["priced_on"] = "Prices cannot be of a day after today."
    if not new.items:
        faults["items"] = "Enter at least one thing that was looked at."
    if len(new.items) > MOST_ITEMS:
        faults["items"] = f"At most {MOST_ITEMS} lines fit into one survey."
    for number, item in enumerate(new.items, 1):
        faults |= {f"items.{number}.{name}": words for name, words in faults_of(item, new.site).items()}
    faults |= unproved_photos(new, actor)
    if faults:
        raise Problem("survey", "Something in this survey cannot be right.", fields=faults)


def faults_of(item: NewItem, site: Site) -> dict[str, str]:
    """What is wrong with one item, by column."""
    poor = item.grade in POOR
    wrong = {
        "element": (item.element not in estate().elements, "Choose an element of the list."),
        "words": (not item.words.strip(), "Say what was found."),
        "grade": (item.grade not in GRADES, "A grade is A, B, C or D."),
        "priority": (
            item.priority not in PRIORITIES and (poor or item.priority is not None),
            "What is graded C or D needs a priority: 1, 2, 3 or 4.",
        ),
        "cost": (item.cost_pence is not None and not 0 <= item.cost_pence <= MOST_PENCE, "A cost is from £0 to £100 million."),
        "year": (
            item.year is not None and not FIRST_YEAR <= item.year <= LAST_YEAR,
            f"A year is from {FIRST_YEAR} to {LAST_YEAR}.",
        ),
    }
    faults = {name: words for name, (is_so, words) in wrong.items() if is_so}
    sites = {
        "building": item.building and item.building.site_id,
        "space": item.space and item.space.building.site_id,
        "asset": item.asset and item.asset.site_id,
    }
    return faults | {name: "That is at another site." for name, at in sites.items() if at and at != site.pk}


def unproved_photos(new: NewSurvey, actor: Actor) -> dict[str, str]:
    """Photos that whoever enters the survey has not sent: to name a hash proves nothing."""
    named = {each for item in new.items for each in item.photos}
    if not named or not isinstance(actor, Person):
        return {}
    sent = set(FileProof.objects.filter(sha256__in=named, owner=person_owner(actor.pk)).values_list("sha256", flat=True))
    return {"photos": "A photo that is named has not arrived. Send it again."} if named - sent else {}


@transaction.atomic
def withdraw_survey(*, survey: ConditionSurvey, person: Person, why: str) -> ConditionSurvey:
    """Take a survey that was entered by mistake out of the count; it stays readable. Raises Problem without a reason."""
    require(person, permits.RISK_MANAGE, survey.site, "withdraw condition surveys")
    survey = ConditionSurvey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if survey.withdrawn_at is not None:
        raise Problem("withdrawn_already", "This survey has been withdrawn already.", status=409)
    if not why.strip():
        raise Problem("why_missing", "Say why it is withdrawn.", fields={"why": "Write a few words."})
    survey.withdrawn_at, survey.withdrawn_by, survey.withdrawn_why = timezone.now(), person, why.strip()[:500]
    survey.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    audit.append([SURVEYS.fact(survey, person.pk, person.name, kind="survey-withdrawn")])
    return survey


@transaction.atomic
def end_item(
    *, item: ConditionItem, person: Person, kind: str, on: dt.date, why: str, today: dt.date, cost_pence: int | None = None
) -> ItemEnding:
    """Say that an item is put right (with what it cost, in pence), or is not to be done. Raises Problem."""
    item = locked(item, person)
    faults: dict[str, Any] = {}
    if kind not in (ItemEnding.Kind.PUT_RIGHT, ItemEnding.Kind.NOT_TO_BE_DONE):
        faults["kind"] = "Choose what became of it."
    if not item.survey.done_on <= on <= today:
        faults["on"] = "Choose a day from the survey's to today."
    if not why.strip():
        faults["why"] = "Say what was done, or why not."
    if cost_pence is not None and not 0 <= cost_pence <= MOST_PENCE:
        faults["cost"] = "A cost is from £0 to £100 million."
    if faults:
        raise Problem("ending", "That cannot be.", fields=faults)
    if not is_open(item):
        raise Problem("ended_already", "It has come to its end already.", status=409)
    return add_ending(item, person, kind, on, why, cost_pence)


@transaction.atomic
def reopen_item(*, item: ConditionItem, person: Person, why: str, today: dt.date) -> ItemEnding:
    """Say that an item is open again. Raises Problem when it is, or without a reason."""
    item = locked(item, person)
    if is_open(item):
        raise Problem("open_already", "It is open.", status=409)
    if not why.strip():
        raise Problem("why_missing", "Say why it is open again.", fields={"why": "Write a few words."})
    return add_ending(item, person, ItemEnding.Kind.TAKEN_BACK, today, why, None)


def locked(item: ConditionItem, person: Person) -> ConditionItem:
    """The item, held until the end of the transaction, for who may change it."""
    require(person, permits.RISK_MANAGE, item.survey.site, "say what became of a survey's findings")
    return ConditionItem.objects.select_for_update(of=("self",)).select_related("survey__site").get(pk=item.pk)


def is_open(item: ConditionItem) -> bool:
    """Whether nothing has ended it, or that was taken back."""
    newest = item.endings.order_by("-made_at", "-pk").first()
    return newest is None or newest.kind == ItemEnding.Kind.TAKEN_BACK


def add_ending(item: ConditionItem, person: Person, kind: str, on: dt.date, why: str, cost_pence: int | None) -> ItemEnding:
    """Write the row and enter it into the chain."""
    row = ItemEnding.objects.create(
        item=item, kind=kind, on=on, why=why.strip()[:500], cost_pence=cost_pence, made_at=timezone.now(), made_by=person
    )
    audit.append([ENDINGS.fact(row, person.pk, person.name)])
    return row
