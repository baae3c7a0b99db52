"""The index on SQLite: an FTS5 table a kind, so that posts are ranked among posts."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from .backends import Group, Match, Row
from .models import Kind

TABLES = {kind.value: f"fibroblog_fts_{kind.value}" for kind in Kind}
WEIGHTS = "12.0, 4.0, 1.0"  # title, head, body


def create(schema: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES.values():
        schema.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(title, head, body, tokenize='ascii')")


def remove(schema: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES.values():
        schema.execute(f"DROP TABLE {table}")


class Sqlite:
    def write(self, rows: Iterable[Row]) -> None:
        values: dict[str, list[tuple[int | str, ...]]] = {kind: [] for kind in TABLES}
        for row in rows:
            parts = (row.title, row.head, row.body)
            values[row.kind].append((row.pk, *(" ".join(map(str, part)) for part in parts)))
        with connection.cursor() as cursor:
            for kind, table in TABLES.items():
                sql = f"INSERT OR REPLACE INTO {table} (rowid, title, head, body) VALUES (%s, %s, %s, %s)"  # noqa: S608
                cursor.executemany(sql, values[kind])

    def remove(self, ids: list[int]) -> None:
        with connection.cursor() as cursor:
            for table in TABLES.values():
                cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [[pk] for pk in ids])  # noqa: S608

    def empty(self) -> None:
        with connection.cursor() as cursor:
            for table in TABLES.values():
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608

    def matches(
        self, kind: str, groups: list[Group], where: str, values: list[Any], *, most: int, in_title: bool
    ) -> list[Match]:
        table = TABLES[kind]
        # bm25 counts all that hold a word before it ranks the first: too dear twice, where there are too many anyway.
        rank = "0.0" if in_title else f"bm25({table}, {WEIGHTS})"
        # CROSS JOIN: from the words to the rows, never the other way round.
        sql = f"""
            SELECT d.key, CAST(d.at AS TEXT), {rank} FROM {table}
            CROSS JOIN fibroblog_indexeddocument d ON d.id = {table}.rowid
            {where} AND {table} MATCH %s ORDER BY {table}.rowid DESC LIMIT %s"""  # noqa: S608
        asked = " AND ".join(map(_expression, groups))
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, f"title : ({asked})" if in_title else asked, most])
            return [Match(*row) for row in cursor.fetchall()]


def _expression(group: Group) -> str:
    numbers = [str(number) for number in group.stems]
    return f'"{" ".join(numbers)}"' if group.is_phrase else f"({' OR '.join(numbers)})"
