"""Labels that are taken out of use: with another in their place, or without."""

from django.db import transaction
from django.utils import timezone

from backend.assets.actions.tags import claim_tag, draw_codes
from backend.assets.evidence import TAG_RETIREMENTS, TAGS
from backend.assets.models import Asset, Tag, TagRetirement
from backend.core import audit
from backend.core.problems import NotFound, Problem
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require


def locked(code: str) -> Tag:
    """The label, locked. Raises NotFound for one that was never made."""
    rows = Tag.objects.select_for_update(of=("self",)).select_related(
        "asset__site__school", "building__site__school", "space__building__site__school", "roll__site__school"
    )
    tag = rows.filter(pk=code.upper()).first()
    if tag is None:
        raise NotFound("That label")
    return tag


@transaction.atomic
def retire_tag(*, code: str, why: str, note: str = "", person: Person) -> TagRetirement:
    """Take a label out of use. Raises Problem when it was before, or when no reason is given."""
    return retired(locked(code), None, why, note, person)


@transaction.atomic
def exchange_tag(*, code: str, replaces: str, why: str, asset: Asset, person: Person) -> Tag:
    """Put a printed label on an asset in the place of one that is lost or cannot be read; answers the new one.

    Whoever may put labels on things may do so. An old label that is out of use by now stays as it is. Raises Problem where
    the new one cannot be put on (as claim_tag), where the old one is on something else, or for another reason than these two.
    """
    if why not in (TagRetirement.Why.LOST, TagRetirement.Why.DAMAGED):
        raise Problem("answers", "Say whether the label is lost or damaged.", fields={"why": "Choose lost or damaged."})
    new, old = claim_tag(code=code, asset=asset, person=person), locked(replaces)
    if old.pk == new.pk:
        raise Problem("answers", "A label cannot take its own place.", fields={"replaces": "Name the old label."})
    if old.retired_at is None and old.asset_id != asset.pk:
        raise Problem("tag_taken", f"Label {old.pk} is on something else, so this one was not put in its place.", status=409)
    if old.retired_at is None:
        out_of_use(old, new, why, "", person)
    return new


@transaction.atomic
def replace_tag(*, code: str, why: str, note: str = "", person: Person) -> Tag:
    """Take a label out of use and make another for the same thing; answers the new one, to be printed.

    Raises Problem when it is out of use already, on nothing, or when no reason is given.
    """
    old = locked(code)
    if old.retired_at is None and old.thing is None:
        raise Problem("label_unused", "That label is on nothing: take it out of use, and use another.", status=409)
    now = timezone.now()
    new = Tag(code=draw_codes(1)[0], asset=old.asset, building=old.building, space=old.space, claimed_at=now)
    retired(old, new, why, note, person)
    return new


def retired(tag: Tag, new: Tag | None, why: str, note: str, person: Person) -> TagRetirement:
    """Write it: the label is on nothing from now on; what it was on stands in the row that says why."""
    site = tag.site
    if site is None:
        raise NotFound("That label")
    require(person, permits.LABEL_PRINT, site, "take labels out of use")
    if tag.retired_at:
        raise Problem("tag_retired", "That label is out of use already.", status=409)
    if why not in TagRetirement.Why.values:
        raise Problem("answers", "Say why the label is taken out of use.", fields={"why": "Choose one of the reasons."})
    if new is not None:
        new.save(force_insert=True)
    return out_of_use(tag, new, why, note, person)


def out_of_use(tag: Tag, new: Tag | None, why: str, note: str, person: Person) -> TagRetirement:
    """Write that a label is out of use, and which one, saved before, came in its place."""
    now, site = timezone.now(), tag.site
    assert site is not None  # a label on nothing and of no roll never comes here
    was = {"asset": tag.asset, "building": tag.building, "space": tag.space}
    tag.asset, tag.building, tag.space, tag.retired_at = None, None, None, now
    tag.save(update_fields=["asset", "building", "space", "retired_at"])
    said = {"why": why, "note": note.strip()[:300], "retired_at": now, "retired_by": person}
    row = TagRetirement.objects.create(tag=tag, site=site, replaced_by=new, **was, **said)
    facts = [TAGS.fact(each, person.pk, person.name) for each in (tag, new) if each]
    audit.append([*facts, TAG_RETIREMENTS.fact(row, person.pk, person.name)])
    return row
