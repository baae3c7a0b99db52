"""Reads stamps past Django, for each page that is served: on SQLite it takes microseconds, as a queryset a hundred times
as long.

Each thread has a connection of its own, which only reads.
"""

import sqlite3
import threading
from typing import Any, Protocol
from urllib.parse import quote

from django.db import InterfaceError, OperationalError, connection, connections

MOST_KNOWN = 10_000  # pages whose versions are remembered between two commits


class Stamps(Protocol):
    def versions(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """How often each of them moved, as committed now; 0 for one that never did."""
        ...


def stamps() -> Stamps:
    return SQLiteStamps() if connection.vendor == "sqlite" else DjangoStamps()


class SQLiteStamps:
    def __init__(self) -> None:
        self._threads = threading.local()

    def versions(self, names: tuple[str, ...]) -> tuple[int, ...]:
        own: Connection | None = getattr(self._threads, "own", None)
        if own is None:
            own = self._threads.own = Connection()
        return own.versions(names)


class Connection:
    """Reads only, so that SQLite's own count of commits tells whether what was read still holds."""

    def __init__(self) -> None:
        path = quote(str(connection.settings_dict["NAME"]))
        self._file = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, timeout=20)
        self._commits: Any = None
        self._known: dict[tuple[str, ...], tuple[int, ...]] = {}

    def versions(self, names: tuple[str, ...]) -> tuple[int, ...]:
        commits = self._file.execute("PRAGMA data_version").fetchone()
        if commits != self._commits or len(self._known) > MOST_KNOWN:
            self._known, self._commits = {}, commits
        known = self._known.get(names)
        if known is None:
            known = self._known[names] = self._read(names)
        return known

    def _read(self, names: tuple[str, ...]) -> tuple[int, ...]:
        holes = ",".join("?" * len(names))
        rows = self._file.execute(
            f"SELECT name, version FROM fibroblog_stamp WHERE name IN ({holes})",  # noqa: S608  # only "?"
            names,
        )
        found = dict(rows.fetchall())
        return tuple(found.get(name, 0) for name in names)


class DjangoStamps:
    def __init__(self, alias: str = "default") -> None:
        self._alias = alias

    def versions(self, names: tuple[str, ...]) -> tuple[int, ...]:
        try:
            return self._read(names)
        except (OperationalError, InterfaceError):
            # The server went away since the page before; nobody looked after this connection yet.
            connections[self._alias].close()
            return self._read(names)

    def _read(self, names: tuple[str, ...]) -> tuple[int, ...]:
        with connections[self._alias].cursor() as cursor:
            cursor.execute("SELECT name, version FROM fibroblog_stamp WHERE name = ANY(%s)", [list(names)])
            found: dict[str, Any] = dict(cursor.fetchall())
        return tuple(found.get(name, 0) for name in names)
