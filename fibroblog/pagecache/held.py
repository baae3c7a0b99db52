"""Holds stamps where they are, for as long as a page takes to get to its place on disk.

The database itself is the lock, because it alone knows when a change is over: also when the process that made it was
killed, or when the answer to its COMMIT got lost.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

from django.db import DatabaseError, InterfaceError, connection, transaction

from fibroblog import pages

Names = tuple[str, ...]
Versions = tuple[int, ...]


class Moving(Exception):
    """The stamps are not those any more, or somebody is about to move one."""


@contextmanager
def held(names: Names, versions: Versions) -> Iterator[None]:
    """Inside, these stamps have these versions, and no change of them can be committed. Never waits: raises Moving."""
    hold = _held_on_sqlite if connection.vendor == "sqlite" else _held_on_postgres
    with hold(names, versions):
        yield


@contextmanager
def _held_on_sqlite(names: Names, versions: Versions) -> Iterator[None]:
    """There is one writer at a time, so to be it holds everything; nothing is written."""
    path = quote(str(connection.settings_dict["NAME"]))
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None, timeout=0)) as line:
        try:
            line.execute("BEGIN IMMEDIATE")
            holes = ",".join("?" * len(names))
            rows = line.execute(
                f"SELECT name, version FROM fibroblog_stamp WHERE name IN ({holes})",  # noqa: S608  # only "?"
                names,
            )
            _compare(dict(rows.fetchall()), names, versions)
        except sqlite3.Error as busy:
            raise Moving from busy
        yield  # closing the line gives the lock back


@contextmanager
def _held_on_postgres(names: Names, versions: Versions) -> Iterator[None]:
    """A change has to move its stamps, so it locks these very rows until it is committed or rolled back."""
    with transaction.atomic():
        found = _locked(names)
        missing = [name for name in names if name not in found]
        if not missing:
            _compare(found, names, versions)
            yield
        transaction.set_rollback(True)  # nothing was written: the disk need not be waited for
    if missing:
        _write_down(missing)
        raise Moving  # the next one who asks finds them


def _locked(names: Names) -> dict[str, int]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, version FROM fibroblog_stamp WHERE name = ANY(%s) FOR SHARE NOWAIT",
                [list(names)],
            )
            return dict(cursor.fetchall())
    except (DatabaseError, InterfaceError) as busy:
        raise Moving from busy


def _write_down(names: list[str]) -> None:
    """A stamp that never moved has no row that could be held."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL lock_timeout = '10ms'"
            )  # somebody may be writing one down for the first time
            pages.begin(names)
    except (DatabaseError, InterfaceError) as busy:
        raise Moving from busy


def _compare(found: dict[str, int], names: Names, versions: Versions) -> None:
    if tuple(found.get(name, 0) for name in names) != versions:
        raise Moving
