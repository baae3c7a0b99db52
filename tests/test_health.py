"""Whether the site is up and can serve, and the daily tidying that the worker does."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Article
from comments.models import Comment
from fibroblog import contact, health, limits, pages, rates, rounds
from fibroblog.models import RateCounter, Stamp
from fibroblog.wsgi import application
from tests.factories import make_comment

ALL_WELL = {"database": "ok", "cache": "ok", "disk": "ok", "tasks": "ok"}


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_the_process_says_that_it_is_up_without_asking_anything(client: Client) -> None:
    # No database mark: the test would fail at the first query.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-cache" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_the_server_finds_the_application() -> None:
    said: list[str] = []
    body = application(RequestFactory().get("/healthz").environ, lambda status, headers: said.append(status))
    assert (said, b"".join(body)) == (["200 OK"], b"ok\n")


@pytest.mark.django_db
def test_all_well_is_said_in_one_word_a_part(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, ALL_WELL)
    assert "no-cache" in response.headers["Cache-Control"]


def broken(*args: Any, **kwargs: Any) -> Any:
    raise OSError("secret host:5432 refused")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "target", "attribute", "replacement"),
    [
        ("database", connection, "cursor", broken),
        ("cache", cache, "set", broken),
        ("cache", cache, "get", lambda key: None),
        ("disk", shutil, "disk_usage", lambda path: Usage(2**40, 2**40, health.DISK_FLOOR)),
        ("disk", shutil, "disk_usage", broken),
    ],
)
def test_a_part_that_fails_is_named_without_its_secrets(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    target: object,
    attribute: str,
    replacement: Callable[..., Any],
) -> None:
    monkeypatch.setattr(target, attribute, replacement)
    response = client.get("/readyz")
    monkeypatch.undo()
    assert response.status_code == 503
    assert response.json()[part] == "failing"
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_a_task_that_nobody_runs_is_noticed(client: Client, clock: time_machine.Traveller) -> None:
    contact.mail_administrators.enqueue(1)
    assert client.get("/readyz").status_code == 200
    clock.shift(health.TASK_AGE_LIMIT.total_seconds() + 1)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {**ALL_WELL, "tasks": "failing"})


@pytest.mark.django_db
def test_a_task_for_later_is_no_failure_until_it_is_overdue(
    client: Client, clock: time_machine.Traveller
) -> None:
    rounds.plan()
    DBTaskResult.objects.filter(task_path=rounds.every_minute.module_path).delete()
    clock.shift(timedelta(hours=23))
    assert client.get("/readyz").status_code == 200
    clock.shift(timedelta(hours=1, minutes=16))
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_a_finished_task_is_no_failure(client: Client, clock: time_machine.Traveller) -> None:
    contact.mail_administrators.enqueue(1)
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=timezone.now())
    clock.shift(timedelta(days=1))
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_each_round_is_planned_once_however_often_it_is_asked_for() -> None:
    for _ in range(3):
        rounds.plan()
    assert dict(DBTaskResult.objects.values_list("task_path", "run_after")) == {
        rounds.every_minute.module_path: timezone.now() + timedelta(minutes=1),
        rounds.every_day.module_path: timezone.now() + timedelta(days=1),
    }
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db
def test_one_duty_that_fails_keeps_no_other_from_its_turn_and_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    DBTaskResult.objects.all().delete()
    done = []

    def deliver() -> None:
        raise OSError("wren@example.org is not there")

    def ring() -> None:
        done.append("alarm")

    monkeypatch.setattr(rounds, "EVERY_MINUTE", (deliver, ring, deliver))
    with pytest.raises(ExceptionGroup) as raised:
        rounds.every_minute.call()
    assert done == ["alarm"]
    assert len(raised.value.exceptions) == 2
    assert DBTaskResult.objects.filter(task_path=rounds.every_minute.module_path, status="READY").exists()
    assert "The duty deliver failed: OSError" in caplog.text
    assert "wren" not in caplog.text


@pytest.mark.django_db
def test_a_minutes_round_plans_the_next_and_forgets_the_last_hours(clock: time_machine.Traveller) -> None:
    DBTaskResult.objects.all().delete()
    contact.mail_administrators.enqueue(1)
    for _ in range(2):
        rounds.every_minute.call()
        DBTaskResult.objects.filter(task_path=rounds.every_minute.module_path).update(
            status="SUCCESSFUL", finished_at=timezone.now()
        )
        clock.shift(timedelta(minutes=61))
    rounds.every_minute.call()
    (left,) = DBTaskResult.objects.filter(task_path=rounds.every_minute.module_path)
    assert (left.status, left.run_after) == ("READY", timezone.now() + timedelta(minutes=1))
    other = DBTaskResult.objects.filter(task_path=contact.mail_administrators.module_path)
    assert other.count() == 1, "other tasks stay in the list"


@pytest.mark.django_db
def test_a_task_whose_worker_died_is_done_again(clock: time_machine.Traveller) -> None:
    contact.mail_administrators.enqueue(1)
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["dead"])
    assert rounds.revive() == 0, "it may still be at work"
    clock.shift(rounds.LONGEST + timedelta(seconds=1))
    assert rounds.revive() == 1
    assert DBTaskResult.objects.get().status == "READY"


@pytest.mark.django_db
def test_tidying_forgets_what_is_old_keeps_what_is_young_and_plans_the_next_day(
    article: Article, clock: time_machine.Traveller
) -> None:
    def leave_traces() -> None:
        make_comment(article, network="a network")
        rates.count("contact", "a")
        store = SessionStore()
        store.set_expiry(timedelta(days=3))
        store.create()
        contact.mail_administrators.enqueue(1)
        DBTaskResult.objects.filter(finished_at=None).update(status="SUCCESSFUL", finished_at=timezone.now())

    leave_traces()
    clock.shift(timedelta(days=max(limits.NETWORK_DAYS, limits.TASK_DAYS) + 1))
    leave_traces()
    rounds.every_day.call()
    assert sorted(Comment.objects.values_list("network", flat=True)) == ["", "a network"]
    assert RateCounter.objects.count() == 1
    assert Session.objects.count() == 1
    assert DBTaskResult.objects.finished().count() == 1
    planned = DBTaskResult.objects.get(status="READY")
    assert planned.run_after == timezone.now() + timedelta(days=1)


@pytest.mark.django_db
def test_tidying_that_fails_once_is_tried_again_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    # The privacy page promises that things are forgotten: one bad night must not end that for good.
    monkeypatch.setattr(rates, "forget_old", broken)
    with pytest.raises(OSError, match="secret"):
        rounds.every_day.call()
    assert DBTaskResult.objects.filter(task_path=rounds.every_day.module_path, status="READY").count() == 1


@pytest.mark.django_db
def test_a_stamp_knows_when_it_moved(clock: time_machine.Traveller) -> None:
    assert pages.last_moved("site") is None
    assert pages.version_of("site") == 0
    pages.changed(article=1, articles=[1, 2], site=True)
    assert {str(stamp) for stamp in Stamp.objects.all()} == {"site v1", "article:1 v1", "article:2 v1"}
    clock.shift(60)
    pages.changed(article=2)
    assert (pages.version_of("article:2"), pages.version_of("article:1")) == (2, 1)
    assert pages.last_moved("article:2") == pages.last_moved() == timezone.now()
    assert pages.last_moved("site") == timezone.now() - timedelta(seconds=60)
    pages.changed()
    assert Stamp.objects.count() == 3
