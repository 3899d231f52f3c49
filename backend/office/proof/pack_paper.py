"""The PDF of an evidence pack."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from backend.core.audit import Head
from backend.office.proof import saying
from backend.office.proof.gathering import Gathered
from backend.office.proof.paper import Cell, Entry, Paper, set_twice
from backend.office.proof.recipients import RECIPIENTS
from backend.office.proof.tables import defect_words
from backend.office.queries.law import about
from backend.office.queries.library import discipline_order, discipline_title
from backend.rules.due.words import full_day

STANDS = {"in-date": "in date", "due-soon": "in date, due soon", "due": "due now", "overdue": "OVERDUE", "paused": "paused"}
FIGURES = (
    ("plans", "checks planned"), ("in_date", "in date"), ("due_soon", "in date, due soon"),
    ("unproved", "of those, nothing recorded yet"), ("due", "due now"),
    ("overdue", "overdue"), ("paused", "paused"), ("records", "checks recorded in the period"),
    ("late_entries", "of them entered late"),
    ("corrections", "of them corrections"), ("unsatisfactory", "of them not satisfactory"), ("lapses", "checks missed"),
    ("lapses_explained", "of them explained"), ("attempts", "attempts that came to nothing"),
    ("defects", "problems in the period"),
    ("defects_open", "of them still open"), ("certificates", "certificates and reports"), ("documents", "standing papers"),
    ("files", "photos and files in the ZIP"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the paper says of the pack itself."""

    reference: str
    version: int
    reason: str
    trust: str
    made: str
    by: str
    head: Head
    root: str
    key: str
    counts: dict[str, int]


def title_of(found: Gathered) -> str:
    """What the pack is called."""
    chosen = found.chosen
    names = [chosen.site.school.name, str(chosen.building or ""), chosen.site.name]
    where = ", ".join(dict.fromkeys(each for each in names if each))
    return f"Evidence pack: {where}, {full_day(chosen.first_day)} to {full_day(chosen.last_day)}"


def write(out: Path, found: Gathered, facts: Facts) -> int:
    """Write the PDF; answers its pages."""

    parts = [part for key in sorted(found.chosen.disciplines, key=discipline_order) for part in discipline(found, key)]

    def foot(page: int, total: int) -> Sequence[str]:
        return (
            f"{found.chosen.site.school} · evidence pack {facts.reference}, version {facts.version} · page {page} of {total}",
            f"Hash over all rows {facts.root}",
            f"Audit chain: entry {facts.head.number}, {facts.head.hash}",
        )

    def make(path: Path | None, total: int, index: Sequence[Entry]) -> Paper:
        paper = Paper(path, title_of(found), foot, total, subject=saying.answer_words(found))
        front(paper, found, facts)
        paper.turn()
        paper.heading("What is in this pack")
        paper.contents(index, len(index))
        for part in parts:
            part.set(paper)
        checking(paper, facts)
        paper.finish()
        return paper

    return set_twice(out, make)


def front(paper: Paper, found: Gathered, facts: Facts) -> None:
    """The first page: what this is, the answer, the figures."""
    chosen = found.chosen
    recipient = chosen.addressee or RECIPIENTS[chosen.recipient].name
    paper.words("Evidence of statutory checks", size=20, bold=True, after=6)
    paper.words(str(chosen.site.school), size=14, bold=True)
    paper.words(
        f"{chosen.site}{f', {chosen.building}' if chosen.building else ''} · URN {chosen.site.school.urn} · {facts.trust}"
    )
    paper.words(f"{full_day(chosen.first_day)} to {full_day(chosen.last_day)}", size=11)
    paper.words(f"For: {recipient}", size=11)
    names = ", ".join(discipline_title(each) for each in sorted(chosen.disciplines, key=discipline_order))
    paper.words(f"Evidence of: {names}.", after=10)
    paper.words(saying.answer_words(found), size=12, bold=True, after=10)
    paper.figures([(f"{facts.counts[key]:,}", name) for key, name in FIGURES])
    paper.words(f"Made {facts.made} by {facts.by}. Pack {facts.reference}, version {facts.version}.")
    if facts.reason:
        paper.words(f"It replaces version {facts.version - 1}, because: {facts.reason}")
    paper.words(
        "Records, certificates and photos lie in the ZIP that this paper came with, each under the SHA-256 of its bytes. Records "
        "cannot be changed once they are entered: a correction is a further record that names the one before. What was entered "
        "late says so. A miss is kept for ever. The last pages say how to check that nothing here was changed."
    )


