"""The index on SQLite: an FTS5 table a kind, so that posts are ranked among posts."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from . import ranking
from .backends import Group, Match, Row
from .models import Kind

TABLES = {kind.value: f"fibroblog_fts_{kind.value}" for kind in Kind}


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
        # Not FTS5's own bm25(): that counts all that hold a word before it ranks the first, and common words are held
        # by most. CROSS JOIN: from the words to the rows, never the other way round.
        parts = "'', '', ''" if in_title else "f.title, f.head, f.body"
        sql = f"""
            SELECT d.key, CAST(d.at AS TEXT), {parts} FROM {table} f
            CROSS JOIN fibroblog_indexeddocument d ON d.id = f.rowid
            {where} AND {table} MATCH %s ORDER BY f.rowid DESC LIMIT %s"""  # noqa: S608
        asked = " AND ".join(map(_expression, groups))
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, f"title : ({asked})" if in_title else asked, most])
            rows = cursor.fetchall()
        ranks = [0.0] * len(rows) if in_title else ranking.ranks(groups, [row[2:] for row in rows])
        return [Match(row[0], row[1], rank) for row, rank in zip(rows, ranks, strict=True)]


def _expression(group: Group) -> str:
    numbers = [str(number) for number in group.stems]
    return f'"{" ".join(numbers)}"' if group.is_phrase else f"({' OR '.join(numbers)})"
