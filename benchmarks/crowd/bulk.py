"""Many rows at once, past Django's models, whose making takes longer than storing them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, models

Row = dict[str, Any]  # by attname; the rest has the model's defaults
CACHE_KILOBYTES = 400_000  # of SQLite, while we write: indexes are written all over


def insert(model: type[models.Model], rows: Iterable[Row]) -> None:
    """All of them must name the same columns or leave them to the defaults of one and the same new object."""
    made = list(rows)
    if not made:
        return
    meta = model._meta
    has_keys = meta.pk.attname in made[0]
    fields = [field for field in meta.concrete_fields if has_keys or not field.primary_key]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    empty = model()
    defaults = {field.attname: _adapted(getattr(empty, field.attname)) for field in fields}
    values = [
        tuple((defaults | {name: _adapted(value) for name, value in row.items()}).values()) for row in made
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {meta.db_table} ({names}) VALUES ({holes})", values)


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def reserve(model: type[models.Model], count: int) -> list[int]:
    """Keys for rows that point to each other before they are stored, smallest first."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sql, [table, count])
            return sorted(pk for (pk,) in cursor.fetchall())
        # Nobody else writes meanwhile, and rows that are stored with keys move the sequence on.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = found[0] + 1 if found else 1
    return list(range(first, first + count))


@contextmanager
def roomy_sqlite() -> Iterator[None]:
    """More memory for pages while they are written."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")
