"""What was held for the office, as pages show it."""

import json
import re
from collections.abc import Iterable
from typing import Any

from backend.sync.models import KeptAside, Op
from backend.trust.models import Person

UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def authors_of(ops: Iterable[Any]) -> dict[str, str]:
    """Author id as the phone named it -> the person's name, where it is one of ours. One query."""
    wanted = {each.author_id for each in ops if UUID_SHAPE.fullmatch(each.author_id)}
    return {str(each.pk): each.name for each in Person.objects.filter(pk__in=wanted)}


def why(item: Op | KeptAside) -> str:
    """Why somebody should look at it, in words; the bare code when there are none."""
    doubt = item.get_doubt_display() if isinstance(item, Op) and item.doubt else ""
    return item.detail or doubt or item.code


def word_for_word(sent: str) -> str:
    """What was sent, laid out for reading; as it came when it cannot be."""
    try:
        return json.dumps(json.loads(sent), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return sent
