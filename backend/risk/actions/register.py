"""The risk register: put on, scored, changed, looked at again, closed and opened again."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, NotFound, Problem
from backend.risk.evidence import REGISTER, SCORES
from backend.risk.models import Risk, RiskScore
from backend.trust import permits
from backend.trust.models import Person, School
from backend.trust.numbering import next_number
from backend.trust.scope import reach

MOST_REVIEW_DAYS = 400
SCALE = range(1, 6)


@dataclass(frozen=True, slots=True)
class RiskWords:
    """What a risk says: because of what, what could happen, what it would do; what is done against it; whose; until when."""

    title: str
    cause: str
    event: str
    effect: str
    owner: Person
    review_on: dt.date
    controls: str = ""


def require_risk(person: Person, school: School | None) -> None:
    """Refuse who does not manage the risks of a school (None: of the trust). Raises NotFound for who may not know of them."""
    if covers(person, permits.RISK_MANAGE, school):
        return
    if not covers(person, permits.RISK_VIEW, school):
        raise NotFound("That risk")
    raise Forbidden("Your role does not let you change this risk. Ask its owner or the estates lead.")


def covers(person: Person, permit: str, school: School | None) -> bool:
    """Whether somebody holds a permit at a school, be it at one of its sites; of the trust (None), for the whole trust."""
    found = reach(person, permit)
    if found.everywhere or school is None:
        return found.everywhere
    return school.pk in found.schools or school.sites.filter(pk__in=found.sites).exists()


@transaction.atomic
def add_risk(
    *,
    person: Person,
    school: School | None,
    words: RiskWords,
    before: tuple[int, int],
    now: tuple[int, int],
    target: tuple[int, int],
    today: dt.date,
    exposure: str = "",
) -> Risk:
    """Put a risk on the register with its three scores, each (likelihood, impact) from 1 to 5.

    `exposure` is the key of the exposure that it is put there from, once while that risk is open. Raises Problem.
    """
    require_risk(person, school)
    check_words(words, today)
    check_scores(before, now, target)
    number = next_number(Risk.objects.all())  # which holds the trust: an exposure is put there once
    if exposure and Risk.objects.filter(exposure=exposure, closed_on=None).exists():
        raise Problem("on_the_register", "That is on the register already.", status=409)
    risk = Risk.objects.create(
        number=number, school=school, exposure=exposure, opened_at=timezone.now(), opened_by=person, **columns_of(words)
    )
    pairs = ((RiskScore.Kind.BEFORE, before), (RiskScore.Kind.NOW, now), (RiskScore.Kind.TARGET, target))
    scores = [add_score(risk, person, kind, pair, "") for kind, pair in pairs]
    facts = [SCORES.fact(each, person.pk, person.name) for each in scores]
    audit.append([REGISTER.fact(risk, person.pk, person.name, kind="risk-opened"), *facts])
    return risk


def columns_of(words: RiskWords) -> dict[str, object]:
    """The columns that words fill."""
    return {
        "title": words.title.strip()[:160], "cause": words.cause.strip()[:500], "event": words.event.strip()[:500],
        "effect": words.effect.strip()[:500], "controls": words.controls.strip()[:1000], "owner": words.owner,
        "review_on": words.review_on,
    }  # fmt: skip


def check_words(words: RiskWords, today: dt.date) -> None:
    """Refuse words that are missing, and a review that is over or too far ahead. Raises Problem."""
    said = {"title": words.title, "cause": words.cause, "event": words.event, "effect": words.effect}
    faults = {name: "Write a few words." for name, text in said.items() if not text.strip()}
    if not today <= words.review_on <= today + dt.timedelta(days=MOST_REVIEW_DAYS):
        faults["review_on"] = "Choose a day from today to a year ahead."
    if not words.owner.is_active:
        faults["owner"] = "This account is closed. Choose somebody who works here."
    if faults:
        raise Problem("risk", "Something is missing.", fields=faults)


def check_scores(*pairs: tuple[int, int]) -> None:
    """Refuse a score outside 1 to 5. Raises Problem."""
    if any(each not in SCALE for pair in pairs for each in pair):
        raise Problem("score", "Likelihood and impact are from 1 to 5.", fields={"likelihood": "From 1 to 5."})


def add_score(risk: Risk, person: Person, kind: str, pair: tuple[int, int], why: str) -> RiskScore:
    """Write a score."""
    return RiskScore.objects.create(
        risk=risk, kind=kind, likelihood=pair[0], impact=pair[1], why=why.strip()[:500], made_at=timezone.now(), made_by=person
    )


def locked(risk: Risk, person: Person, *, is_open: bool = True) -> Risk:
    """The risk, held until the end of the transaction, for who may change it. Raises Problem when it is closed (or open)."""
    found = Risk.objects.select_for_update(of=("self",)).select_related("school").get(pk=risk.pk)
    require_risk(person, found.school)
    if found.is_open != is_open:
        raise Problem("closed" if is_open else "open", "It is closed." if is_open else "It is open.", status=409)
    return found


@transaction.atomic
def change_risk(*, risk: Risk, person: Person, words: RiskWords, today: dt.date) -> Risk:
    """Change what a risk says, its owner, or when it is looked at again. Raises Problem."""
    risk = locked(risk, person)
    check_words(words, today)
    for name, value in columns_of(words).items():
        setattr(risk, name, value)
    risk.save(update_fields=list(columns_of(words)))
    audit.append([REGISTER.fact(risk, person.pk, person.name, kind="risk-changed")])
    return risk


@transaction.atomic
def review_risk(
    *, risk: Risk, person: Person, likelihood: int, impact: int, why: str, review_on: dt.date, today: dt.date
) -> RiskScore:
    """Look at a risk again: how it stands now, why, and when it is looked at next. Raises Problem."""
    risk = locked(risk, person)
    check_scores((likelihood, impact))
    faults = {} if why.strip() else {"why": "Say what has changed, or that nothing has."}
    if not today < review_on <= today + dt.timedelta(days=MOST_REVIEW_DAYS):
        faults["review_on"] = "Choose a day after today, at most a year ahead."
    if faults:
        raise Problem("review", "Something is missing.", fields=faults)
    score = add_score(risk, person, RiskScore.Kind.NOW, (likelihood, impact), why)
    risk.review_on = review_on
    risk.save(update_fields=["review_on"])
    audit.append(
        [
            REGISTER.fact(risk, person.pk, person.name, kind="risk-reviewed"),
            SCORES.fact(score, person.pk, person.name),
        ]
    )
    return score


@transaction.atomic
def close_risk(*, risk: Risk, person: Person, why: str, today: dt.date) -> Risk:
    """Take a risk off the register, saying why; its history stays, and it can be opened again. Raises Problem."""
    risk = locked(risk, person)
    if not why.strip():
        raise Problem("why_missing", "Say why it is closed.", fields={"why": "Write a few words."})
    risk.closed_on, risk.closed_why = today, why.strip()[:500]
    risk.save(update_fields=["closed_on", "closed_why"])
    audit.append([REGISTER.fact(risk, person.pk, person.name, kind="risk-closed")])
    return risk


@transaction.atomic
def open_risk_again(*, risk: Risk, person: Person) -> Risk:
    """Open a closed risk again. Raises Problem."""
    risk = locked(risk, person, is_open=False)
    risk.closed_on, risk.closed_why = None, ""
    risk.save(update_fields=["closed_on", "closed_why"])
    audit.append([REGISTER.fact(risk, person.pk, person.name, kind="risk-opened-again")])
    return risk
