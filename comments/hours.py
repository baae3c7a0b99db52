"""Full hours as people mean them: on the site's clock, also on the days when it is put forward or back. Pure."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone


def next_at(hour: int, after: datetime) -> datetime:
    """The next moment when the clock shows this hour; an hour that is left out comes as soon as it is over, one that
    comes twice counts once."""
    day = timezone.localdate(after)
    # In UTC: two moments on one and the same clock would be compared by what it shows.
    moments = (
        timezone.make_aware(datetime.combine(day + timedelta(days=days), time(hour))).astimezone(UTC)
        for days in range(3)
    )
    return next(moment for moment in moments if moment > after)


def is_between(hour: int, start: int, end: int) -> bool:
    """Whether the hour lies from ``start`` up to ``end``, which may be on the next day."""
    return start <= hour < end if start < end else hour >= start or hour < end


def awake_at(now: datetime, start: int | None, end: int | None) -> datetime:
    """Now, or in quiet hours the moment when they end."""
    if start is None or end is None or not is_between(timezone.localtime(now).hour, start, end):
        return now
    return next_at(end, now)
