"""Filing a firm's report: records, coded remedials, the stated next date and the sealed certificate, in one transaction."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from backend.checks.actions.certificate_corrected import taken_back, withdraw_remedials
from backend.checks.actions.certificate_told import Covered, NewCertificate, result_of, sound_certificate
from backend.checks.actions.records import add_records
from backend.checks.actions.told import NewPhoto, NewRecord, When
from backend.checks.evidence import CERTIFICATES, CERTIFIED, REMEDIALS
from backend.checks.models import Certificate, CertificateItem, CertificateRemedial, CheckRecord, CheckRevision
from backend.checks.reckoning import reckon
from backend.core import audit
from backend.core.days import LONDON, today
from backend.core.ids import new_id
from backend.core.models import StoredFile
from backend.core.problems import Problem
from backend.maintenance.actions import close_defect, note_defect, raise_remedial
from backend.maintenance.actions.uploads import settle_upload
from backend.maintenance.models import Contractor, Defect
from backend.maintenance.queries.contractors import proof_of
from backend.rules.papers import WORST_ASKED, Line, Said, answers_of, file_fields
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

SEVERITIES: Final = ("low", "medium", "high")
Raised = list[tuple[Any, Line, Defect]]
"""Each remedial of the report with the line that the record lists, and its problem."""


@transaction.atomic
def file_certificate(*, person: Person, new: NewCertificate) -> list[Certificate]:
    """File a report: one certificate for each site that it covers, all or nothing. Raises Problem; then nothing is kept.

    Records the examination of everything covered (the author is `person`, the competence the firm's), takes the date that the
    report states, raises its coded remedials, and keeps the file by its hash. With `supersedes`, the records of the one before
    are corrected, those of things no longer covered are taken back, and problems that only it raised are withdrawn.
    """
    sound_certificate(new, person)
    revision = new.check.current
    if revision is None:
        raise Problem("not_published", "That check has not been published.", status=409)
    raised = raise_remedials(new, person)
    olds = records_before(new)
    proof = proof_of(new.contractor, new.examined_on) if new.contractor else []
    news = [record_told(new, each, revision, person, proof, raised, olds.get(each.plan.pk)) for each in new.covers]
    covered = {each.plan.pk for each in new.covers}
    dropped = {plan: record for plan, record in olds.items() if plan not in covered}
    gone = taken_back(dropped, f"The certificate does not cover it: {new.reason.strip()}", person)
    records, facts = add_records([*news, *gone], why="A certificate was filed.")
    made, more = keep_certificates(new, person, records[: len(news)], raised, proof)
    audit.append(facts + more)
    if gone:
        reckon([each.plan.pk for each in gone if each.plan], today=today(), why="A certificate was corrected.")
    if new.supersedes:
        why = f"The certificate was corrected: {new.reason}"
        withdraw_remedials(new.supersedes, {defect.pk for _, _, defect in raised}, why, person)
    if new.upload:
        settle_upload(person=person, upload=new.upload, filed=True)
    return made


def raise_remedials(new: NewCertificate, person: Person) -> Raised:
    """Raise a problem for each coded line of the report: about the thing it names, or the only one that the report covers."""
    source = f"{new.check.title}, {new.firm_name}{', ' + new.number if new.number else ''}"[:200]
    found: Raised = []
    alone = new.covers[0].plan if len(new.covers) == 1 else None
    for number, each in enumerate(new.remedials):
        about = each.plan or alone
        plan = about or new.covers[0].plan
        try:
            defect = raise_remedial(
                site=plan.site, scheme=each.scheme, code=each.code, summary=each.summary, found_on=new.examined_on, person=person,
                asset=about.asset if about else None, building=about.building if about else None,
                deadline_on=each.deadline_on, location=each.location, source=source,
            )  # fmt: skip
        except Problem as problem:
            said = {f"remedial-{number}-{name}": words for name, words in problem.fields.items()}
            raise Problem(
                problem.code, problem.detail, status=problem.status, fields=said or {"remedials": problem.detail}
            ) from problem
        words = f"{defect.code} {each.summary.strip()}{', ' + each.location.strip() if each.location.strip() else ''}"[:500]
        found.append((each, Line(words, defect.severity, defect.code, defect.unsafe), defect))
    return found


def records_before(new: NewCertificate) -> dict[uuid.UUID, CheckRecord]:
    """The records of the certificate that this one supersedes, by plan."""
    if not new.supersedes:
        return {}
    rows = CheckRecord.objects.filter(certified__certificate=new.supersedes, correction__isnull=True)
    return {each.plan_id: each for each in rows.select_related("plan__site", "revision") if each.plan_id}


def record_told(
    new: NewCertificate,
    each: Covered,
    revision: CheckRevision,
    person: Person,
    proof: Sequence[Mapping[str, Any]],
    raised: Raised,
    old: CheckRecord | None,
) -> NewRecord:
    """The examination of one thing, as the record is told it."""
    alone = len(new.covers) == 1
    own = [(line, defect) for remedial, line, defect in raised if (remedial.plan or (alone and each.plan)) == each.plan]
    lines = [line for line, _ in own] + ([Line(each.failing.strip()[:500], "medium")] if each.failing.strip() else [])
    questions = revision.questions()
    more = {**new.more, **each.more}
    if each.plan.asset_id:
        refs = {question["key"] for question in questions if question["type"] == "asset-ref" and question.get("required")}
        more |= dict.fromkeys(refs, str(each.plan.asset_id))
    said = Said(new.firm_name, new.engineer.strip(), new.number, result_of(new, each), new.stated_next, lines, more)
    fields = file_fields(questions) or ["certificate"]
    return NewRecord(
        author=person,
        revision=revision,
        answers=answers_of(questions, said),
        when=when_examined(new.examined_on),
        presence="office",
        plan=each.plan,
        photos=[NewPhoto(new.file.pk, new.file.content_type, new.file.size, field) for field in fields],
        late_entry=new.examined_on < today(),
        supersedes=old,
        reason=new.reason.strip()[:500] if old else "",
        competence=proof,
        raised=listed(own),
        stated_next=new.stated_next,
        permit=permits.CONTRACTOR_MANAGE,
    )


def listed(own: Sequence[tuple[Line, Defect]]) -> dict[str, Defect]:
    """The problems of one thing's coded lines by their words; the worst of them by the questions that ask for the worst."""
    if not own:
        return {}
    worst = max(own, key=lambda each: (each[0].unsafe, SEVERITIES.index(each[0].severity)))[1]
    return {**dict.fromkeys(WORST_ASKED, worst), **{line.words: defect for line, defect in own}}


def when_examined(on: dt.date) -> When:
    """Noon of the day in London, as a report gives no hour; this moment when it is today and not yet noon."""
    now = timezone.now()
    noon = dt.datetime(on.year, on.month, on.day, 12, tzinfo=LONDON)
    return When(min(noon, now), now, now)


def keep_certificates(
    new: NewCertificate, person: Person, records: Sequence[CheckRecord], raised: Raised, proof: Sequence[Mapping[str, Any]]
) -> tuple[list[Certificate], list[audit.Fact]]:
    """The certificates, one for each site, with what they cover and ask for; and what is to be entered of them."""
    by_site: dict[uuid.UUID, list[CheckRecord]] = defaultdict(list)
    for record in records:
        by_site[record.site_id].append(record)
    made = [certificate_of(new, person, site, proof) for site in by_site]
    Certificate.objects.bulk_create(made)
    items = [CertificateItem(certificate=each, record=record) for each in made for record in by_site[each.site_id]]
    CertificateItem.objects.bulk_create(items, batch_size=2000)
    by_plan = {record.plan_id: record for record in records}
    alone = records[0] if len(records) == 1 else None
    lines = []
    for remedial, _, defect in raised:
        found_by = by_plan.get(remedial.plan.pk) if remedial.plan else alone
        lines.append(
            CertificateRemedial(
                certificate=next(each for each in made if each.site_id == defect.site_id), record=found_by, defect=defect,
                scheme=defect.scheme, code=defect.code, summary=remedial.summary.strip()[:500], deadline_on=remedial.deadline_on,
            )
        )  # fmt: skip
    CertificateRemedial.objects.bulk_create(lines)
    facts = [CERTIFICATES.fact(each, person.pk, person.name) for each in made]
    return made, facts + [CERTIFIED.fact(each) for each in items] + [REMEDIALS.fact(each) for each in lines]


def certificate_of(new: NewCertificate, person: Person, site_id: uuid.UUID, proof: Sequence[Mapping[str, Any]]) -> Certificate:
    """The certificate for one site, not yet saved."""
    corrects = new.supersedes if new.supersedes and new.supersedes.site_id == site_id else None
    return Certificate(
        filing=new.filing, kind=Certificate.Kind.EXAMINATION, site_id=site_id, check_type=new.check, contractor=new.contractor,
        firm=new.firm_name, engineer=new.engineer.strip()[:120], competence=list(proof), number=new.number.strip()[:80],
        examined_on=new.examined_on, stated_next=new.stated_next, result=new.result, sha256=new.file.pk,
        content_type=new.file.content_type, size=new.file.size, note=new.note.strip()[:1000], filed_at=timezone.now(),
        filed_by=person, supersedes=corrects, reason=new.reason.strip()[:500] if corrects else "",
    )  # fmt: skip


@transaction.atomic
def file_remedial(
    *,
    person: Person,
    defect: Defect,
    file: StoredFile,
    engineer: str,
    done_on: dt.date,
    contractor: Contractor | None = None,
    firm: str = "",
    number: str = "",
    note: str = "",
    close: bool = False,
) -> Certificate:
    """File the certificate of work that put a problem right: it stays with the problem, as the evidence to close it.

    `close`: close the problem with it at once, for those who may. Raises Problem.
    """
    require(person, permits.CONTRACTOR_MANAGE, defect.site, "file certificates")
    name = contractor.name if contractor else firm.strip()[:160]
    if not name or not engineer.strip():
        wrong = {"contractor": "Choose the firm, or write its name."} if not name else {"engineer": "Write the name on it."}
        raise Problem("answers", "Something on the certificate is missing.", fields=wrong)
    if not defect.found_on <= done_on <= today():
        wrong = {"done_on": "The work was done between the day it was found and today."}
        raise Problem("dates", "Check the day of the work.", fields=wrong)
    made = Certificate.objects.create(
        filing=new_id(), kind=Certificate.Kind.REMEDIAL, site=defect.site, defect=defect, contractor=contractor, firm=name,
        engineer=engineer.strip()[:120], competence=proof_of(contractor, done_on) if contractor else [],
        number=number.strip()[:80], examined_on=done_on, result=Certificate.Result.SATISFACTORY, sha256=file.pk,
        content_type=file.content_type, size=file.size, note=note.strip()[:1000], filed_at=timezone.now(), filed_by=person,
    )  # fmt: skip
    words = f"Put right by {name} ({engineer.strip()}), certificate {number or 'without a number'}. {note}".strip()
    photos = [{"sha256": file.pk, "type": file.content_type, "size": file.size}]
    audit.append([CERTIFICATES.fact(made, person.pk, person.name)])
    note_defect(id=new_id(), defect=defect, person=person, note=words, made_at=timezone.now(), photos=photos, kind="paper")
    if close:
        close_defect(defect=defect, person=person, note=f"Put right, with the certificate of {name}.")
    return made
