"""Counting who does what how often, in the database, so that a limit holds across processes and machines."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from . import limits
from .models import RateCounter


def count(name: str, who: str = "") -> int:
    """Count one more for ``who`` (a keyed hash; empty: everybody) and say how many in this window."""
    window = window_start(timezone.now())
    row = RateCounter.objects.filter(name=name, who=who, window=window)
    if not row.update(count=F("count") + 1):
        try:
            with transaction.atomic():
                RateCounter.objects.create(name=name, who=who, window=window, count=1)
        except IntegrityError:  # another process began the window at this moment
            row.update(count=F("count") + 1)
    return row.values_list("count", flat=True).get()


def window_start(now: datetime) -> datetime:
    step = timedelta(minutes=limits.RATE_WINDOW_MINUTES)
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return epoch + (now - epoch) // step * step


def forget_old() -> None:
    RateCounter.objects.filter(window__lt=timezone.now() - timedelta(days=1)).delete()
