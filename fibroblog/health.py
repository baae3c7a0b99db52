"""Whether the process is up, and whether it can serve: for supervisors and load balancers."""

import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult, get_date_max

DISK_FLOOR = 50 * 2**20  # bytes
TASK_AGE_LIMIT = timedelta(minutes=15)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503, with one word a part; no figures that help a stranger."""
    parts = {
        "database": _works(_database),
        "cache": _works(_cache),
        "disk": _works(_disk),
        "tasks": _works(_tasks),
    }
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


def _works(probe: Callable[[], bool]) -> str:
    try:
        return "ok" if probe() else "failing"
    except Exception:  # noqa: BLE001  # any failure of any part is the answer here, not an error
        return "failing"


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _cache() -> bool:
    cache.set("readyz", "1", 5)
    return bool(cache.get("readyz") == "1")


def _disk() -> bool:
    return shutil.disk_usage(settings.DATA_DIR).free > DISK_FLOOR


def _tasks() -> bool:
    """Whether the oldest task that could run has not waited for long, that is, whether a worker lives."""
    limit = timezone.now() - TASK_AGE_LIMIT
    due = Q(run_after__lt=limit) | Q(run_after=get_date_max())  # the latter: to be run at once
    return not DBTaskResult.objects.ready().filter(due, enqueued_at__lt=limit).exists()