Form = tuple[Sequence[str], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with a sentence below, or with a table; worked out once, set several times."""

    words: str
    level: int
    sentence: str = ""
    form: Form = ((), ())
    rows: Sequence[Sequence[str | Cell]] = ()

    def set(self, paper: Paper) -> None:
        """Set it."""
        paper.heading(self.words, self.level)
        if self.sentence:
            paper.words(self.sentence, bold=self.level == 0)
        if self.rows:
            paper.table(*self.form, self.rows)


def discipline(found: Gathered, key: str) -> Iterator[Part]:
    """Everything of one discipline."""
    plans = [each for each in found.plans if each.discipline == key]
    records = [each for each in found.records if each.check_type.discipline == key]
    misses = [each for each in found.lapses if each.lapse.plan.discipline == key]
    attempts = [each for each in found.attempts if each.plan.discipline == key]
    defects = [each for each in found.defects if each.discipline == key]
    papers = [each for each in found.certificates if (each.check_type or each.defect).discipline == key]  # type: ignore[union-attr]
    stands = [found.statuses[each.pk] for each in plans]
    bare = sum(each.pk in found.unproved for each in plans)
    fine, running = stands.count("in-date") + stands.count("due-soon") - bare, len(stands) - stands.count("paused")
    alone = f"{bare:,} more by their dates alone, with nothing recorded. " if bare else ""
    sentence = (
        f"{fine:,} of {running:,} checks in date on {full_day(found.as_of)}; {stands.count('overdue'):,} overdue. {alone}"
        f"{len(records):,} recorded in the period, {sum(each.stands for each in misses):,} missed, {len(defects):,} problems, "
        f"{sum(found.open_then(each) for each in defects):,} still open."
    )
    yield Part(discipline_title(key), 0, sentence)
    yield part("What is owed, under which law, and how it stands", OWED, owed(found, plans), "Nothing is planned here.")
    yield part("What was done", DONE, done(found, records), "Nothing was recorded in the period.")
    yield part("What was missed, and what was done about it", MISSED, missed(found, misses), "Nothing was missed.")
    if attempts:
        yield part("Attempts that came to nothing", TRIED, tried(attempts), "")
    yield part("Problems, and how they were put right", WRONG, wrong(found, defects), "No problem stood in the period.")
    yield part("Certificates and reports", PAPERS, certified(found, papers), "None was filed in the period.")


OWED: Form = (("Check", "Where", "How often, and why", "Last done, to today", "How it stood"), (3, 2.4, 4, 1.3, 1.6))
DONE: Form = (
    ("When", "Check and place", "What was found", "By whom, and able to", "How presence was proved"),
    (1.4, 2.4, 4.4, 2.2, 1.6),
)
MISSED: Form = (("Was due", "Check and place", "How it stands", "What was done"), (1.3, 3, 4, 1.8))
TRIED: Form = (("When", "Check and place", "Why", "By"), (1.6, 3, 4, 1.6))
WRONG: Form = (
    ("Found", "What and where", "How people were kept safe", "How it was put right", "How it stood"),
    (1.2, 3, 2, 4, 1.8),
)
PAPERS: Form = (("Examined", "Of", "Result", "By", "Next by", "File (SHA-256)"), (1.2, 2.6, 2.6, 2.2, 1.2, 2))


def part(words: str, form: Form, rows: Iterable[Sequence[str | Cell]], empty: str) -> Part:
    """A heading with its table, or the sentence that says that there is nothing."""
    found = list(rows)
    return Part(words, 1, "" if found else empty, form, found)


def owed(found: Gathered, plans: Sequence[Any]) -> Iterator[Sequence[str | Cell]]:
    """What is owed: one line for all things that a check is owed on in the same way and that stand the same."""

    failing = found.failing()

    def alike(plan: Any) -> tuple[str, str, bool, bool, str]:
        return plan.check_type.title, found.statuses[plan.pk], plan.pk in failing, plan.pk in found.unproved, str(plan.rule)

    for (title, status, failed, bare, _), group in groupby(sorted(plans, key=alike), key=alike):
        same = list(group)
        said = about(same[0].check_type.current, same[0].rule)
        law = "; ".join([*said.content.get("law", []), *said.content.get("standards", [])]) if said else ""
        why = f"{said.often}. {said.standing}: {law}" if said else ""
        names = [saying.place_of(each) for each in same]
        where = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
        lasts = {each.last_done_on for each in same if each.last_done_on}
        last = full_day(min(lasts)) if lasts else "never"
        if len(lasts) > 1:
            last += f" to {full_day(max(lasts))}"
        stands = f"{STANDS[status]}; last report NOT SATISFACTORY" if failed else STANDS[status]
        stands = f"{stands} by its date alone: NOTHING RECORDED" if bare else stands
        mark = Cell(stands) if failed or bare else Cell(stands) if status in {"overdue", "due"} else stands
        yield title, f"{len(same)}: {where}" if len(same) > 1 else where, why, last, mark


def done(found: Gathered, records: Sequence[Any]) -> Iterator[Sequence[str | Cell]]:
    """Every record, with its answers."""
    failed = saying.failed_in(found)
    photos: dict[Any, int] = {}
    for each in found.photos:
        photos[each.record_id] = photos.get(each.record_id, 0) + 1
    for record in records:
        lines = saying.lines_of(record, found.assets, failed[record.pk])
        bad = record.outcome == "unsatisfactory"
        what = "\n".join([record.get_outcome_display() + ".", *saying.remarks(record), *saying.set_lines(lines)])
        where = str(record.asset or record.building or found.chosen.site)
        files = photos.get(record.pk, 0)
        proof = record.get_presence_display() + (f". {files} {'file' if files == 1 else 'files'}" if files else "")
        who = f"{record.author_name}\n{saying.competence_words(record)}"
        when = f"{saying.moment_words(record.done_at)}\n{saying.short(record.pk)}"
        yield when, f"{record.check_type.title}\n{where}", Cell(what, bold=bad), who, proof


def missed(found: Gathered, misses: Sequence[Any]) -> Iterator[Sequence[str | Cell]]:
    """Every miss."""
    for each in misses:
        state, done_words = saying.miss_words(found, each)
        plan = each.lapse.plan
        yield full_day(each.lapse.due_on), f"{plan.check_type.title}\n{saying.place_of(plan)}", state, done_words


def tried(attempts: Sequence[Any]) -> Iterator[Sequence[str | Cell]]:
    """Every attempt."""
    for each in attempts:
        what = f"{each.plan.check_type.title}\n{saying.place_of(each.plan)}"
        yield saying.moment_words(each.made_at), what, f"{each.get_reason_display()}. {each.note}", each.author_name


def wrong(found: Gathered, defects: Sequence[Any]) -> Iterator[Sequence[str | Cell]]:
    """Every problem."""
    words = defect_words(found)
    for each in defects:
        said = words(each)
        unsafe = " MARKED UNSAFE." if each.unsafe else ""
        code = f" Coded {each.code} in the report." if each.code else ""
        what = f"{each.summary}.{code}{unsafe} {each.get_severity_display()}.\n{saying.place_of(each)}"
        work = [
            f"{order.title}: {order.get_status_display()}, {order.whose}" for order in found.orders if order.defect_id == each.pk
        ]
        risks = [f"Risk {risk.get_decision_display().lower()} until {full_day(risk.until)} ({risk.decided_by or risk.asked_by}): "
                 f"{risk.reason}" for risk in found.risks if risk.defect_id == each.pk]  # fmt: skip
        mended = "\n".join(part for part in [said["What was done"].replace("; ", "\n"), *work] if part)
        safe = "\n".join(part for part in [said["Made safe"], *risks] if part)
        stood = said["How it stands"]
        yield full_day(each.found_on), what, safe, mended, Cell(stood, bold=stood.startswith("STILL"))


def ended_by(each: Any) -> str:
    """Whether a later certificate replaced it, or it was withdrawn."""
    return "Withdrawn" if each.correction.kind == "withdrawn" else "Replaced"


def certified(found: Gathered, papers: Sequence[Any]) -> Iterator[Sequence[str | Cell]]:
    """Every certificate."""
    for each in papers:
        asked = [f"{one.code}: {one.summary}" for one in found.remedials if one.certificate_id == each.pk]
        corrected = [f"{ended_by(each)}: {each.correction.reason}"] if getattr(each, "correction", None) else []
        result = "\n".join([each.get_result_display(), *asked, *corrected])
        of = f"{each.check_type or each.defect}\n{each.number}".strip()
        yield full_day(each.examined_on), of, result, saying.firm_words(each), saying.day_words(each.stated_next), each.sha256


def checking(paper: Paper, facts: Facts) -> None:
    """How to check that nothing was changed."""
    paper.heading("How to check this pack")
    paper.words(
        "Unpack the ZIP and run  python3 verify.py  in its folder (Python 3.8 or later, no network). It names whatever was "
        "changed, is missing or was swapped: files, rows, entries of the audit chain. Compare what it says with this paper:"
    )
    paper.words(f"Hash over all rows: {facts.root}", size=8)
    paper.words(f"Public key of this installation: {facts.key}", size=8)
    paper.words(facts.head.words(), size=8)
    paper.words(
        "This shows that nothing was changed since it was entered. It cannot show that what was entered was true. A head of the "
        "audit chain leaves the machine every day; whoever keeps those letters can show that the chain was not written anew."
    )
