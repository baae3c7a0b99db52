"""What the worker does by itself, every minute and every day. The task library has no calendar: each run plans the next.

`plan` is called whenever a worker starts, so that a run that died takes no later one with it.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from articles import notices
from comments import akismet, alarm, delivery, desk_mail, learning, presses

from . import page_folder, tidy

logger = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LONGEST = timedelta(minutes=30)  # that any task of ours may run

EVERY_MINUTE: tuple[Callable[[], object], ...] = (
    delivery.deliver,
    desk_mail.plan_digests,
    alarm.ring,
    presses.fold,
    akismet.retry_akismet,
    learning.ask_when_due,
    page_folder.tidy,
)


@task()
def every_minute() -> None:
    """Plan the next round first: one bad round ends nothing, and one bad duty keeps no other from its turn."""
    _plan(every_minute, MINUTE)
    _forget_rounds()
    failures = []
    for duty in EVERY_MINUTE:
        try:
            duty()
        except Exception as failure:  # noqa: BLE001  # whatever it is, the alarm behind it has to ring
            logger.error("The duty %s failed: %s", duty.__name__, type(failure).__name__)
            failures.append(failure)
    if failures:
        raise ExceptionGroup("Not every duty of this minute was done.", failures)


@task()
def every_day() -> None:
    _plan(every_day, DAY)
    tidy.tidy()
    notices.ask_again()


def plan() -> None:
    """See to it that exactly one run of each is planned."""
    _plan(every_minute, MINUTE)
    _plan(every_day, DAY)


def revive() -> int:
    """Tasks that a worker began and did not live to end are done again; returns how many."""
    dead = timezone.now() - LONGEST
    return DBTaskResult.objects.filter(status="RUNNING", started_at__lt=dead).update(
        status="READY", started_at=None, worker_ids=[]
    )


def _plan(duty: Task[[], None], pause: timedelta) -> None:
    planned = DBTaskResult.objects.filter(task_path=duty.module_path, status="READY")
    if not planned.exists():
        duty.using(run_after=timezone.now() + pause).enqueue()


def _forget_rounds() -> None:
    """A round a minute would bury every other task in the list."""
    path = every_minute.module_path
    old = DBTaskResult.objects.filter(task_path=path, finished_at__lt=timezone.now() - timedelta(hours=1))
    old.filter(status="SUCCESSFUL").delete()
