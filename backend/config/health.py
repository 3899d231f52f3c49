"""GET /healthz: whether database and jobs answer."""

import datetime as dt

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_q.models import OrmQ

STUCK = dt.timedelta(minutes=45)  # a job that nobody has taken for so long: longer than `retry`


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 `{"status": "ok", "version": …}` when database and jobs answer, else 503 with what is wrong."""
    wrong = faults()
    body = {
        "status": "failing" if wrong else "ok",
        "version": settings.SITEWARD_VERSION,
        **({"wrong": wrong} if wrong else {}),
    }
    return JsonResponse(body, status=503 if wrong else 200)


def faults() -> list[str]:
    """One sentence for each thing that is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = OrmQ.objects.filter(lock__lt=timezone.now() - STUCK).count()
    except DatabaseError:
        return ["The database does not answer."]
    return [f"{waiting} jobs are waiting and no worker takes them."] if waiting else []
