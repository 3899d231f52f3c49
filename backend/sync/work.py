"""An operation on its way to being applied: what it says, by whom, when it really was, and how it ended."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from backend.checks.actions import When
from backend.core.problems import Problem
from backend.sync.bodies import Body, CheckDone, Ref
from backend.sync.clocks import Moment
from backend.sync.envelope import OpShape
from backend.trust.models import Person, Site

LONGEST_DETAIL = 500


@dataclass(slots=True, eq=False)
class Work:
    """One operation with everything that its kind's function needs. It ends `applied`, or held under a `code`."""

    id: uuid.UUID
    shape: OpShape
    body: Body
    author: Person
    moment: Moment
    received_at: dt.datetime
    device_id: str = ""
    skew_ms: int | None = None
    push: uuid.UUID | None = None
    notes: list[str] = field(default_factory=list)
    applied: bool = False
    code: str = ""
    detail: str = ""
    waiting_for: list[str] = field(default_factory=list)
    doubt: str = ""
    site: Site | None = None
    refs: tuple[Ref, ...] = ()
    vouched: bool = False
    """The office settles it, and vouches that it was done."""

    def __post_init__(self) -> None:
        self.refs = tuple(self.body.refers())

    @property
    def open(self) -> bool:
        """Whether it has not ended yet."""
        return not self.applied and not self.code

    @property
    def at(self) -> dt.datetime:
        """The corrected time."""
        return self.moment.happened_at

    def order(self) -> tuple[dt.datetime, str]:
        """Its place in time; the id decides between two of the same moment."""
        return self.at, str(self.id)

    def hold(self, code: str, detail: str) -> None:
        """It ends held."""
        self.applied, self.code, self.detail = False, code[:40], detail[:LONGEST_DETAIL]

    def hold_for(self, problem: Problem) -> None:
        """It ends held, for what a rule said. What the author may not know of or not do there is not theirs to do."""
        if problem.status in (403, 404):
            self.hold("not_yours", f"{self.author.name} may not do this there. {problem.detail}")
            return
        words = " ".join(str(each) for each in problem.fields.values())
        self.hold(problem.code, f"{problem.detail} {words}".strip())

    def refers(self) -> tuple[Ref, ...]:
        """What must be there before it can be applied."""
        return self.refs

    def when(self) -> When:
        """The time of a check: the corrected one, or for a late entry the one that its author wrote down."""
        body = self.body
        late = isinstance(body, CheckDone) and body.late_entry and body.done_at
        started = body.started_at if isinstance(body, CheckDone) else None
        shift = self.at - self.shape.made_at
        return When(
            done_at=late or self.at,
            device_time=self.shape.made_at,
            received_at=self.received_at,
            started_at=started + shift if started and not late else started,
            offset_min=self.shape.offset_min,
            zone=self.shape.zone,
            skew_ms=self.skew_ms,
            uncertain_s=self.moment.uncertain_s,
        )
