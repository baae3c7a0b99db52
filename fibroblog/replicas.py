"""A second PostgreSQL that follows the first, for making public pages: only when it has caught up.

Everything else reads and writes the primary, so a person always reads what they just wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings

REPLICA = "replica"

_reads_replica: ContextVar[bool] = ContextVar("reads_replica", default=False)


@contextmanager
def reading_replica() -> Iterator[None]:
    """What is read inside is read from the replica."""
    before = _reads_replica.set(True)
    try:
        yield
    finally:
        _reads_replica.reset(before)


def is_there() -> bool:
    return REPLICA in settings.DATABASES


def for_reading() -> str:
    """The alias of the database that reads go to now, for whoever asks without a queryset."""
    return REPLICA if _reads_replica.get() else "default"


class Router:
    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return REPLICA if _reads_replica.get() else None

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None
