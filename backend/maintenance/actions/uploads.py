"""Reports that firms hand in by a link: ask for one, take what comes, file it or say why it is not used."""

import uuid
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.files import take
from backend.core.problems import Problem
from backend.maintenance.actions.contractors import PAPER_TYPES, manages
from backend.maintenance.evidence import REQUESTS, UPLOADS
from backend.maintenance.links import make_link, revoke_links
from backend.maintenance.models import Contractor, OnePurposeLink, ReportRequest, ReportUpload
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import reach, require
from backend.trust.tries import HOUR, count

PURPOSE: Final = "report-upload"
USUAL_DAYS: Final = 28
MOST_UPLOADS: Final = 20  # by one link, whatever becomes of them
UPLOADS_AN_HOUR: Final = 30  # from one address of the network


def may_ask(person: Person, site: Site | None, doing: str) -> None:
    """Refuse unless the person looks after contractors at the site; for no site, for the whole trust."""
    if site is not None:
        require(person, permits.CONTRACTOR_MANAGE, site, doing)
        return
    manages(person)
    if not reach(person, permits.CONTRACTOR_MANAGE).everywhere:
        raise Problem("no_place", "Choose the site that it is about.", fields={"site": "Choose a site."})


@transaction.atomic
def ask_for_report(
    *,
    person: Person,
    contractor: Contractor,
    words: str,
    site: Site | None = None,
    plan_ids: Sequence[uuid.UUID] = (),
    days: int = USUAL_DAYS,
) -> tuple[ReportRequest, str]:
    """Make a link by which a firm hands in a report: the request, and the link's secret, to be shown or sent once."""
    may_ask(person, site, "ask contractors for reports")
    if not words.strip():
        raise Problem("answers", "Say what is asked for.", fields={"words": "Write it, such as: LOLER reports of November."})
    row = ReportRequest.objects.create(
        contractor=contractor, site=site, words=words.strip()[:300], plan_ids=[str(each) for each in plan_ids],
        asked_at=timezone.now(), asked_by=person,
    )  # fmt: skip
    audit.append([REQUESTS.fact(row, person.pk, person.name)])
    text, _ = make_link(purpose=PURPOSE, about=row.pk, person=person, days=days, contractor=contractor, sent_to=contractor.email)
    return row, text


def stop_asking(*, person: Person, request: ReportRequest) -> int:
    """Take back the links of a request; answers how many were still good."""
    may_ask(person, request.site, "ask contractors for reports")
    return revoke_links(purpose=PURPOSE, about=request.pk, person=person)


def hand_in(*, link: OnePurposeLink, content: bytes, from_name: str, note: str, address: str) -> ReportUpload:
    """Take a file that somebody without an account hands in. It waits for the office; nothing is recorded by it.

    Raises Problem when it is no PDF, JPEG or PNG by its content, is too large, or the link has brought enough.
    """
    count({f"hand-in:{address}": UPLOADS_AN_HOUR}, doing="to hand in reports", seconds=HOUR)
    if not content:
        raise Problem("empty", "Choose the report's file.", fields={"file": "Choose a file."})
    with transaction.atomic():
        request = ReportRequest.objects.select_for_update().get(pk=link.about)
        if request.uploads.count() >= MOST_UPLOADS:
            raise Problem("too_many", "This link has brought enough files. Ask the school for a new one.", status=429)
        try:
            stored = take(content, owner=f"link:{link.pk}", kinds=PAPER_TYPES)
        except Problem as problem:
            raise Problem(problem.code, problem.detail, status=problem.status, fields={"file": problem.detail}) from problem
        twin: ReportUpload | None = request.uploads.filter(sha256=stored.pk, state=ReportUpload.State.WAITING).first()
        if twin:
            return twin
        row = ReportUpload.objects.create(
            request=request, contractor_id=request.contractor_id, site_id=request.site_id, sha256=stored.pk,
            content_type=stored.content_type, size=stored.size, from_name=from_name.strip()[:120], note=note.strip()[:1000],
            received_at=timezone.now(),
        )  # fmt: skip
        audit.append([UPLOADS.fact(row, None, "Links")])
    return row


@transaction.atomic
def settle_upload(*, person: Person, upload: ReportUpload, filed: bool, reason: str = "") -> ReportUpload:
    """Say that a report handed in was filed, or why it is not used. Raises Problem when it is settled already."""
    may_ask(person, upload.site, "file what contractors hand in")
    upload = ReportUpload.objects.select_for_update(of=("self",)).select_related("site__school", "contractor").get(pk=upload.pk)
    if upload.state != ReportUpload.State.WAITING:
        raise Problem("settled_already", f"It is settled already: {upload.get_state_display().lower()}.", status=409)
    if not filed and not reason.strip():
        raise Problem("reason_missing", "Say why it is not used.", fields={"reason": "Write a few words."})
    upload.state = ReportUpload.State.FILED if filed else ReportUpload.State.REFUSED
    upload.settled_at, upload.settled_by, upload.reason = timezone.now(), person, reason.strip()[:300]
    upload.save()
    audit.append([UPLOADS.fact(upload, person.pk, person.name, kind=f"report-{upload.state}")])
    return upload
