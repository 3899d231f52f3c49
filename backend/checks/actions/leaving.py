"""Assets that go: sold, scrapped, lost …, or to another site. What they owe ends with them, or goes along."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.assets.actions import add_paper, parts_of, set_status
from backend.assets.models import Asset, AssetPaper, Disposal
from backend.checks.actions.ending import end_plans
from backend.checks.actions.plans import NewPlan, make_plans, pause_plans
from backend.checks.models import Plan
from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions import fact
from backend.trust.models import Person
from backend.trust.scope import require

UNDOABLE: Final = dt.timedelta(days=30)
RETIRE, KEEP = "retire", "keep"


@dataclass(frozen=True, slots=True)
class Going:
    """How an asset goes. `parts` says what becomes of its parts: they go too (RETIRE) or stay (KEEP); `value_pence` in pence.

    `went_with` is how its whole went, for a part that goes along.
    """

    method: str
    gone_on: dt.date
    reason: str
    to_whom: str = ""
    value_pence: int | None = None
    parts: str = ""
    certificate: bytes = b""
    went_with: Disposal | None = None


@transaction.atomic
def dispose(asset: Asset, *, going: Going, person: Person, today: dt.date) -> Disposal:
    """Retire an asset for good: its checks end, and how it went is kept. Raises Problem, then nothing is changed."""
    require(person, permits.PLAN_CHANGE, asset.site, "retire equipment")
    require(person, permits.ASSET_CHANGE, asset.site, "retire equipment")
    asset = lock(asset)
    sound(asset, going, today)
    parts = [each for each in parts_of([asset]) if each.parent_id == asset.pk]
    if parts and going.parts not in (RETIRE, KEEP):
        said = f"It has {len(parts)} {'part' if len(parts) == 1 else 'parts'}. Say whether they go too."
        raise Problem("parts", said, status=409, fields={"parts": said})
    paper = None
    if going.certificate:
        paper = add_paper(asset, kind=AssetPaper.Kind.WASTE, content=going.certificate, person=person)
    row = gone(asset, going, paper, person, today)
    for part in parts if going.parts == RETIRE else ():
        reason = f"With {asset}: {going.reason}"[:300]
        along = Going(going.method, going.gone_on, reason, going.to_whom, parts=RETIRE, went_with=row)
        dispose(part, going=along, person=person, today=today)
    return row


def sound(asset: Asset, going: Going, today: dt.date) -> None:
    """Raises Problem when an asset cannot go like that."""
    wrong: dict[str, str] = {}
    if going.method not in Disposal.Method.values:
        wrong["method"] = "Choose how it went."
    if not going.reason.strip():
        wrong["reason"] = "Write a reason."
    if going.gone_on > today:
        wrong["gone_on"] = "Choose today or a day before: until then it is still here."
    if going.value_pence is not None and going.value_pence < 0:
        wrong["value"] = "Write what was received, or nothing."
    if wrong:
        raise Problem("answers", "Some of this needs correcting.", fields=wrong)
    if asset.status == Asset.Status.RETIRED:
        raise Problem("retired", f"{asset} is retired already.", status=409)


def gone(asset: Asset, going: Going, paper: AssetPaper | None, person: Person, today: dt.date) -> Disposal:
    """Keep how it went, end its plans, retire it."""
    owed = owed_by(asset)
    said = f"{Disposal.Method(going.method).label}: {going.reason.strip()}"
    row = Disposal.objects.create(
        asset=asset,
        method=going.method,
        gone_on=going.gone_on,
        to_whom=going.to_whom.strip()[:160],
        value_pence=going.value_pence,
        reason=going.reason.strip()[:300],
        paper=paper,
        owed=[[str(plan.pk), plan.due_on.isoformat() if plan.due_on else None] for plan in owed],
        went_with=going.went_with,
        out_before=out_since(asset),
        made_at=timezone.now(),
        made_by=person,
    )
    if owed:
        end_plans(owed, reason=said, person=person, today=today)
    set_status(asset, status=Asset.Status.RETIRED, person=person, on=going.gone_on, reason=said[:300])
    audit.append([fact("disposal", row, person)])
    return row


def out_since(asset: Asset) -> list[str]:
    """Since when and why an asset is out of service; nothing for one that is in use."""
    if asset.status != Asset.Status.OUT_OF_SERVICE:
        return []
    return [asset.status_since.isoformat() if asset.status_since else "", asset.status_reason]


def owed_by(asset: Asset) -> list[Plan]:
    """The plans of an asset that are active."""
    rows = asset.plans.filter(active=True).select_related("site", "check_type__current", "building")
    return list(rows.order_by("pk"))


def lock(asset: Asset) -> Asset:
    """The asset, locked and fresh."""
    rows = Asset.objects.select_for_update(of=("self",)).select_related("site__school", "building", "space", "type", "product")
    return rows.get(pk=asset.pk)


@transaction.atomic
def undo_disposal(disposal: Disposal, *, person: Person, today: dt.date) -> list[Asset]:
    """It was a slip: the asset is back as it was, with the parts that went with it; what they owed is owed again.

    On the same days (today for those past). Answers what is back, the asset first; a part that was brought back by itself is
    not among them. Raises Problem after UNDOABLE, and when it was undone already. What was missed meanwhile stays nobody's miss.
    """
    require(person, permits.PLAN_CHANGE, disposal.asset.site, "bring equipment back")
    asset = lock(disposal.asset)
    disposal = Disposal.objects.select_for_update(of=("self",)).get(pk=disposal.pk)
    if disposal.undone_at is not None or asset.status != Asset.Status.RETIRED:
        raise Problem("undone_already", "This was undone already.", status=409)
    if timezone.now() - disposal.made_at > UNDOABLE:
        said = f"This can be undone for {UNDOABLE.days} days. Add the asset anew instead, as it came back."
        raise Problem("too_late", said, status=409)
    disposal.undone_at, disposal.undone_by = timezone.now(), person
    disposal.save(update_fields=["undone_at", "undone_by"])
    as_it_was(asset, disposal, person, today)
    due = dict(disposal.owed)
    plans = list(Plan.objects.filter(pk__in=list(due)).select_related("check_type__current", "site", "building").order_by("pk"))
    again(plans, {plan.pk: day_of(due[str(plan.pk)]) for plan in plans}, asset, "Its asset came back.", person, today)
    audit.append([fact("disposal-undone", disposal, person)])
    along = disposal.went_along.filter(undone_at=None, asset__status=Asset.Status.RETIRED).select_related("asset__site__school")
    return [asset, *(part for row in along.order_by("pk") for part in undo_disposal(row, person=person, today=today))]


def as_it_was(asset: Asset, disposal: Disposal, person: Person, today: dt.date) -> None:
    """In use again; or out of service, where it was when it went."""
    if not disposal.out_before:
        set_status(asset, status=Asset.Status.IN_USE, person=person, on=today, reason="")
        return
    since, why = disposal.out_before
    set_status(asset, status=Asset.Status.OUT_OF_SERVICE, person=person, on=day_of(since) or today, reason=why or "Not said.")


def day_of(text: str | None) -> dt.date | None:
    """A day as it was kept."""
    return dt.date.fromisoformat(text) if text else None


def again(
    plans: Sequence[Plan], due: dict[object, dt.date | None], asset: Asset, why: str, person: Person, today: dt.date
) -> list[Plan]:
    """Plan the same checks anew on `asset`, each owed on the day it was due, or today where that is past."""
    news = [
        NewPlan(
            plan.check_type,
            asset.site,
            max(due[plan.pk] or today, today),
            asset.building if plan.building_id else None,
            asset,
            plan.rule,
            one_off=plan.rule is None,
            note=plan.note,
            origin=plan.origin,
            why=why,
        )
        for plan in plans
    ]
    made = make_plans(news, person=person, today=today) if news else []
    if made and asset.status == Asset.Status.OUT_OF_SERVICE:
        pause_plans(made, first=today, last=None, person=person, today=today)
    return made
