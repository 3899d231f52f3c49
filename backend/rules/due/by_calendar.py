"""Counting by the calendar: which slots the completions serve, which lapsed, which is owed now.

`DUE_ENGINE.md`, "Counting by the calendar", rules 3 to 7. Days are ordinals throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.rules.due.pauses import Pauses
from backend.rules.due.slots import Slot, Slots


class Owing:
    """Walks along the slots that are owed, oldest first: `slot` is the one to serve, `missed` those that lapsed.

    Slots whose `due` is a paused day are not owed and are passed over (rule 3). Windows open and close in the order
    of their slots, so the slots served are always the oldest ones, and the order in which records arrived is no matter.
    """

    def __init__(self, slots: Slots, pauses: Pauses) -> None:
        self._slots = slots
        self._pauses = pauses
        self._index = -1
        self.missed: list[Slot] = []
        self.served = 0
        self._last_done = 0
        self.slot: Slot | None = None
        self._step()

    @classmethod
    def at(cls, index: int, slots: Slots, pauses: Pauses, last_done: int) -> Owing:
        """The walk as it was with the slot at `index` to serve, and the last completion on `last_done` (0: none yet)."""
        owing = cls.__new__(cls)
        owing._slots, owing._pauses, owing._index = slots, pauses, index - 1
        owing.missed, owing.served, owing._last_done, owing.slot = [], 0, last_done, None
        owing._step()
        return owing

    def _step(self) -> None:
        self._index += 1
        self.slot = self._slots.get(self._index)
        while self.slot is not None and self._pauses.hold(self.slot.due):
            if self._pauses.hold_for_ever(self.slot.due):
                self.slot = None
                return
            self._index += 1
            self.slot = self._slots.get(self._index)

    def pass_to(self, day: int) -> None:
        """Let the slots lapse that had closed unserved before `day` (rule 5)."""
        while self.slot is not None and self.slot.closes < day:
            self.missed.append(self.slot)
            self._step()

    def complete(self, day: int) -> None:
        """A completion on `day`: it serves the oldest unserved slot open for it, if any (rule 4)."""
        self.pass_to(day)
        self._last_done = day
        if self.slot is not None and self.slot.opens <= day:
            self.served += 1
            self._step()

    def counts_from(self, slot: Slot) -> int:
        """The first day on which a further completion would serve `slot`: all completions of one day are one."""
        return max(slot.opens, self._last_done + 1)

    def lapses(self) -> list[int]:
        """What the slots that lapsed were owed by, once each: terms a day apart can be owed by the same day."""
        return list(dict.fromkeys(slot.due for slot in self.missed))

    def ahead(self) -> Iterator[Slot]:
        """The slot owed now and those after it, for ever or to the calendar's end. Uses the walk up."""
        while self.slot is not None:
            yield self.slot
            self._step()


def after(slots: Slots, done: Sequence[int], pauses: Pauses) -> Owing:
    """The walk after the completions on these days, which must be in order, one for each day.

    Its `slot` is then the oldest that is neither served nor had closed when the last completion was made: the one
    whose dates a plan stores, because that completion cleared whatever had lapsed before it (rule 7).
    """
    owing = Owing(slots, pauses)
    for day in done:
        owing.complete(day)
    return owing
