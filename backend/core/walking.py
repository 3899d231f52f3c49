"""Walking on where something cannot be read: PostgreSQL holds values that Python does not, and tables can be damaged."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

Key = TypeVar("Key")
Found = TypeVar("Found")
MOST: Final = 2000  # failures, after which what fails together is no longer told apart


@dataclass(slots=True)
class Patience:
    """How many readings may still fail before whole batches are given up."""

    left: int = field(default=MOST)


def spelled(wrong: BaseException) -> str:
    """What went wrong, in a line: "DataError: date too large (after year 10K)"."""
    first = next(iter(str(wrong).strip().splitlines()), "")[:200]
    words = f"{type(wrong).__name__}: {first}" if first else type(wrong).__name__
    return words.encode("utf-8", "replace").decode()


def broken() -> bool:
    """Whether the database answers nothing any more until it is taken back: a question failed there, and not here."""
    held = connection.connection
    return held is not None and held.info.transaction_status == TransactionStatus.INERROR


def begun() -> str | None:
    """A point to come back to; None outside a transaction."""
    return transaction.savepoint() if connection.in_atomic_block else None


def back_to(point: str | None) -> None:
    """Come back to it, if that is needed. Not within `except`: what was being read must be closed before."""
    if point and broken():
        transaction.savepoint_rollback(point)


def one_by_one(
    keys: Sequence[Key],
    look: Callable[[Sequence[Key]], Iterable[Found]],
    failed: Callable[[Key, Exception], Found],
    patience: Patience,
) -> Iterator[Found]:
    """What `look` finds of the keys together; where that fails, of each half, down to the single one, which `failed` tells of."""
    try:
        with transaction.atomic():  # a failing question ends no more than itself
            found = list(look(keys))
    except Exception as wrong:
        patience.left -= 1
        if len(keys) == 1 or patience.left < 0:
            yield from (failed(key, wrong) for key in keys)
            return
        half = len(keys) // 2
        yield from one_by_one(keys[:half], look, failed, patience)
        yield from one_by_one(keys[half:], look, failed, patience)
    else:
        yield from found
