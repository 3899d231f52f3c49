"""Chance that falls the same way again: for a seed and a name there is one run of throws."""

import random
import uuid


def dice(seed: int, *names: object) -> random.Random:
    """A source of chance of its own for whatever the names say, so that one school's luck does not change another's."""
    return random.Random(":".join(str(name) for name in (seed, *names)))  # noqa: S311  make-believe, not secrets


def made_id(throw: random.Random) -> uuid.UUID:
    """An id from the dice, so that a second load of the same seed and day makes the same one."""
    return uuid.UUID(int=throw.getrandbits(128), version=4)
