"""What a new revision of the library changes for the trust's plans, and what was decided about it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from backend.assets.known import facts_on
from backend.checks.models import CheckRevision, CheckType, LibraryDecision, Plan
from backend.checks.revisions import said
from backend.core.days import today
from backend.rules.conditions import rule_for
from backend.rules.differences import Change, diff
from backend.rules.due import Rule
from backend.trust.models import Person

WEIGHTY: Final = {
    "rule": "how often", "variants": "how often", "basis": "how often", "law": "the law", "standing": "the law",
    "standards": "the law", "competence": "who may do it", "where": "where it applies", "applies": "where it applies",
    "applies_when": "where it applies", "asset_types": "where it applies", "grouped_by": "where it applies",
    "questions": "what is asked",
}  # fmt: skip
"""The lines of a check whose change somebody should look at, and what each is about. Sources and notes are not among them."""
AT_ONCE: Final = frozenset({"questions"})
"""What is in force as soon as it is published: a phone must not ask yesterday's questions. A rule moves dates, and waits."""


class Standing(StrEnum):
    """How a change of the library stands."""

    OPEN = "open"
    PUT_OFF = "put off"
    ACCEPTED = "accepted"


@dataclass(slots=True)
class LibraryChange:
    """A check that the library says otherwise than when the trust last took it over."""

    check: CheckType
    before: CheckRevision
    now: CheckRevision
    standing: Standing
    decision: LibraryDecision | None = None
    changes: list[Change] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    plans: int = 0

    @property
    def moves_dates(self) -> bool:
        """Whether how often it is owed has changed."""
        return "how often" in self.about


def library_changes(today: dt.date, codes: Iterable[str] | None = None) -> list[LibraryChange]:
    """Every change of the library that is open, put off or accepted, the open ones first. Four queries or so."""
    kinds = CheckType.objects.filter(withdrawn=False, current__number__gt=1)
    kinds = kinds if codes is None else kinds.filter(code__in=list(codes))
    known = {each.code: each for each in kinds.defer("current__content").order_by("discipline", "title")}
    if not known:
        return []
    by_check: dict[str, dict[int, CheckRevision]] = defaultdict(dict)
    revisions = list(CheckRevision.objects.filter(check_type__in=known).defer("content"))
    for each in revisions:
        by_check[each.check_type_id][each.pk] = each
    decided: dict[int, list[LibraryDecision]] = defaultdict(list)
    rows = LibraryDecision.objects.filter(revision__check_type__in=known).select_related("made_by")
    for decision in rows.order_by("made_at", "pk"):
        decided[decision.revision_id].append(decision)
    said(revisions)
    found = [change_of(check, by_check[check.code], decided, today) for check in known.values()]
    order = list(Standing)
    return sorted((each for each in found if each), key=lambda each: order.index(each.standing))


def change_of(
    check: CheckType, revisions: Mapping[int, CheckRevision], decided: Mapping[int, Sequence[LibraryDecision]], today: dt.date
) -> LibraryChange | None:
    """The change of one check since the revision that was last accepted (the first, if none was); None when it is slight."""
    now = revisions[check.current_id or 0]
    accepted = [pk for pk, rows in decided.items() if pk in revisions and any(each.kind == "accepted" for each in rows)]
    earlier = [each for pk, each in revisions.items() if each.number < now.number and (pk in accepted or each.number == 1)]
    before = max(earlier, key=lambda each: each.number)
    last = decided[now.pk][-1] if decided.get(now.pk) else None
    standing = Standing.OPEN
    if now.pk in accepted:
        standing = Standing.ACCEPTED
    elif last and last.back_on and last.back_on > today:
        standing = Standing.PUT_OFF
    about = weighty(before.content, now.content)
    if not about:
        return None
    return LibraryChange(check, before, now, standing, last, diff(before.content, now.content), about)


def weighty(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What a change is about, in words; nothing when only sources or notes are others."""
    return list(dict.fromkeys(words for name, words in WEIGHTY.items() if before.get(name) != now.get(name)))


@dataclass(slots=True)
class Taking:
    """Which plans would take a check's new rule: (plan, rule); which have it; and which keep an interval of their own."""

    takes: list[tuple[Plan, dict[str, Any]]] = field(default_factory=list)
    has: list[Plan] = field(default_factory=list)
    own: list[Plan] = field(default_factory=list)


def taking(change: LibraryChange, person: Person | None = None) -> Taking:
    """The plans of a check and what its new rule would do to each. `person`: only those that they may see. Two queries."""
    plans = Plan.objects.visible_to(person) if person else Plan.objects.all()
    rows = plans.filter(check_type=change.check, active=True, rule__isnull=False)
    contents = [each.content for each in earlier_revisions(change)]
    found = Taking()
    for plan in rows.select_related("site__school", "asset", "building", "check_type").order_by("site__name", "pk"):
        facts = facts_on(plan.asset.type_id, plan.asset.facts, today()) if plan.asset else {}
        new = as_kept(change.now.content, facts)
        if new is None or plan.rule == new:
            found.has.append(plan)
        elif plan.rule in [as_kept(content, facts) for content in contents]:
            found.takes.append((plan, new))
        else:
            found.own.append(plan)
    return found


def earlier_revisions(change: LibraryChange) -> list[CheckRevision]:
    """Every revision before the current one, with its content."""
    rows = CheckRevision.objects.filter(check_type=change.check, number__lt=change.now.number).defer("content")
    found = list(rows.order_by("number"))
    said(found)
    return found


def as_kept(content: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """A revision's rule for an asset with these facts, as plans keep rules."""
    rule = rule_for(content, facts)
    return Rule.from_mapping(rule).as_mapping() if rule else None
