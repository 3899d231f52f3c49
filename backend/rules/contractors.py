"""May a contractor work here? What its papers say on a day, and what is missing. Pure: papers and a date in, words out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backend.rules.due.words import short_day

PUBLIC, EMPLOYERS, INDEMNITY, ACCREDITATION = "public-liability", "employers-liability", "professional-indemnity", "accreditation"
INSURANCES: Final[Mapping[str, str]] = {
    PUBLIC: "Public liability insurance",
    EMPLOYERS: "Employers' liability insurance",
    INDEMNITY: "Professional indemnity insurance",
}
LEAST_EMPLOYERS_PENCE: Final = 500_000_000
"""£5 million: Employers' Liability (Compulsory Insurance) Regulations 1998 reg. 3."""
SOON_DAYS: Final = 42
SCHEMES: Final = (
    "Gas Safe", "NICEIC", "NAPIT", "BAFE", "LPCB", "FIRAS", "SAFed", "REFCOM (F-Gas)", "OFTEC", "Legionella Control Association",
    "NSI", "SSAIB", "RPII", "Lantra", "CHAS", "SafeContractor", "Constructionline", "HSE asbestos licence", "UKAS", "PASMA",
)  # fmt: skip
"""What firms are commonly accredited by; any other may be written."""
ASKED_BY_TRADE: Final[Mapping[str, str]] = {"gas-heating": "Gas Safe"}
"""Nobody works on gas without being on the Gas Safe Register: Gas Safety (Installation and Use) Regulations 1998 reg. 3(3)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a firm: `kind` as above, the accreditation's `scheme`, its last day, its cover in pence."""

    kind: str
    scheme: str = ""
    expires_on: dt.date | None = None
    cover_pence: int | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.scheme if self.kind == ACCREDITATION else INSURANCES[self.kind]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a firm may work here on a day: `missing` is what stands against it, `soon` what ends within six weeks."""

    missing: tuple[str, ...] = ()
    soon: tuple[str, ...] = ()
    first_end: dt.date | None = None

    @property
    def may_work(self) -> bool:
        """Nothing stands against it."""
        return not self.missing

    @property
    def word(self) -> str:
        """One of in-date, due-soon, overdue: the status that marks it."""
        return "overdue" if self.missing else "due-soon" if self.soon else "in-date"


def wanted_of(trades: Sequence[str], asked_for: Sequence[str], *, employs_nobody: bool, advises: bool) -> list[Paper]:
    """The papers that a firm must have. `trades` are keys of disciplines, `asked_for` accreditations that the trust wants."""
    wanted = [Paper(PUBLIC)]
    wanted += [] if employs_nobody else [Paper(EMPLOYERS)]
    wanted += [Paper(INDEMNITY)] if advises else []
    by_law = [scheme for trade, scheme in ASKED_BY_TRADE.items() if trade in trades]
    return wanted + [Paper(ACCREDITATION, scheme) for scheme in dict.fromkeys([*by_law, *asked_for])]


def standing_of(wanted: Iterable[Paper], held: Iterable[Paper], today: dt.date, *, active: bool = True) -> Standing:
    """How a firm stands on a day. Of several papers of one kind the longest counts; its last day counts in full."""
    best: dict[tuple[str, str], Paper] = {}
    for paper in held:
        key = (paper.kind, paper.scheme.casefold())
        if key not in best or ends(paper) > ends(best[key]):
            best[key] = paper
    missing = [] if active else ["It is no longer given work by the trust."]
    for paper in wanted:
        missing += against(paper, best.get((paper.kind, paper.scheme.casefold())), today)
    limit = today + dt.timedelta(days=SOON_DAYS)
    near = sorted((each for each in best.values() if today <= ends(each) <= limit), key=ends)
    soon = [f"{each.name} ends on {said_day(each.expires_on, today)}." for each in near]
    return Standing(tuple(missing), tuple(soon), near[0].expires_on if near else None)


def against(wanted: Paper, held: Paper | None, today: dt.date) -> list[str]:
    """What stands against a firm by one paper that it must have."""
    if held is None:
        return [f"{wanted.name}: nothing is held."]
    if ends(held) < today:
        return [f"{wanted.name} ended on {said_day(held.expires_on, today)}."]
    if wanted.kind == EMPLOYERS and held.cover_pence is not None and held.cover_pence < LEAST_EMPLOYERS_PENCE:
        return [f"{wanted.name} covers less than the £5,000,000 that the law asks for."]
    return []


def ends(paper: Paper) -> dt.date:
    """Its last day; the end of time when it has none."""
    return paper.expires_on or dt.date.max


def said_day(day: dt.date | None, today: dt.date) -> str:
    """A day as it is said everywhere: "Fri 27 Nov", with its year when that is not today's."""
    return short_day(day, today) if day else "a day not known"


def person_missing(
    *, dbs_on: dt.date | None, dbs_expires_on: dt.date | None, induction_until: dt.date | None, inducted: bool, today: dt.date
) -> list[str]:
    """What stands against a firm's person working unaccompanied at a site: DBS check and the site's induction.

    Source: Keeping Children Safe in Education, part three (contractors): those who work regularly or unsupervised are checked.
    """
    said = []
    if dbs_on is None:
        said.append("No DBS check is noted: to be accompanied.")
    elif dbs_expires_on and dbs_expires_on < today:
        said.append(f"The DBS check was to be renewed by {said_day(dbs_expires_on, today)}: to be accompanied.")
    if not inducted:
        said.append("Not inducted at this site.")
    elif induction_until and induction_until < today:
        said.append(f"The site induction ended on {said_day(induction_until, today)}.")
    return said
