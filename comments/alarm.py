"""The alarm: moderators hear that a comment waits for too long once, and then once a day while one does."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fibroblog import policy

from . import outbox
from .models import Alarm, Comment

AGAIN = timedelta(days=1)
# Whoever works through the queue is not told anew of each comment that comes of age meanwhile.
CALM = timedelta(hours=1)


def ring() -> None:
    """Every minute by the worker: one indexed query while all is well."""
    current = policy.current()
    hours = 0 if current.is_paused else current.alarm_hours  # who rests is not called
    if hours and Comment.objects.overdue(hours).exists():
        _ring()
    else:
        Alarm.objects.filter(rang_at__lte=timezone.now() - CALM).update(rang_at=None)


@transaction.atomic
def _ring() -> None:
    now = timezone.now()
    Alarm.objects.get_or_create(pk=1)
    # Compare and set: of two workers one rings.
    silent = Alarm.objects.filter(Q(rang_at=None) | Q(rang_at__lte=now - AGAIN), pk=1)
    if silent.update(rang_at=now):
        outbox.tell_of_alarm(now)
