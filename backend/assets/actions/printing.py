"""Printing labels: what was printed is kept; labels of places; rolls of labels that are on nothing yet."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.assets.actions.tags import draw_codes
from backend.assets.evidence import LABEL_RUNS, TAGS
from backend.assets.models import LabelRun, Tag
from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import require

MOST_IN_A_ROLL: Final = 1000
Place = Building | Space


@transaction.atomic
def ensure_place_tags(places: Sequence[Place], *, person: Person) -> dict[uuid.UUID, Tag]:
    """A label for each building or room (with its `building` loaded), drawn where it has none in use; by the place's id."""
    for building in {each.pk: each for each in map(building_of, places)}.values():
        require(person, permits.LABEL_PRINT, building.site, "print labels")
    found: dict[uuid.UUID, Tag] = {}
    for column in ("building", "space"):
        keys = [each.pk for each in places if isinstance(each, Space) == (column == "space")]
        # locked, so that two who print at once do not give a room two labels
        list(
            (Space if column == "space" else Building).objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        )
        for tag in Tag.objects.filter(**{f"{column}__in": keys}).order_by("-made_at", "code"):
            found.setdefault(getattr(tag, f"{column}_id"), tag)
    missing = [each for each in places if each.pk not in found]
    now = timezone.now()
    fresh = [
        Tag(code=code, claimed_at=now, **{"space" if isinstance(each, Space) else "building": each})
        for each, code in zip(missing, draw_codes(len(missing)), strict=True)
    ]
    entered_by(Tag.objects.bulk_create(fresh, batch_size=2000), person)
    return found | dict(zip([each.pk for each in missing], fresh, strict=True))


def building_of(place: Place) -> Building:
    """The building of a place."""
    return place.building if isinstance(place, Space) else place


def entered_by(tags: Sequence[Tag], person: Person) -> None:
    """Enter labels in the audit chain, by whoever made them."""
    audit.append([TAGS.fact(tag, person.pk, person.name) for tag in tags])


@transaction.atomic
def keep_run(*, person: Person, codes: Mapping[Site, Sequence[str]], kind: str, stock: str) -> list[LabelRun]:
    """Keep who had which labels printed, on what paper: a row for each site, with the codes as they lie on the paper."""
    for site in codes:
        require(person, permits.LABEL_PRINT, site, "print labels")
    runs = LabelRun.objects.bulk_create(
        [
            LabelRun(site=site, kind=kind, codes=list(theirs), stock=stock[:120], printed_by=person, printed_at=timezone.now())
            for site, theirs in codes.items()
        ]
    )
    audit.append([LABEL_RUNS.fact(run, person.pk, person.name) for run in runs])
    return runs


def by_site(pairs: Sequence[tuple[Site, str]]) -> dict[Site, list[str]]:
    """Codes by the site that they belong to, in their order."""
    found: dict[Site, list[str]] = defaultdict(list)
    for site, code in pairs:
        found[site].append(code)
    return dict(found)


@transaction.atomic
def make_roll(*, site: Site, count: int, stock: str, person: Person) -> LabelRun:
    """Labels that are on nothing yet, printed for a site to be put up and claimed with the phone.

    Raises Problem for none, or more than MOST_IN_A_ROLL.
    """
    require(person, permits.LABEL_PRINT, site, "print labels")
    if not 1 <= count <= MOST_IN_A_ROLL:
        said = f"Print from 1 to {MOST_IN_A_ROLL:,} labels at a time."
        raise Problem("too_many_labels", said, fields={"count": said})
    codes = draw_codes(count)
    [run] = keep_run(person=person, codes={site: codes}, kind=LabelRun.Kind.ROLL, stock=stock)
    entered_by(Tag.objects.bulk_create([Tag(code=code, roll=run) for code in codes], batch_size=2000), person)
    return run
