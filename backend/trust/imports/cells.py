"""What a cell may say, and what to tell people when it does not: each reads a text, or raises Wrong with a sentence."""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Final

NOTHING: Final = frozenset({
    "", "-", "--", "–", "—", "?", ".", "n/a", "na", "n.a.", "#n/a", "nil", "none", "null", "unknown", "not known", "tbc", "tba",
    "not applicable", "not recorded", "no data", "don't know", "dont know",
})  # fmt: skip
"""What people write into a cell that they have nothing for."""
DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d.*)?")
IN_WORDS: Final = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})", re.IGNORECASE)
MONTH_ONLY: Final = re.compile(r"([a-z]{3,9})[ -/.](\d{4}|\d{2})", re.IGNORECASE)
YEARS: Final = re.compile(r"((?:19|20)\d\d) ?[/-] ?(\d\d|(?:19|20)\d\d)")
AS_COUNTED: Final = dt.date(1899, 12, 30)  # day nought of spreadsheets
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SPOILED: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
ERRORS: Final = re.compile(r"#(ref|name|value|div/0|num|null|getting_data)[!?]?", re.IGNORECASE)
MAIL: Final = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[a-z]{2,}", re.IGNORECASE)
POSTCODE: Final = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})")
CENTURY: Final = 70  # a year of two figures below this is of this century

MOST_NAMED: Final = 12  # of what there is to choose from, in one sentence

Reader = Callable[[str], Any]


class Wrong(Exception):  # noqa: N818  the word people use
    """A cell that cannot be taken. Its text is a sentence: what is wrong, and what to write."""


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say."""
    return text.lower() in NOTHING


def of_length(most: int) -> Reader:
    """A text of at most so many letters, that is not what a spreadsheet made of it."""

    def read(text: str) -> str:
        if ERRORS.fullmatch(text):
            raise Wrong(f"“{text}” is an error of the spreadsheet, not a value. Mend the formula, or write the value.")
        if len(text) > most:
            raise Wrong(f"This has {len(text)} letters. Shorten it to {most}.")
        return text

    return read


def day(text: str) -> dt.date:
    """A date as people write them: 28/02/2019, 28.2.19, 2019-02-28, 28 February 2019."""
    if found := YEAR_FIRST.fullmatch(text):
        return real_day(text, int(found[1]), int(found[2]), int(found[3]))
    if found := DAY_FIRST.fullmatch(text):
        return real_day(text, full_year(found[3]), int(found[2]), int(found[1]))
    if found := IN_WORDS.fullmatch(text):
        month = found[2].lower()[:3]
        if month in MONTHS:
            return real_day(text, full_year(found[3]), MONTHS.index(month) + 1, int(found[1]))
    if re.fullmatch(r"(1[89]|20)\d\d", text):
        raise Wrong(f"“{text}” is only a year. Write a day, such as 01/09/{text}.")
    if (found := MONTH_ONLY.fullmatch(text)) and found[1].lower()[:3] in MONTHS:
        first = dt.date(full_year(found[2]), MONTHS.index(found[1].lower()[:3]) + 1, 1)
        raise Wrong(f"“{text}” is only a month. Write a day, such as {first:%d/%m/%Y}.")
    if re.fullmatch(r"\d{5}", text):
        meant = AS_COUNTED + dt.timedelta(days=int(text))
        raise Wrong(f"“{text}” is a date as a spreadsheet counts it. Write it as {meant:%d/%m/%Y}.")
    raise Wrong(f"“{text}” is no date. Write day/month/year, such as 28/02/2019.")


class Roughly(dt.date):
    """The first day of a month or year of which no more is known; `words` is what was written."""

    words: str

    @classmethod
    def from_words(cls, words: str, first: dt.date) -> "Roughly":
        """The first day of what `words` name."""
        found = cls(first.year, first.month, first.day)
        found.words = words
        return found


def day_or_so(text: str) -> dt.date:
    """A date, or the first day of a month or a year where people know no more (Roughly), such as when a thing was put in.

    A day as spreadsheets count it (43524) is that day: nothing else can be meant in such a column.
    """
    if re.fullmatch(r"(1[89]|20)\d\d", text):
        return Roughly.from_words(text, dt.date(int(text), 1, 1))
    if (found := MONTH_ONLY.fullmatch(text)) and found[1].lower()[:3] in MONTHS:
        first = dt.date(full_year(found[2]), MONTHS.index(found[1].lower()[:3]) + 1, 1)
        return Roughly.from_words(f"{first:%B %Y}", first)
    if (found := YEARS.fullmatch(text)) and (int(found[1]) + 1) % 100 == int(found[2]) % 100:
        return Roughly.from_words(text, dt.date(int(found[1]), 4, 1))  # of money or of school: the earlier of the two
    if re.fullmatch(r"[1-6]\d{4}", text):
        return AS_COUNTED + dt.timedelta(days=int(text))
    return day(text)


def full_year(text: str) -> int:
    """The year of two or four figures."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < CENTURY else 1900)


def real_day(text: str, year: int, month: int, number: int) -> dt.date:
    """The day, if there is one. Raises Wrong, with what was likely meant."""
    if not 1800 <= year <= 2200:
        raise Wrong(f"“{text}” is in the year {year}. Check the year.")
    if not 1 <= month <= 12:
        if 1 <= number <= 12 and month <= 31:
            meant = min(month, calendar.monthrange(year, number)[1])
            raise Wrong(f"“{text}” has the month {month}. Write the day first: {meant:02}/{number:02}/{year}.")
        raise Wrong(f"“{text}” is no date: there is no month {month}. Write day/month/year, such as 28/02/2019.")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= number <= last:
        name = f"{dt.date(year, month, 1):%B %Y}"
        raise Wrong(f"“{text}” is no date: {name} has {last} days. Look up the day, or leave it empty.")
    return dt.date(year, month, number)


