"""Housekeeping, once a day by the worker (`rounds`): what is no longer needed is forgotten."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments import answer_time, claims, delivery, housekeeping, people

from . import limits, rates


def tidy() -> None:
    rates.forget_old()
    housekeeping.forget_networks(older_than=timedelta(days=limits.NETWORK_DAYS))
    housekeeping.forget_report_notes(older_than=timedelta(days=limits.REPORT_DAYS))
    housekeeping.forget_refused(older_than=timedelta(days=limits.REFUSED_DAYS))
    if limits.WAITING_DAYS:
        too_long = timedelta(days=limits.WAITING_DAYS)
        housekeeping.forget_waiting(older_than=too_long)
        housekeeping.forget_returned(older_than=too_long)
        housekeeping.forget_unanswered_appeals(older_than=too_long)
    housekeeping.forget_measures()
    people.forget_unconfirmed()
    claims.forget_old()
    delivery.forget_old()
    answer_time.work_out()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    old = timezone.now() - timedelta(days=limits.TASK_DAYS)
    DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()
