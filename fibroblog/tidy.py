"""Housekeeping, once a day by the worker: what is no longer needed is forgotten."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from comments import housekeeping

from . import limits, rates


@task()
def tidy_daily() -> None:
    """Plan the next day's run first, as the task library has no calendar, then tidy: one bad night ends nothing."""
    plan()
    rates.forget_old()
    housekeeping.forget_networks(older_than=timedelta(days=limits.NETWORK_DAYS))
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    old = timezone.now() - timedelta(days=limits.TASK_DAYS)
    DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()


def plan() -> None:
    """See to it that exactly one run is planned."""
    planned = DBTaskResult.objects.filter(task_path=tidy_daily.module_path, status="READY")
    if not planned.exists():
        tidy_daily.using(run_after=timezone.now() + timedelta(days=1)).enqueue()
