"""Applying operations: in the order in which they need one another, each by itself, so that no bad one delays the others."""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from django.db import InterfaceError, OperationalError, transaction

from backend.checks.actions import NewRecord, add_records, corrections_of, sound
from backend.checks.reckoning import DATES
from backend.core.audit import Fact
from backend.core.problems import Problem, from_exception
from backend.sync.bodies import MADE_BY_PHONES, CheckDone, Ref
from backend.sync.kinds import APPLY, as_record, site_of
from backend.sync.referents import Referents
from backend.sync.remarks import remark
from backend.sync.work import Work

log = logging.getLogger(__name__)
FAULT: Final = "Siteward could not take this in, through a fault of its own. All of it is kept; the office has been told."
SORTS: Final = {
    "plan": "check plan",
    "revision": "form",
    "site": "site",
    "building": "building",
    "space": "space",
    "type": "kind of asset",
    "tag": "tag",
    "work_order": "work order",
    "asset": "asset",
    "defect": "problem",
    "record": "record",
}


def load_for(works: Sequence[Work]) -> Referents:
    """Everything that these operations refer to."""
    there = Referents(for_checks=all(isinstance(each.body, CheckDone) for each in works))
    scanned = {Ref("tag", each.body.tag.upper()) for each in works if isinstance(each.body, CheckDone) and each.body.tag}
    there.load([*(ref for each in works for ref in each.refers()), *scanned])
    return there


def apply_all(works: Sequence[Work], there: Referents) -> list[Fact]:
    """Bring every operation to its end: applied, or held with the reason. In any order given, with the same result.

    What needs something that another one makes goes after it; what needs something that is nowhere is held as waiting.
    Raises nothing for what an operation holds; only a lost database gets through. Answers what is to be entered in the audit
    chain for the checks recorded: the caller appends it as its last step.
    """
    facts: list[Fact] = []
    left = sorted((each for each in works if each.open), key=Work.order)
    while ready := [each for each in left if not there.missing(each.refers())]:
        checks = [each for each in ready if isinstance(each.body, CheckDone)]
        for each in ready:
            if not isinstance(each.body, CheckDone):
                apply_one(each, there)
        facts += record_all(checks, there)
        left = [each for each in left if each.open]
    for each in left:
        hold_waiting(each, there)
    for each in works:
        each.site = site_of(each, there)
    return facts


def apply_one(work: Work, there: Referents) -> None:
    """Apply one operation that is not a check, in a savepoint of its own."""
    if not attempt(work, lambda: APPLY[work.shape.kind](work, work.body, there)):
        there.reload(work.refers())


def attempt(work: Work, do: Callable[[], object]) -> bool:
    """Do it, whole or not at all. A rule's refusal or a fault of ours holds the operation; answers whether it was done."""
    try:
        with transaction.atomic():
            do()
    except (OperationalError, InterfaceError):
        raise
    except Exception as exc:
        problem = from_exception(exc)
        if problem:
            work.hold_for(problem)
        else:
            log.exception("operation %s (%s) could not be applied", work.id, work.shape.kind)
            work.hold("fault", FAULT)
        return False
    work.applied = True
    return True


def record_all(checks: Sequence[Work], there: Referents) -> list[Fact]:
    """Record checks that were done, all in one go where all are sound; one that is not does not stop the others.

    Answers what is to be entered in the audit chain.
    """
    news: dict[Work, NewRecord] = {}
    for each in checks:
        try:
            news[each] = as_record(each, each.body, there)  # type: ignore[arg-type]
        except Problem as problem:
            each.hold_for(problem)
    if not news:
        return []
    remark(news)
    facts = recorded(news, there)
    if facts is None:
        sift(news)
        facts = recorded(news, there) if news else []
    if facts is None:
        facts = []
        for each, new in news.items():
            if not attempt(each, lambda: facts.extend(record({each: new}, there))):  # noqa: B023 - done at once
                read_again([new])
    return facts


def record(news: dict[Work, NewRecord], there: Referents) -> list[Fact]:
    """Record these together; raises what stops them. Answers what is to be entered in the audit chain."""
    records, facts = add_records(list(news.values()), locked=True)
    for each, made in zip(news, records, strict=True):
        each.applied, each.notes = True, list(made.notes)
        there.add("record", each.id, made)
    return facts


def recorded(news: dict[Work, NewRecord], there: Referents) -> list[Fact] | None:
    """Record these together. None when one of them cannot stand: then none is kept."""
    try:
        with transaction.atomic():
            return record(news, there)
    except (OperationalError, InterfaceError):
        raise
    except Exception as exc:
        if not isinstance(exc, Problem):
            log.warning("a batch of %s checks is taken one by one", len(news), exc_info=exc)
            read_again(news.values())
        return None


def read_again(news: Iterable[NewRecord]) -> None:
    """Read the plans anew: what was taken back leaves on the objects the dates that it had set."""
    for plan in {new.plan.pk: new.plan for new in news if new.plan}.values():
        plan.refresh_from_db(fields=DATES)


def sift(news: dict[Work, NewRecord]) -> None:
    """Hold those that the rules refuse and take them out."""
    corrected = corrections_of(new.supersedes for new in news.values() if new.supersedes)
    for each, new in list(news.items()):
        try:
            sound(new, corrected)
        except Problem as problem:
            each.hold_for(problem)
            del news[each]
        except Exception:
            log.exception("operation %s (%s) could not be judged", each.id, each.shape.kind)
            each.hold("fault", FAULT)
            del news[each]


def hold_waiting(work: Work, there: Referents) -> None:
    """Hold an operation of which something is not there: still to come from a phone, or not known to anybody."""
    absent = there.missing(work.refers())
    nowhere = [ref for ref in absent if ref.sort not in MADE_BY_PHONES]
    if nowhere:
        sort = nowhere[0].sort
        work.hold(f"unknown_{sort}", f"The {SORTS[sort]} that this names is not known here.")
        return
    work.waiting_for = [str(ref) for ref in absent]
    named = " and the ".join(dict.fromkeys(SORTS[ref.sort] for ref in absent))
    work.hold("waiting", f"The {named} that this belongs to has not arrived yet. It is taken in by itself as soon as it has.")
