"""Counting who does what how often, in the database, so that a limit holds across processes and machines."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from . import limits
from .models import RateCounter

DAY = timedelta(days=1)
# In one step, so that two processes cannot count the same; and ten times as fast as three, on every comment's way.
COUNT_ONE = """
INSERT INTO fibroblog_ratecounter (name, who, "window", count) VALUES (%s, %s, %s, 1)
ON CONFLICT (name, who, "window") DO UPDATE SET count = fibroblog_ratecounter.count + 1 RETURNING count"""


def count(name: str, who: str = "", *, per: timedelta | None = None) -> int:
    """Count one more for ``who`` (a keyed hash; empty: everybody) and say how many in this window.

    ``per`` is the window's length, RATE_WINDOW_MINUTES if not given, a day at most.
    """
    window = window_start(timezone.now(), per or timedelta(minutes=limits.RATE_WINDOW_MINUTES))
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE, [name, who, connection.ops.adapt_datetimefield_value(window)])
        return int(cursor.fetchone()[0])


def counted(whom: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """How many stand in this window by name and ``who``, without counting one more."""
    if not whom:
        return {}
    window = window_start(timezone.now(), timedelta(minutes=limits.RATE_WINDOW_MINUTES))
    names, people = {name for name, _ in whom}, {who for _, who in whom}
    rows = RateCounter.objects.filter(name__in=names, who__in=people, window=window)
    return {(name, who): many for name, who, many in rows.values_list("name", "who", "count")}


def window_start(now: datetime, step: timedelta) -> datetime:
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return epoch + (now - epoch) // step * step


def forget_old() -> None:
    RateCounter.objects.filter(window__lt=timezone.now() - DAY).delete()