def whole(least: int, most: int, unit: str = "") -> Reader:
    """A whole number within limits; blanks and commas between thousands are fine."""

    def read(text: str) -> int:
        plain = re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text)
        plain = re.sub(r"\.0+$", "", plain)
        if unit == "square metres":
            plain = re.sub(r"(m2|m²|sq\.? ?m|sqm)$", "", plain, flags=re.IGNORECASE).rstrip()
        if not re.fullmatch(r"-?\d{1,12}", plain):
            number = re.search(r"\d+", plain)
            hint = (
                f" Write the number only: {number[0]}." if number and SPOILED.fullmatch(text) is None else " Write figures only."
            )
            raise Wrong(f"“{text}” is no whole number{' of ' + unit if unit else ''}.{hint}")
        if not least <= int(plain) <= most:
            raise Wrong(f"{plain} cannot be right: it must lie between {least:,} and {most:,}{' ' + unit if unit else ''}.")
        return int(plain)

    return read


def number(text: str) -> float:
    """A number, with a point or without."""
    try:
        found = float(text.replace(",", ""))
    except ValueError:
        raise Wrong(f"“{text}” is no number. Write figures only.") from None
    if not abs(found) < 1e12:
        raise Wrong(f"“{text}” is no possible number.")
    return found


def email(text: str) -> str:
    """An e-mail address, in small letters."""
    plain = re.sub(r"^mailto:", "", text.strip().strip("<>;,"), flags=re.IGNORECASE).lower()
    if MAIL.fullmatch(plain) and ".." not in plain and len(plain) <= 254:
        return plain
    if " " in plain or "," in plain:
        guess = re.sub(r"\s+", "", plain).replace(",", ".")
        if MAIL.fullmatch(guess):
            raise Wrong(f"“{text}” is no e-mail address. Did you mean {guess}?")
    raise Wrong(f"“{text}” is no e-mail address. Write it as name@school.example.")


def postcode(text: str) -> str:
    """A postcode of the United Kingdom, with one blank."""
    found = POSTCODE.fullmatch(re.sub(r"\s+", "", text.upper()))
    if found is None:
        raise Wrong(f"“{text}” is no postcode. Write it as DL1 1AA, or leave it empty.")
    return f"{found[1]} {found[2]}"


def uprn(text: str) -> str:
    """A unique property reference number: up to 12 figures, without noughts before them."""
    if SPOILED.fullmatch(text):
        raise Wrong(
            f"“{text}” was shortened by a spreadsheet: its last figures are lost. Download the file again and send it unopened, "
            "write the UPRN in full, or have such UPRNs left empty."
        )
    if not re.fullmatch(r"\d{1,12}", text):
        raise Wrong(f"“{text}” is no UPRN. Write up to 12 figures, or leave it empty.")
    return text.lstrip("0")


def folded(text: str) -> str:
    """A name as it is compared: small letters and figures only."""
    return re.sub(r"[\W_]+", "", text.lower())


def one_of(choices: Mapping[str, Any], what: str, also: Mapping[str, Any] | None = None) -> Reader:
    """One of these by its name, whatever its case, blanks and dashes. A close spelling is named, never taken.

    `also` are other words that are understood and not proposed.
    """
    known = {folded(name): value for name, value in {**(also or {}), **choices}.items()}
    refusals: dict[str, str] = {}  # the same word stands in hundreds of rows

    def read(text: str) -> Any:
        plain = folded(text)
        if plain in known:
            return known[plain]
        if text not in refusals:
            refusals[text] = f"“{text}” is no {what}.{suggested(text, choices, otherwise=MOST_NAMED)}"
        raise Wrong(refusals[text])

    return read


def misspelt(text: str, names: Iterable[str]) -> str:
    """The name that a text is most likely a slip of ("Mian block" of "Main block"); "" when there is none.

    Each word that differs must have four letters or more, and nearly those of the other: "Block A" is no slip of "Block B".
    """
    words = text.lower().split()
    for name in names:
        others = name.lower().split()
        pairs = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
        if len(words) == len(others) and pairs and all(len(a) > 3 and nearly(a, b) for a, b in pairs):
            return name
    return ""


def nearly(one: str, other: str) -> bool:
    """Whether a word is a slip of another: its letters swapped, or one or two of them wrong."""
    return sorted(one) == sorted(other) or SequenceMatcher(None, one, other).ratio() >= 0.85


def close_names(text: str, choices: Iterable[str]) -> list[str]:
    """Up to three names that a text may mean: those that have it as a word of theirs, or hold it, then those spelt nearly so."""
    plain = {folded(name): name for name in reversed(list(choices))}
    sought, word = folded(text), re.compile(rf"\b{re.escape(text.lower())}s?\b")
    worded = [name for name in reversed(plain.values()) if sought and word.search(name.lower())]
    within = [name for key, name in plain.items() if len(sought) > 3 and sought in key]
    close = get_close_matches(sought, plain, n=2, cutoff=0.62)
    return list(dict.fromkeys([*worded[:3], *(plain[each] for each in close), *within]))[:3]


def suggested(text: str, choices: Iterable[str], otherwise: int = 6) -> str:
    """What was likely meant, or what there is to choose from when there is little of it."""
    names = list(dict.fromkeys(choices))
    if found := close_names(text, names):
        return f" Did you mean {' or '.join(f'“{each}”' for each in found)}?"
    if 0 < len(names) <= otherwise:
        return f" Write {', '.join(names[:-1]) + ' or ' if len(names) > 1 else ''}{names[-1]}."
    return ""
