"""Counting in the database, so that a limit holds across processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from fibroblog import limits, rates
from fibroblog.models import RateCounter

pytestmark = pytest.mark.django_db
WINDOW = timedelta(minutes=limits.RATE_WINDOW_MINUTES)


def test_each_counts_for_itself_and_each_thing_for_itself() -> None:
    assert [rates.count("contact", "a") for _ in range(3)] == [1, 2, 3]
    assert rates.count("contact", "b") == 1
    assert rates.count("codes", "a") == 1
    assert [rates.count("contact") for _ in range(2)] == [1, 2]


def test_a_new_window_begins_at_one(clock: time_machine.Traveller) -> None:
    rates.count("contact", "a")
    clock.shift(WINDOW.total_seconds() - 1)
    assert rates.count("contact", "a") == 2
    clock.shift(1)
    assert rates.count("contact", "a") == 1
    assert RateCounter.objects.count() == 2


def test_windows_stand_at_the_same_places_for_every_process() -> None:
    start = rates.window_start(timezone.now(), WINDOW)
    assert start <= timezone.now() < start + WINDOW
    assert rates.window_start(start, WINDOW) == start
    assert rates.window_start(start + WINDOW - timedelta(microseconds=1), WINDOW) == start
    assert rates.window_start(start + WINDOW, WINDOW) == start + WINDOW


def test_those_who_begin_a_window_together_are_all_counted(real_transactions: None) -> None:
    def one(_: int) -> int:
        try:
            return rates.count("contact", "a")
        finally:
            if connection.vendor != "sqlite":
                connections.close_all()

    if connection.vendor == "sqlite":
        # The tests' SQLite lives in one connection in memory; one after the other is all it can do.
        counts = [one(number) for number in range(8)]
    else:
        with ThreadPoolExecutor(8) as pool:
            counts = list(pool.map(one, range(8)))
    assert sorted(counts) == list(range(1, 9))
    assert str(RateCounter.objects.get()) == "contact: 8"


def test_old_counters_are_forgotten_and_young_ones_kept(clock: time_machine.Traveller) -> None:
    rates.count("contact", "old")
    clock.shift(timedelta(days=1, minutes=limits.RATE_WINDOW_MINUTES))
    rates.count("contact", "young")
    rates.forget_old()
    assert [row.who for row in RateCounter.objects.all()] == ["young"]
