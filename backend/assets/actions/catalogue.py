"""Makes and models: add, change, put assets under them, and merge doubles."""

import re

from django.db import IntegrityError, transaction

from backend.assets.actions.papers import stored
from backend.assets.actions.register import change_asset
from backend.assets.models import Asset, AssetModel, AssetType
from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.trust import permits
from backend.trust.actions.acting import System, fact, require_trust
from backend.trust.models import Person
from backend.trust.scope import reach

DOING = "change makes and models"
LONGEST = 200  # years


def squeezed(text: str) -> str:
    """Letters and figures alone, in lower case: "WORCESTER Bosch, 30-CDi" and "Worcester Bosch 30CDI" are one."""
    return re.sub(r"[\W_]+", "", text).lower()


@transaction.atomic
def add_model(
    *, type: AssetType, make: str, model: str, person: Person | System, expected_life: int | None = None, details: str = "",
    manual: bytes = b"",
) -> AssetModel:  # fmt: skip
    """Add a make and model of a kind of asset. Raises Problem; for one that is there already, 409."""
    if isinstance(person, Person) and reach(person, permits.ASSET_CHANGE).nowhere():
        raise Forbidden("Your role does not let you add makes and models. Ask your site manager.")
    row = AssetModel(type=type)
    written(row, make, model, expected_life, details)
    return kept(row, person, manual)


@transaction.atomic
def change_model(
    row: AssetModel, *, make: str, model: str, person: Person, expected_life: int | None, details: str, manual: bytes = b""
) -> AssetModel:
    """Put right what is known of a make and model; a manual (PDF or picture) replaces the one before. Raises Problem."""
    require_trust(person, permits.ASSET_CHANGE, DOING)
    if row.merged_into_id:
        raise Problem("merged", "This one is merged into another. Change that one.", status=409)
    written(row, make, model, expected_life, details)
    return kept(row, person, manual)


def written(row: AssetModel, make: str, model: str, expected_life: int | None, details: str) -> None:
    """Put what was typed on the row. Raises Problem."""
    wrong = {name: "Write it." for name, value in (("make", make), ("model", model)) if not value.strip()}
    if expected_life is not None and not 0 < expected_life <= LONGEST:
        wrong["expected_life"] = f"From 1 to {LONGEST} years."
    if wrong:
        raise Problem("answers", "Some of this needs correcting.", fields=wrong)
    row.make, row.model = (" ".join(text.split())[:80] for text in (make, model))
    row.expected_life, row.details = expected_life, details.strip()[:2000]


def kept(row: AssetModel, person: Person | System, manual: bytes) -> AssetModel:
    """Save the row, with its manual if one came. Raises Problem (409) for a double."""
    if manual and isinstance(person, Person):
        file = stored(manual, person)
        row.manual_sha256, row.manual_type = file.pk, file.content_type
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        said = f"{row.make} {row.model} is there already."
        raise Problem("there_already", said, status=409, fields={"model": said}) from None
    audit.append([fact("asset-model", row, person)])
    return row


@transaction.atomic
def merge_models(double: AssetModel, *, into: AssetModel, person: Person) -> int:
    """Make one of two: assets of `double` come under `into`; answers how many. What plates say stays. Raises Problem."""
    require_trust(person, permits.ASSET_CHANGE, DOING)
    rows = {each.pk: each for each in AssetModel.objects.select_for_update().filter(pk__in=(double.pk, into.pk)).order_by("pk")}
    double, into = rows[double.pk], rows[into.pk]
    if double.pk == into.pk or double.merged_into_id or into.merged_into_id or double.type_id != into.type_id:
        said = "Choose another make and model of the same kind that is not merged itself."
        raise Problem("cannot_merge", said, status=409, fields={"into": said})
    assets = list(Asset.objects.filter(product=double).select_related("site", "building", "space", "parent", "type"))
    for asset in assets:
        change_asset(asset, changes={"product": into}, person=person, why=f"{double} and {into} are one.")
    double.merged_into = into
    double.save(update_fields=["merged_into"])
    audit.append([fact("asset-model-merged", double, person)])
    return len(assets)
