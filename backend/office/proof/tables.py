"""The rows of a pack as tables: every row as it stands in the audit chain, and beside it in words; for JSON and for CSV."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.days import LONDON
from backend.office.proof import saying
from backend.office.proof.gathering import Gathered
from backend.office.queries.law import about
from backend.office.queries.library import discipline_title


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a pack: its name, its rows, and how each is told in words (the columns of the CSV)."""

    name: str
    rows: Sequence[Any]
    words: Callable[[Any], Mapping[str, Any]]


def tables_of(found: Gathered) -> list[Table]:
    """The tables that have words of their own. What hangs on them is proved with them."""
    return [
        Table("plans", found.plans, lambda row: plan_words(found, row)),
        Table("records", found.records, record_words(found)),
        Table("lapses", [each.lapse for each in found.lapses], lapse_words(found)),
        Table("attempts", found.attempts, attempt_words),
        Table("defects", found.defects, defect_words(found)),
        Table("certificates", found.certificates, certificate_words(found)),
        Table("documents", found.documents, document_words),
    ]


def everything(found: Gathered) -> Iterable[Any]:
    """Every row that is proved by the chain, the least dependent first."""
    yield from found.revisions.values()
    for table in tables_of(found):
        yield from table.rows
    for miss in found.lapses:
        yield from miss.notes
    hanging = (
        found.findings, found.photos, found.notes, found.defect_photos, found.orders, found.risks, found.items, found.remedials,
    )  # fmt: skip
    for rows in hanging:
        yield from rows


def plan_words(found: Gathered, plan: Any) -> dict[str, Any]:
    """What is owed: the check, where, how often, under which law, and how it stands."""
    said = about(plan.check_type.current, plan.rule)
    return {
        "Check": plan.check_type.title,
        "Discipline": discipline_title(plan.discipline),
        "Where": saying.place_of(plan),
        "How often": said.often if said else "",
        "Law": "; ".join(said.content.get("law", [])) if said else "",
        "How it stands": found.statuses[plan.pk],
        "On": found.as_of,
        "Last done": plan.last_done_on,
        "Due": plan.due_on,
    }


def record_words(found: Gathered) -> Callable[[Any], dict[str, Any]]:
    """What was done."""
    failed, photos = saying.failed_in(found), defaultdict(list)
    for each in found.photos:
        photos[each.record_id].append(each.sha256)

    def words(record: Any) -> dict[str, Any]:
        lines = saying.lines_of(record, found.assets, failed[record.pk])
        return {
            "Done": record.done_at.astimezone(LONDON),
            "Received": record.received_at.astimezone(LONDON),
            "Check": record.check_type.title,
            "Discipline": discipline_title(record.check_type.discipline),
            "Where": str(record.asset or record.building or found.chosen.site),
            "Outcome": record.get_outcome_display(),
            "Answers": "; ".join(saying.line_words(each) for each in lines),
            "By": record.author_name,
            "Competence on the day": saying.competence_words(record),
            "How presence was proved": record.get_presence_display(),
            "Remarks": "; ".join(saying.remarks(record)),
            "Files": " ".join(photos[record.pk]),
        }

    return words


def lapse_words(found: Gathered) -> Callable[[Any], dict[str, Any]]:
    """What was missed, and what was done about it."""
    misses = {each.lapse.pk: each for each in found.lapses}

    def words(lapse: Any) -> dict[str, Any]:
        state, done = saying.miss_words(found, misses[lapse.pk])
        return {
            "Was due": lapse.due_on,
            "Check": lapse.plan.check_type.title,
            "Discipline": discipline_title(lapse.plan.discipline),
            "Where": saying.place_of(lapse.plan),
            "What was said": state,
            "What was done": done,
        }

    return words


def attempt_words(attempt: Any) -> dict[str, Any]:
    """An attempt that came to nothing."""
    return {
        "When": attempt.made_at.astimezone(LONDON),
        "Check": attempt.plan.check_type.title,
        "Where": saying.place_of(attempt.plan),
        "Why": f"{attempt.get_reason_display()}. {attempt.note}".strip(),
        "By": attempt.author_name,
    }


def defect_words(found: Gathered) -> Callable[[Any], dict[str, Any]]:
    """What was wrong, how people were kept safe, how it was put right."""
    notes: dict[Any, list[str]] = defaultdict(list)
    for each in found.notes:
        who = each.made_by or each.firm or ""
        notes[each.defect_id].append(f"{saying.moment_words(each.made_at)} {each.get_kind_display()}: {each.note} {who}".strip())

    def words(defect: Any) -> dict[str, Any]:
        return {
            "Found": defect.found_on,
            "What is wrong": defect.summary,
            "How serious": defect.get_severity_display(),
            "Unsafe": "yes" if defect.unsafe else "",
            "Discipline": discipline_title(defect.discipline),
            "Where": saying.place_of(defect),
            "Made safe": " ".join(each for each in (defect.made_safe, saying.day_words(defect.made_safe_on)) if each),
            "How it stands": saying.defect_state(found, defect),
            "What was done": "; ".join(notes[defect.pk]),
        }

    return words


def certificate_words(found: Gathered) -> Callable[[Any], dict[str, Any]]:
    """Certificates, with what they ask for."""
    asked: dict[Any, list[str]] = defaultdict(list)
    for each in found.remedials:
        asked[each.certificate_id].append(f"{each.code}: {each.summary}")

    def words(row: Any) -> dict[str, Any]:
        return {
            "Examined": row.examined_on,
            "Of": str(row.check_type or row.defect or ""),
            "Result": row.get_result_display(),
            "By": saying.firm_words(row),
            "Number": row.number,
            "Next by": row.stated_next,
            "Work asked for": "; ".join(asked[row.pk]),
            "File": row.sha256,
        }

    return words


def document_words(row: Any) -> dict[str, Any]:
    """A standing paper."""
    return {
        "Title": row.title,
        "Version": row.version,
        "Issued": row.issued_on,
        "Valid until": row.valid_until,
        "File": row.sha256,
    }
