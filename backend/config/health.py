"""GET /healthz: whether database and jobs answer."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backend.config import job_queue


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 `{"status": "ok", "version": …}` when database and jobs answer, else 503 with what is wrong.

    With `?jobs=no` jobs are not asked for: a web process is well although no worker is, and need not be replaced.
    """
    wrong = faults(jobs=request.GET.get("jobs") != "no")
    body = {
        "status": "failing" if wrong else "ok",
        "version": settings.SITEWARD_VERSION,
        **({"wrong": wrong} if wrong else {}),
    }
    return JsonResponse(body, status=503 if wrong else 200)


def faults(*, jobs: bool = True) -> list[str]:
    """One sentence for each thing that is wrong. Jobs answer when the timetable is kept and what waits is taken."""
    try:
        found = job_queue.look(timezone.now()).faults()
    except DatabaseError:
        return ["The database does not answer."]
    return found if jobs else []
