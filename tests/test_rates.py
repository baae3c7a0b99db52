"""Counting in the database, so that a limit holds across processes."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import QuerySet
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
    start = rates.window_start(timezone.now())
    assert start <= timezone.now() < start + WINDOW
    assert rates.window_start(start) == start
    assert rates.window_start(start + WINDOW - timedelta(microseconds=1)) == start
    assert rates.window_start(start + WINDOW) == start + WINDOW


def test_two_processes_that_begin_a_window_together_are_both_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    update = QuerySet.update
    lost = iter([True])

    def other_was_first(self: Any, **fields: Any) -> int:
        if next(lost, False):
            RateCounter.objects.create(
                name="contact", who="a", window=rates.window_start(timezone.now()), count=1
            )
            return 0
        return update(self, **fields)

    monkeypatch.setattr(QuerySet, "update", other_was_first)
    assert rates.count("contact", "a") == 2
    assert str(RateCounter.objects.get()) == "contact: 2"


def test_old_counters_are_forgotten_and_young_ones_kept(clock: time_machine.Traveller) -> None:
    rates.count("contact", "old")
    clock.shift(timedelta(days=1, minutes=limits.RATE_WINDOW_MINUTES))
    rates.count("contact", "young")
    rates.forget_old()
    assert [row.who for row in RateCounter.objects.all()] == ["young"]
