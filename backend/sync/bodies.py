"""The body of each kind of operation (FIELD_PROTOCOL 'Kinds'), and what else it refers to."""

import uuid
from collections.abc import Iterable
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from backend.sync.shapes import (
    Day,
    Id,
    Minutes,
    Photos,
    Severity,
    Shape,
    Text20,
    Text60,
    Text80,
    Text160,
    Text500,
    Text1000,
    Text2000,
    Text4000,
    Time,
)

Key = uuid.UUID | str | tuple[str, int]
Tag = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{8}$")]
Facts = dict[Text60, Any]


class Ref(NamedTuple):
    """Something that a body names: its sort ("plan", "asset", …) and its key."""

    sort: str
    key: Key

    def __str__(self) -> str:
        return f"{self.sort}:{self.key}"


def refs(**named: Key | None) -> list[Ref]:
    """The references among these that are given."""
    return [Ref(sort.rstrip("_"), key) for sort, key in named.items() if key is not None]


class Body(Shape):
    """What an operation of one kind says."""

    def refers(self) -> Iterable[Ref]:
        """What must be there before this can be applied."""
        return ()


class CheckTypeShape(Shape):
    """A check in the revision that was on the screen."""

    code: Text60
    revision: Annotated[int, Field(ge=1, le=1_000_000)]


class CheckDone(Body):
    """A check that was done."""

    plan: Id | None
    check_type: CheckTypeShape
    asset: Id | None = None
    building: Id | None = None
    site: Id | None = None
    tag: Tag | None = None
    answers: dict[str, Any]
    photos: Photos = []
    presence: Literal["typed", "tag", "tag_photo", "nfc"]
    started_at: Time | None = None
    late_entry: bool = False
    done_at: Time | None = None
    supersedes: Id | None = None
    reason: Text500 = ""
    ad_hoc: bool = False
    together: Id | None = None

    def refers(self) -> Iterable[Ref]:
        asked = self.check_type
        named: list[tuple[str, Key | None]] = [("plan", self.plan), ("asset", self.asset), ("building", self.building)]
        named += [("site", self.site), ("revision", (asked.code, asked.revision)), ("record", self.supersedes)]
        return [Ref(sort, key) for sort, key in named if key is not None]


class CheckNotDone(Body):
    """A check that could not be done, and why."""

    plan: Id
    reason: Text20
    note: Text1000 = ""
    photos: Photos = []
    try_again_on: Day | None = None

    def refers(self) -> Iterable[Ref]:
        return refs(plan=self.plan)


class PlaceShape(Shape):
    """Somewhere at a site."""

    site: Id
    building: Id | None = None
    space: Id | None = None


class DefectReported(Body):
    """Something wrong with an asset or a place; the operation's id becomes the defect's."""

    asset: Id | None = None
    place: PlaceShape | None = None
    summary: Text500
    severity: Severity
    unsafe: bool = False
    photos: Photos = []
    made_safe: Text500 = ""

    def refers(self) -> Iterable[Ref]:
        place = self.place
        yield from refs(asset=self.asset)
        if place:
            yield from refs(site=place.site, building=place.building, space=place.space)


class DefectUpdated(Body):
    """News of a defect."""

    defect: Id
    note: Text4000 = ""
    photos: Photos = []
    minutes: Minutes | None = None

    def refers(self) -> Iterable[Ref]:
        return refs(defect=self.defect)


class WorkDone(Body):
    """A work order finished."""

    work_order: Id
    note: Text4000 = ""
    photos: Photos = []
    minutes: Minutes | None = None

    def refers(self) -> Iterable[Ref]:
        return refs(work_order=self.work_order)


class TagClaimed(Body):
    """A label put on an asset; in the place of one that is lost or damaged, where it names that."""

    tag: Tag
    asset: Id
    replaces: Tag | None = None
    why: Literal["lost", "damaged"] = "damaged"

    def refers(self) -> Iterable[Ref]:
        yield from refs(asset=self.asset, tag=self.tag.upper())
        yield from refs(tag=self.replaces.upper() if self.replaces else None)


class AssetAdded(Body):
    """An asset that was not in the register; the operation's id becomes its id. A photo of its plate has `field` "plate"."""

    site: Id
    building: Id | None = None
    space: Id | None = None
    type: Text60
    name: Text160
    make: Text80 = ""
    model: Text80 = ""
    serial: Text80 = ""
    installed_on: Day | None = None
    facts: Facts = {}
    note: Text2000 = ""
    photos: Photos = []

    def refers(self) -> Iterable[Ref]:
        return refs(site=self.site, building=self.building, space=self.space, type=self.type)


class ChangesShape(Shape):
    """What is now known of an asset; a field that is not sent is not changed (`model_fields_set` tells)."""

    name: Text160 = ""
    building: Id | None = None
    space: Id | None = None
    make: Text80 = ""
    model: Text80 = ""
    serial: Text80 = ""
    note: Text2000 = ""
    facts: Facts = {}
    status: Literal["in-use", "out-of-service", "retired"] = "in-use"

    def names(self) -> set[str]:
        """What is changed, each fact by itself: "make", "facts.role"."""
        return {each for each in self.model_fields_set if each != "facts"} | {f"facts.{key}" for key in self.facts}


class AssetChanged(Body):
    """A correction of the register."""

    asset: Id
    changes: ChangesShape

    def refers(self) -> Iterable[Ref]:
        return refs(asset=self.asset, building=self.changes.building, space=self.changes.space)


class ReadingTaken(Body):
    """A value read off an asset."""

    asset: Id
    value: int | float
    unit: Text20
    photos: Photos = []

    def refers(self) -> Iterable[Ref]:
        return refs(asset=self.asset)


BODIES: dict[str, type[Body]] = {
    "check_done": CheckDone,
    "check_not_done": CheckNotDone,
    "defect_reported": DefectReported,
    "defect_updated": DefectUpdated,
    "work_done": WorkDone,
    "tag_claimed": TagClaimed,
    "asset_added": AssetAdded,
    "asset_changed": AssetChanged,
    "reading_taken": ReadingTaken,
}
MADE_BY_PHONES = {"asset": "asset_added", "defect": "defect_reported", "record": "check_done"}
"""Sort -> the kind of operation that makes such a thing: what is not there yet may still arrive."""
