"""For how long what is kept: the classes of records, each with its period, from when it counts, and why.

The law gives few figures and leaves most to the trust, which must be able to say why it keeps what it keeps (UK GDPR, Article
5(1)(e)). These are Siteward's defaults, not legal advice; the sector's own schedule (the IRMS toolkit) was not to hand when they
were written. Statutory checks are kept beyond the periods in which somebody can claim (Limitation Act 1980, sections 5 and 11).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RecordClass:
    """A class of records. `years` is None for what stays as long as Siteward does; else they count from `since`.

    `then` says what happens at the end, `why` the ground for keeping until then.
    """

    title: str
    years: int | None
    since: str
    then: str
    why: str

    def ends_on(self, day: dt.date) -> dt.date | None:
        """The last day on which a record of `day` is kept with its name; None when there is no end."""
        if self.years is None:
            return None
        try:
            return day.replace(year=day.year + self.years)
        except ValueError:  # 29 February
            return day.replace(year=day.year + self.years, day=28)

    def words(self) -> str:
        """How long, for a page: "7 years after the work"."""
        if not self.years:
            return "For good" if self.years is None else "until the last day here"
        return f"{self.years} {'year' if self.years == 1 else 'years'} {self.since}"


CLASSES: Final[dict[str, RecordClass]] = {
    "account": RecordClass(
        "Sign-in and access",
        0,
        "after the last day here",
        "name, e-mail address, second steps, tokens and sessions are erased",
        "Needed to let somebody in; nobody who has left comes in.",
    ),
    "people": RecordClass(
        "Roles held and proved ability",
        7,
        "after the last day here",
        "what names the person is erased",
        "Shows who was allowed and able to do a check when it was done (Limitation Act 1980: six years, and one over).",
    ),
    "checks": RecordClass(
        "Checks, attempts and readings",
        7,
        "after the work",
        "the name of whoever did it is erased; the check stays",
        "Proves that a statutory duty was done, and by whom. Asbestos, legionella and pressure systems ask for longer.",
    ),
    "problems": RecordClass(
        "Problems and the work on them",
        7,
        "after the work",
        "the name is erased; the problem stays",
        "Proves what was known and what was done about it.",
    ),
    "contractors": RecordClass(
        "Contractors' people, visits and papers",
        7,
        "after the day",
        "what names the person is erased; that the firm came stays",
        "Shows who was on a school's site and that they were checked. Their DBS check is erased as soon as they come no more.",
    ),
    "packs": RecordClass(
        "Evidence packs",
        7,
        "after they were made",
        "the file is deleted; that it was made, and its hash, stay",
        "Shows what somebody outside was given, for as long as they can come back to it.",
    ),
    "views": RecordClass(
        "Who looked at personal details",
        2,
        "after the look",
        "it stays; whoever has left is named in it no more",
        "Lets a person ask who looked, and the trust find misuse.",
    ),
    "chain": RecordClass(
        "The audit chain",
        None,
        "",
        "it holds no name: the name that stands beside it is erased with the account",
        "Shows that nothing was changed; worthless with a gap.",
    ),
}
