"""A check that was done, as somebody tells it; and whether it can stand as told, before anything is written."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, CheckRevision, Plan
from backend.core.days import london_date
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.maintenance.models import Defect
from backend.rules.answers import Judgement, asked_of, judge
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import require

FUTURE = dt.timedelta(minutes=5)
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # older papers belong in the register, not among the checks


Allowed = set[tuple[uuid.UUID, uuid.UUID]]
"""People (ids) who may record checks at sites (ids)."""


@dataclass(frozen=True, slots=True)
class When:
    """When it was done. All moments are aware; `done_at` is the corrected one, by which due dates count."""

    done_at: dt.datetime
    device_time: dt.datetime
    received_at: dt.datetime
    started_at: dt.datetime | None = None
    offset_min: int = 0
    zone: str = "Europe/London"
    skew_ms: int | None = None
    uncertain_s: int | None = None

    @classmethod
    def now(cls) -> "When":
        """Done this moment, as known to the server."""
        moment = timezone.now()
        return cls(moment, moment, moment)


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A file that the record says it has: hex SHA-256, size in bytes, the question it answers."""

    sha256: str
    content_type: str
    size: int
    field: str


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A check that was done, as somebody tells it. `plan` is None only for an event check, which names its thing itself."""

    author: Person
    revision: CheckRevision
    answers: Mapping[str, Any]
    when: When
    presence: str
    plan: Plan | None = None
    site: Site | None = None
    building: Building | None = None
    asset: Asset | None = None
    tag: str = ""
    photos: Sequence[NewPhoto] = ()
    id: uuid.UUID = field(default_factory=new_id)
    late_entry: bool = False
    ad_hoc: bool = False
    device_id: str = ""
    supersedes: CheckRecord | None = None
    reason: str = ""
    notes: Sequence[str] = ()
    together: uuid.UUID | None = None
    """Shared by checks of several things that were answered in one go ("all fine, except …"); each is a record of its own."""
    competence: Sequence[Mapping[str, Any]] | None = None
    """What the firm held that did it, for a report filed in the office; the author's own proof unless given."""
    raised: Mapping[str, Defect] = field(default_factory=dict)
    """Problems that the filing has raised already (coded remedials): by the words under which these answers list them, and by
    the questions that only say the worst of them."""
    stated_next: dt.date | None = None
    """The next date that the report states, where the check's own questions do not ask for it."""
    takes_back: bool = False
    """An ad-hoc correction that takes a record back (filed for the wrong thing): it finds nothing itself."""
    vouched: bool = False
    """The office settles it: whoever did it need not have had the right there, and an extra check (`ad_hoc`) may stand although
    its plan has ended or its asset is gone, since it was done all the same and moves no date."""
    permit: str = permits.CHECK_RECORD
    """The permit under which it is told: a firm's certificate is filed by whoever looks after contractors."""


def corrections_of(olds: Iterable[CheckRecord]) -> dict[uuid.UUID, uuid.UUID]:
    """Which of these records have been corrected already, and by which. One query; none when there are no records."""
    wanted = {old.pk for old in olds}
    rows = CheckRecord.objects.filter(supersedes__in=wanted).values_list("supersedes_id", "pk") if wanted else ()
    return dict(rows)


def sound(new: NewRecord, corrected: dict[uuid.UUID, uuid.UUID], allowed: Allowed | None = None) -> Judgement:
    """Judge one item before anything is written. Raises Problem naming what is wrong; its `code` is what sync holds it under.

    `corrected` says which record is corrected by which already; a sound correction adds itself. `allowed`: who was found to
    be allowed where, so that it is asked once for many items.
    """
    site = place_of(new)
    allowed = set() if allowed is None else allowed
    if new.permit != permits.CHECK_RECORD:
        require(new.author, new.permit, site, "file certificates")
    elif not new.vouched and (new.author.pk, site.pk) not in allowed:
        require(new.author, permits.CHECK_RECORD, site, "log checks")
        allowed.add((new.author.pk, site.pk))
    possible(new.when)
    if new.plan and new.plan.check_type_id != new.revision.check_type_id:
        raise Problem("wrong_check", "These answers are for another check than the plan's.")
    extra = new.vouched and new.ad_hoc
    asset = new.asset or (new.plan.asset if new.plan else None)
    if asset and asset.status == Asset.Status.RETIRED and not extra:  # its plans end with it: that it is gone says more
        raise Problem("asset_retired", f"{asset.name} has been retired from the register.", status=409)
    if new.plan and not new.plan.active and not extra:
        raise Problem("plan_ended", "This check is no longer planned here.", status=409)
    if new.supersedes:
        may_supersede(new, new.supersedes, corrected)
    judgement = judge_answers(new)
    if new.supersedes:
        corrected[new.supersedes.pk] = new.id
    return judgement


def possible(when: When) -> None:
    """Raises Problem for a time of work that cannot be: it lies in the future, or before any record of ours."""
    if when.done_at > when.received_at + FUTURE:
        raise Problem("in_future", "The time of this check lies in the future. Put the phone's clock right.")
    if when.done_at < EARLIEST:
        raise Problem("too_early", "The time of this check lies before the year 2000. Was the date mistyped?")


def judge_answers(new: NewRecord) -> Judgement:
    """Judge what was answered. Raises Problem when something is missing or not possible."""
    photos = [{"field": each.field, "sha256": each.sha256} for each in new.photos]
    questions = new.revision.questions()
    if any(each.get("only_for") for each in questions):  # only then the thing is read, which may cost a query
        asset = new.asset or (new.plan.asset if new.plan else None)
        questions = asked_of(questions, asset.type_id if asset else None)
    judgement = judge(questions, new.answers, photos)
    if judgement.problems:
        fields = {each.question: each.words for each in judgement.problems}
        raise Problem("answers", "Some answers are missing or not possible.", fields=fields)
    stated = judgement.stated_next or new.stated_next
    if stated and stated <= london_date(new.when.done_at):
        words = "The next date that the report states must be after the day of the work. Was the work done earlier? Say when."
        raise Problem("stated_date", words)
    return judgement


def may_supersede(new: NewRecord, old: CheckRecord, corrected: dict[uuid.UUID, uuid.UUID]) -> None:
    """A correction names a record of the same plan or thing, not yet corrected, and says why."""
    if not new.reason.strip():
        raise Problem("reason_missing", "A correction must say why.", fields={"reason": "Say what was wrong."})
    if (old.plan_id, old.check_type_id) != (new.plan.pk if new.plan else None, new.revision.check_type_id):
        raise Problem("wrong_check", "A correction must be of the same check.")
    if corrected.get(old.pk, new.id) != new.id:
        raise Problem("already_corrected", "That record has been corrected already. Correct the newer one.", status=409)


def place_of(new: NewRecord) -> Site:
    """The site where it was done: the plan's, or the named thing's. Raises Problem when they do not belong together."""
    things = [each for each in (new.plan, new.asset, new.building) if each is not None]
    site = things[0].site if things else new.site
    if site is None:
        raise Problem("no_place", "Say which asset, building or site was checked.")
    if any(each.site_id != site.id for each in things) or (new.site and new.site.id != site.id):
        raise Problem("wrong_place", "The plan and the thing checked are at different sites.")
    if new.plan and new.asset and new.plan.asset_id and new.plan.asset_id != new.asset.pk:
        raise Problem("wrong_asset", "The asset scanned is not the one that this check is planned for.")
    return site
