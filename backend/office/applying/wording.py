"""What changed, in words: facts and assets of a place."""

from collections.abc import Sequence

from backend.rules.place_facts import PLACE_FACTS


def changed_in_words(changed: Sequence[str]) -> list[str]:
    """What has changed since a decision, as questions that are answered otherwise now."""
    words = {"assets": "There are more such assets in the register than there were."}
    return [
        words.get(name) or (PLACE_FACTS[name].question if name in PLACE_FACTS else f"“{name}” of the asset") for name in changed
    ]
