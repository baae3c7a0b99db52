"""Full hours on the site's clock, also over midnight and on the days when the clock is put forward or back."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from comments.hours import awake_at, is_between, next_at


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour", "after", "then"),
    [
        ("UTC", 8, "2026-03-03 07:59:59", "2026-03-03 08:00"),
        ("UTC", 8, "2026-03-03 08:00", "2026-03-04 08:00"),
        ("UTC", 0, "2026-12-31 23:59", "2027-01-01 00:00"),
        (
            "Europe/Berlin",
            8,
            "2026-03-28 12:00",
            "2026-03-29 06:00",
        ),  # the night of summer time: an hour less
        ("Europe/Berlin", 2, "2026-03-29 00:30", "2026-03-29 01:00"),  # 02:00 is left out: at 03:00
        ("Europe/Berlin", 2, "2026-03-29 01:00", "2026-03-30 00:00"),
        (
            "Europe/Berlin",
            2,
            "2026-10-25 00:30",
            "2026-10-26 01:00",
        ),  # 02:30, the first: 02:00 was, and counts once
        ("Europe/Berlin", 2, "2026-10-25 01:30", "2026-10-26 01:00"),  # 02:30, the second
        ("America/New_York", 23, "2026-03-03 04:30", "2026-03-04 04:00"),
    ],
)
def test_the_next_time_that_the_clock_shows_an_hour(zone: str, hour: int, after: str, then: str) -> None:
    with timezone.override(zone):
        assert next_at(hour, utc(after)) == utc(then)


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [(22, 7, {22, 23, 0, 1, 2, 3, 4, 5, 6}), (1, 3, {1, 2}), (23, 0, {23}), (0, 23, set(range(23)))],
)
def test_quiet_hours_may_span_midnight(start: int, end: int, inside: set[int]) -> None:
    assert {hour for hour in range(24) if is_between(hour, start, end)} == inside


@pytest.mark.parametrize(
    ("zone", "start", "end", "now", "awake"),
    [
        ("UTC", None, None, "2026-03-03 03:00", "2026-03-03 03:00"),
        ("UTC", 22, 7, "2026-03-03 21:59", "2026-03-03 21:59"),
        ("UTC", 22, 7, "2026-03-03 22:00", "2026-03-04 07:00"),
        ("UTC", 22, 7, "2026-03-04 06:59", "2026-03-04 07:00"),
        ("UTC", 22, 7, "2026-03-04 07:00", "2026-03-04 07:00"),
        ("Europe/Berlin", 22, 2, "2026-03-29 00:59", "2026-03-29 01:00"),  # from 01:59 on to 03:00
        ("Europe/Berlin", 22, 3, "2026-10-25 00:30", "2026-10-25 02:00"),  # 02:30 twice: until 03:00
        ("Europe/Berlin", 22, 3, "2026-10-25 01:30", "2026-10-25 02:00"),
        ("Europe/Berlin", 22, 2, "2026-10-25 01:30", "2026-10-25 01:30"),
        ("Europe/Berlin", 22, 7, "2026-03-28 21:00", "2026-03-29 05:00"),
    ],
)
def test_who_sleeps_is_awake_when_the_quiet_hours_end(
    zone: str, start: int | None, end: int | None, now: str, awake: str
) -> None:
    with timezone.override(zone):
        assert awake_at(utc(now), start, end) == utc(awake)
