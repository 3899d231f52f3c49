"""The operators' page: what runs, what waits, what failed, and in plain words what to do. Counts only, nothing of the estate."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_q.models import Schedule

from backend.config import figures, job_queue
from backend.config.backup import last_backup
from backend.config.jobs import TIMETABLE, Job
from backend.config.mail import FAILED, SENT
from backend.config.models import Sighting
from backend.core.doctor import SCARCE, TOO_SCARCE, Check, Finding, all_checks, looked
from backend.core.models import AuditEntry
from backend.core.problems import Forbidden
from backend.office.views.gate import signed_in
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

FAILURES_SHOWN = dt.timedelta(days=7)
MARKS = {"ok": ("in-date", "●", "Well"), "warning": ("due-soon", "◐", "Look at it"), "wrong": ("due", "◆", "Wrong")}
LOOKS = {"": ("", ""), "warning": MARKS["warning"][:2], "wrong": MARKS["wrong"][:2]}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the page shows it: its mark's colour, shape and word."""

    about: str
    finding: Finding

    @property
    def mark(self) -> tuple[str, str, str]:
        """Colour, shape and word."""
        return MARKS[self.finding.level]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job of the timetable: when it last ended well, when it last failed, and when it comes next."""

    job: Job
    done: dt.datetime | None
    failed: dt.datetime | None
    next_run: dt.datetime | None

    @property
    def every(self) -> str:
        """How often, in words."""
        minutes = self.job.minutes
        if minutes % 1440 == 0:
            return "day" if minutes == 1440 else f"{minutes // 1440} days"
        if minutes % 60 == 0:
            return "hour" if minutes == 60 else f"{minutes // 60} hours"
        return "minute" if minutes == 1 else f"{minutes} minutes"

    @property
    def failing(self) -> bool:
        """Whether its last run failed."""
        return bool(self.failed and (self.done is None or self.failed > self.done))


def found_now(now: dt.datetime) -> list[Shown]:
    """What the doctor finds without asking the network: worst first."""
    checks: list[Check] = [each for each in all_checks() if not each.asks_outside]
    found = [Shown(check.about, looked(check, now)) for check in checks]
    return sorted(found, key=lambda each: ["wrong", "warning", "ok"].index(each.finding.level))


def sentence(found: list[Shown]) -> str:
    """The page's answer."""
    wrong = sum(each.finding.level == "wrong" for each in found)
    care = sum(each.finding.level == "warning" for each in found)
    if wrong:
        more = f", and {care} more should be looked at" if care else ""
        return f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong with this installation{more}."
    if care:
        return f"Siteward runs. {care} {'thing' if care == 1 else 'things'} should be looked at."
    return "Siteward runs, and nothing needs you."


def shown_first(jobs: job_queue.Queue) -> list[tuple[str, str, str, str]]:
    """The figures under the answer: colour and shape (where they are out of bounds), the figure, what it says."""
    free, waits = figures.free_bytes(), jobs.oldest_waits()
    level = "wrong" if free < TOO_SCARCE else "warning" if free < SCARCE else ""
    late = "wrong" if waits > job_queue.WAITS_TOO_LONG else ""
    return [
        (*LOOKS[level], f"{free / 2**30:.{0 if free >= 10 * 2**30 else 1}f} GB", "free on the disk"),
        (*LOOKS[late], in_short(waits), "oldest waiting job"),
        (*LOOKS[late], f"{jobs.waiting:,}", "jobs waiting"),
    ]


def in_short(age: dt.timedelta) -> str:
    """ "45 s", "12 min", "3 h", "2 d"."""
    for seconds, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if age.total_seconds() >= seconds:
            return f"{int(age.total_seconds() // seconds)} {unit}"
    return f"{int(age.total_seconds())} s"


def timetable() -> list[JobRow]:
    """Every job of the timetable. Two queries."""
    next_runs = dict(Schedule.objects.values_list("name", "next_run"))
    ran: dict[str, dict[str, dt.datetime | None]] = job_queue.last_runs()
    never: dict[str, dt.datetime | None] = {"done": None, "failed": None}
    return [JobRow(job, next_run=next_runs.get(job.name), **ran.get(job.name, never)) for job in TIMETABLE]


def state(now: dt.datetime) -> dict[str, Any]:
    """All that the page shows."""
    found, jobs = found_now(now), job_queue.look(now)
    seen = {row.name: row for row in Sighting.objects.filter(name__in=[SENT, FAILED, "jobs"])}
    failed = job_queue.failures(since=now - FAILURES_SHOWN)
    return {
        "answer": sentence(found),
        "trouble": [each for each in found if each.finding.level != "ok"],
        "well": [each for each in found if each.finding.level == "ok"],
        "figures": shown_first(jobs),
        "jobs": jobs,
        "database_bytes": figures.database_bytes(),
        "chain": AuditEntry.objects.order_by("-number").only("number", "hash", "at").first(),
        "backup": last_backup(),
        "mail_sent": seen.get(SENT),
        "mail_failed": seen.get(FAILED),
        "last_job": seen.get("jobs"),
        "workers": list(Sighting.objects.workers()[:20]),
        "recent": now - job_queue.LATE,
        "timetable": timetable(),
        "failed": [{"job": each, "why": job_queue.words_of(each)} for each in failed],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def status_page(request: HttpRequest, person: Person) -> HttpResponse:
    """The page; POST tries a failed job again (`retry`) or has a job of the timetable run now (`run`)."""
    if reach(person, permits.SYSTEM_MANAGE).nowhere():
        raise Forbidden("Your role does not include looking after the installation. Ask your system administrator.")
    if request.method == "POST":
        return act(request)
    answer = render(request, "config/status.html", state(timezone.now()))
    answer["Cache-Control"] = "no-store"
    return answer


def act(request: HttpRequest) -> HttpResponse:
    """Do what was pressed, and show the page again."""
    if failed := request.POST.get("retry", "").replace("\x00", ""):
        job_queue.retry_failed(id=failed[:32])
        messages.success(request, "It will be tried again at once.")
    elif name := request.POST.get("run", "").replace("\x00", ""):
        job_queue.run_now(name=name[:100])
        messages.success(request, "It will run within half a minute.")
    return HttpResponseRedirect("/status/")
