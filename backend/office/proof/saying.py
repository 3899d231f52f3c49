"""What a pack says of its rows, in words: answers with their limits, places, who did it and how presence was proved."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from backend.assets.models import Asset
from backend.checks.models import Certificate, CheckRecord
from backend.core.days import LONDON
from backend.maintenance.models import Defect
from backend.office.proof.gathering import Gathered
from backend.office.queries.answers import FILES, Line, fill, limit_of
from backend.office.queries.misses import Miss
from backend.rules.answers import NOTES
from backend.rules.due.words import full_day


def lines_of(record: CheckRecord, assets: Mapping[str, Asset], failed: set[str]) -> list[Line]:
    """The answers of a record (its revision loaded) in the order of its form; those left empty are left out."""
    asked = {each["key"]: each for each in [*record.revision.questions(), dict(NOTES)]}
    lines = []
    for key, question in asked.items():
        answer = record.answers.get(key)
        if question["type"] in FILES or answer in (None, "", []):
            continue
        line = Line(key, question["label"], failed=key in failed, limit=limit_of(question, record.answers, asked))
        fill(line, question, answer, assets)
        if line.answered:
            lines.append(line)
    return lines


def line_words(line: Line) -> str:
    """One answer in a sentence: "Hot tap: 46 °C (at least 50 °C), FAILED"."""
    if line.rows:
        said = "; ".join(", ".join(each for each in row if each) for row in line.rows)
    elif line.assets:
        said = ", ".join(str(each) for each in line.assets)
    else:
        said = "; ".join(line.items) or line.words
    limit = f" ({line.limit})" if line.limit and any(letter.isdigit() for letter in line.limit) else ""
    return f"{line.label}: {said}{limit}{', FAILED' if line.failed else ''}"


def set_lines(lines: list[Line]) -> list[str]:
    """Answers as they are set: what failed on lines of its own, first; the rest in one paragraph."""
    bad = [line_words(each) for each in lines if each.failed]
    good = "; ".join(line_words(each) for each in lines if not each.failed)
    return [*bad, good] if good else bad


def failed_in(found: Gathered) -> dict[Any, set[str]]:
    """Record -> the questions that found something wrong."""
    failed: dict[Any, set[str]] = defaultdict(set)
    for each in found.findings:
        failed[each.record_id].add(each.question)
    return failed


def place_of(row: Any) -> str:
    """Where or what: the asset, else the building, else the site."""
    return str(row.asset or row.building or row.site)


def competence_words(record: CheckRecord) -> str:
    """What the author held for it on the day."""
    held = [each for each in record.competence if isinstance(each, dict)]
    said = []
    for each in held:
        until = f" until {each['expires_on']}" if each.get("expires_on") else ""
        said.append(f"{each.get('name', '')}{until}".strip())
    return "; ".join(each for each in said if each) or "none on file"


def remarks(record: CheckRecord) -> list[str]:
    """What must be known about how a record came: late, corrected, a correction, not the planned one."""
    said = []
    if record.late_entry:
        said.append(f"ENTERED LATE, received {moment_words(record.received_at)}")
    if record.supersedes_id:
        said.append(f"CORRECTION of {short(record.supersedes_id)}: {record.reason}")
    later = getattr(record, "correction", None)
    if later is not None:
        said.append(f"CORRECTED by {short(later.pk)}: {later.reason}")
    if record.ad_hoc:
        said.append("Beside the plan: does not move its date")
    if record.together:
        said.append(f"Answered in one go with others (group {short(record.together)})")
    return said + [str(each) for each in record.notes]


def short(pk: Any) -> str:
    """A record's id as it is printed: the last eight letters and figures."""
    return str(pk).replace("-", "")[-8:].upper()


def moment_words(at: dt.datetime | None) -> str:
    """ "Fri 27 Nov 2026 14:05", London time."""
    if at is None:
        return ""
    here = at.astimezone(LONDON)
    return f"{full_day(here.date())} {here:%H:%M}"


def day_words(day: dt.date | None) -> str:
    """ "Fri 27 Nov 2026", or nothing."""
    return full_day(day) if day else ""


def miss_words(found: Gathered, miss: Miss) -> tuple[str, str]:
    """How a miss stands and what was said of it; and when the check was next done."""
    state = "Withdrawn" if not miss.stands else "Missed, explained" if miss.excused else "Missed"
    said = "; ".join(f"{each.reason}{f' ({each.made_by})' if each.made_by else ''}" for each in miss.notes)
    done = found.next_done(miss)
    return f"{state}. {said}".strip(), f"Next done {full_day(done)}" if done else "Not done since"


def defect_state(found: Gathered, defect: Defect) -> str:
    """How a problem stood at the end of the period."""
    if not found.open_then(defect):
        ending = defect.get_ending_display() or "Closed"
        return f"{ending}, {moment_words(defect.closed_at)}"
    until = f"; to be put right by {full_day(defect.target_on)}" if defect.target_on else ""
    fixed = " (set by a competent person)" if defect.deadline_fixed else ""
    return f"STILL OPEN{until}{fixed}"


def firm_words(certificate: Certificate) -> str:
    """Who examined: the engineer and the firm."""
    return ", ".join(each for each in (certificate.engineer, certificate.firm or str(certificate.contractor or "")) if each)


def answer_words(found: Gathered) -> str:
    """The pack in a sentence or two: what is in date, what was done, missed, found and is still open."""
    counts, chosen = found.counts(), found.chosen
    running = counts["plans"] - counts["paused"]
    fine = counts["in_date"] + counts["due_soon"] - counts["unproved"]
    if counts["plans"]:
        were = "are" if found.as_of == chosen.last_day or chosen.last_day > found.as_of else "were"
        first = f"{fine:,} of {running:,} checks {were} in date on {full_day(found.as_of)}; {counts['overdue']:,} overdue."
        if bare := counts["unproved"]:
            first = f"{first[:-1]}; {bare:,} more by their dates alone, with nothing recorded."
        if bad := len(found.failing() & {each.pk for each in found.plans}):
            first = f"{first[:-1]}; {bad:,} with a last report that is not satisfactory."
    else:
        first = f"No checks were planned here in these disciplines on {full_day(found.as_of)}."
    done = f"{counts['records']:,} recorded" if counts["records"] != 1 else "1 recorded"
    missed = f"{counts['lapses']:,} missed ({counts['lapses_explained']:,} explained)"
    wrong = f"{counts['defects']:,} {'problem' if counts['defects'] == 1 else 'problems'}, {counts['defects_open']:,} still open"
    return f"{first} From {full_day(chosen.first_day)} to {full_day(chosen.last_day)}: {done}, {missed}, {wrong}."
