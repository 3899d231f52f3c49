"""From what is printed on a label to the thing it is on."""

import uuid

from django.conf import settings

from backend.assets.models import Tag
from backend.rules.tagcode import from_text


def asset_of_code(text: str) -> uuid.UUID | None:
    """The id of the asset that carries the label with this code (or address); None when the text is no code in use.

    Says nothing about whether the asker may see it: filter by it within their own rows.
    """
    read = from_text(text, settings.LABEL_HOSTS)
    if read.code is None:
        return None
    return Tag.objects.filter(code=read.code, retired_at=None).values_list("asset_id", flat=True).first()
