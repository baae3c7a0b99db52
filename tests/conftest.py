"""What every test has: a clock that stands still, the one cast, and the append-only log lifted for flushing."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase

from articles import glossary, kept
from articles.models import Article
from comments import akismet, append_only
from comments.models import Comment
from comments.screening import learnt, rulebook
from comments.states import State
from fibroblog.pagecache import asked, pages_for_all

from .factories import make_article, make_comment, make_staff

OF_DATABASE = {"db", "transactional_db", "real_transactions", "django_db_setup"}
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """SQLite has one writer: there nothing can come in between, and a test of it would show nothing. Other tests look
    at what only SQLite does."""
    on_sqlite = connection.vendor == "sqlite"
    elsewhere = "several_writers" if on_sqlite else "sqlite_alone"
    left_out = [
        item
        for item in items
        if item.get_closest_marker(elsewhere) or not (on_sqlite or needs_database(item))
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def needs_database(item: pytest.Item) -> bool:
    """What does not, says the same on every database."""
    fixtures = set(getattr(item, "fixturenames", ()))
    in_browser = "browser" in item.path.parts
    return in_browser or item.get_closest_marker("django_db") is not None or bool(fixtures & OF_DATABASE)


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller | None]:
    """Time stands still; ``clock.shift(seconds)`` and ``clock.move_to(…)`` move it. Real processes need real time."""
    if request.node.get_closest_marker("real_time"):
        yield None
        return
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What a process remembers, while the database of each test begins anew."""
    cache.clear()
    rulebook.forget()
    learnt.forget()
    akismet.forget()
    glossary.forget()
    kept.forget()
    pages_for_all.forget()
    asked.forget()


@pytest.fixture(scope="session", autouse=True)
def flushable_log() -> Iterator[None]:
    """After a test with real transactions all tables are emptied, which the log itself would refuse."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # not in the stubs

    def flush_with_log(case: TransactionTestCase) -> None:
        with connection.schema_editor() as schema:
            append_only.lift(schema)
        flush(case)
        with connection.schema_editor() as schema:
            append_only.protect(schema)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_with_log)
        yield


@pytest.fixture
def real_transactions(django_db_serialized_rollback: None, transactional_db: None) -> None:
    """For tests with several connections; what the migrations filled in is there again afterwards."""


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


@pytest.fixture
def pending(article: Article) -> Comment:
    return make_comment(article, state=State.PENDING)


@pytest.fixture
def approved(article: Article) -> Comment:
    return make_comment(article, state=State.APPROVED)


@pytest.fixture
def moderator(db: None) -> User:
    return make_staff("mo", "Moderators")


@pytest.fixture
def other_moderator(db: None) -> User:
    return make_staff("maz", "Moderators")


@pytest.fixture
def editor(db: None) -> User:
    return make_staff("ed", "Editors")


@pytest.fixture
def administrator(db: None) -> User:
    return make_staff("root", is_superuser=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
