"""What somebody says once of a file that stands in it many times: which column is which, and what a word of theirs means.

"Boiler" in 143 rows is chosen to be "Gas boiler" once, and the same file is tried again. What was chosen is kept with the import.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backend.core.problems import Problem
from backend.trust.imports.cells import close_names, folded, misspelt

MOST_WORDS: Final = 40  # on one page; correcting these and trying again shows the next
MOST_OFFERED: Final = 300
EMPTY: Final = ""
OTHERS: Final = "*"
"""Stands for every word of a column that cannot be read: no cell says it, since nothing needs to be read of one that does."""
WRONG: Final = "What is wrong"
WAS_ROW: Final = "Row in the file sent"
"""The first columns of a table that was handed out to be corrected; they are passed over when it comes back."""


class HeadersMissing(Problem):
    """A table whose required columns are not there. `found` are its headers, `lacking` the keys of the columns."""

    def __init__(self, detail: str, *, said: str, found: Sequence[str], lacking: Sequence[str]) -> None:
        super().__init__("columns_missing", detail, fields={"file": said})
        self.found, self.lacking = list(found), list(lacking)


@dataclass(frozen=True, slots=True)
class Chosen:
    """`columns`: column's key -> the header that is meant. `words`: key -> text -> what it stands for; "" leaves the cell
    empty, None leaves the row out."""

    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)

    def of(self, key: str, text: str) -> str | None:
        """What a cell's text stands for: itself when nothing was chosen; None when its row is left out.

        What it stands for may itself have been explained since: "Libary" is "Library", and "Library" is nothing.
        """
        words, met = self.words.get(key, {}), {OTHERS}
        found: str | None = text
        while found is not None and found not in met and found in words:
            met.add(found)
            found = words[found]
        return found

    def of_others(self, key: str) -> str | None:
        """What a cell of this column stands for that cannot be read: OTHERS when nothing was chosen."""
        return self.words.get(key, {}).get(OTHERS, OTHERS)

    def without(self, taken_back: Iterable[tuple[str, str]]) -> "Chosen":
        """This without some answers, each by its column's key and the text."""
        gone = set(taken_back)
        kept = {key: {text: to for text, to in each.items() if (key, text) not in gone} for key, each in self.words.items()}
        return Chosen(self.columns, {key: each for key, each in kept.items() if each})

    def with_more(self, columns: Mapping[str, str], words: Mapping[str, Mapping[str, str | None]]) -> "Chosen":
        """This and what was chosen further."""
        every = {key: {**self.words.get(key, {}), **words.get(key, {})} for key in {*self.words, *words}}
        return Chosen({**self.columns, **columns}, every)

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {"columns": dict(self.columns), "words": {key: dict(each) for key, each in self.words.items()}}

    @classmethod
    def kept(cls, said: Mapping[str, Any]) -> "Chosen":
        """As it was kept; what is not ours is left out."""
        return cls(said.get("columns") or {}, said.get("words") or {})


def words_of(faults: Iterable[Any], required: Iterable[str], offered: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The words that were not understood, the most frequent first, each with what it is likely meant to be.

    Where there is nothing to choose from (dates, numbers), a column's words are one line, with one of them as an example.
    """
    asked = [each for each in faults if each.text]
    counted = Counter((each.key, each.column, each.text if each.key in offered else OTHERS) for each in asked)
    example = {each.key: each.text for each in reversed(asked)}
    different = Counter(key for key, _ in {(each.key, each.text) for each in asked})
    needed = set(required)
    found = []
    for (key, column, text), rows in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_WORDS]:
        names = offered.get(key, ())
        slip = misspelt(text, names)
        said = {"key": key, "column": column, "text": text, "rows": rows, "needed": key in needed, "slip": slip}
        others = [name for name in names if folded(name) != folded(text)]  # to say that it is what it is helps nobody
        said |= {"likely": [slip] if slip else close_names(text, others)}
        if text == OTHERS:
            said |= {"example": example[key], "more": different[key] - 1}
        found.append(said)
    return found


def same_header(one: str, other: str) -> bool:
    """Whether two headers are the same to us."""
    return folded(one) == folded(other)
