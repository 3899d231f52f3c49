"""What must hold of parts, moves and labels: a label is on one thing at most, and out of use leads nowhere."""

from collections.abc import Iterator

from django.db.models import F, Q

from backend.assets.held_together import HELD_TOGETHER
from backend.assets.models import Tag, TagRetirement
from backend.assets.models.tags import ON_NOTHING
from backend.core.invariants import Invariant, Tick

TWO_THINGS = (
    Q(asset__isnull=False, building__isnull=False)
    | Q(asset__isnull=False, space__isnull=False)
    | Q(building__isnull=False, space__isnull=False)
)


def tags() -> int:
    """How many labels there are to look at."""
    return Tag.objects.count()


def on_one_thing(tick: Tick) -> Iterator[str]:
    """Each label is on at most one thing, and was told to be on it at some moment."""
    tick(tags())
    for code in Tag.objects.filter(TWO_THINGS).values_list("pk", flat=True):
        yield f"label {code} is on more than one thing"


def out_of_use_leads_nowhere(tick: Tick) -> Iterator[str]:
    """A label out of use is on nothing, and says why it went; what replaced it was never out of use before it came."""
    tick(tags())
    for code in Tag.objects.exclude(retired_at=None).exclude(ON_NOTHING).values_list("pk", flat=True):
        yield f"label {code} is out of use and still leads to something"
    for code in TagRetirement.objects.filter(tag__retired_at=None).values_list("pk", flat=True):
        yield f"label {code} was taken out of use and is in use all the same"
    for code in TagRetirement.objects.filter(replaced_by=F("tag")).values_list("pk", flat=True):
        yield f"label {code} is said to have been replaced by itself"


INVARIANTS = [
    *HELD_TOGETHER,
    Invariant("labels-on-one-thing", "A label is on at most one thing.", tags, on_one_thing),
    Invariant("labels-out-of-use", "A label that is out of use leads to nothing.", tags, out_of_use_leads_nowhere),
]
