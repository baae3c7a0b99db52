"""The index on SQLite: an FTS5 table a kind, so that posts are ranked among posts."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from . import ranking
from .backends import TAGGED, TAGS, Group, Match, Row, Scope, has_few_posts
from .models import Kind

DOCUMENTS = "fibroblog_indexeddocument"
FEW_POSTS = 200  # of a topic: their texts are looked through sooner than those that hold the words
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

    def matches(self, groups: list[Group], scope: Scope, *, most: int, in_title: bool) -> list[Match]:
        """By the words, from the newest document that holds them; or by the posts, where a topic has only a few."""
        found = (
            _of_few_posts if scope.tag is not None and has_few_posts(scope.tag, FEW_POSTS) else _with_words
        )
        rows = found(groups, scope, most=most, in_title=in_title)
        # Not FTS5's own bm25(): that counts all that hold a word before it ranks the first, and most hold a common one.
        ranks = [0.0] * len(rows) if in_title else ranking.ranks(groups, [row[2:] for row in rows])
        return [Match(row[0], row[1], rank) for row, rank in zip(rows, ranks, strict=True)]


def _with_words(groups: list[Group], scope: Scope, *, most: int, in_title: bool) -> list[Any]:
    table = TABLES[scope.kind]
    dated, dates = scope.dated
    within, ends = (" AND f.rowid BETWEEN %s AND %s", _ends(scope)) if scope.dates else ("", ())
    tagged = TAGGED if scope.tag is not None else ""
    # CROSS JOIN: from the words to the rows, never the other way round; then the condition that leaves the fewest.
    sql = f"""
        {_select(in_title)} FROM {table} f CROSS JOIN {DOCUMENTS} d ON d.id = f.rowid
        WHERE {tagged}{scope.shown}{dated}{within} AND {table} MATCH %s ORDER BY f.rowid DESC LIMIT %s"""
    asked = " AND ".join(map(_expression, groups))
    values = [*([scope.tag] if tagged else []), *scope.values, *dates, *ends]
    return _rows(sql, [*values, f"title : ({asked})" if in_title else asked, most])


def _of_few_posts(groups: list[Group], scope: Scope, *, most: int, in_title: bool) -> list[Any]:
    """Looks into every document of the topic: walking through all that hold a word would find few of them late."""
    table = TABLES[scope.kind]
    dated, dates = scope.dated
    text = "' ' || f.title || ' '" + ("" if in_title else " || ' ' || f.head || '  ' || f.body || ' '")
    wanted = [ranking.wanted_of(group) for group in groups]
    held = "".join(f" AND ({' OR '.join([f'instr({text}, %s)'] * len(ones))})" for ones in wanted)
    # CROSS JOIN: from the posts of the topic to the texts. The plus keeps SQLite from walking through all of the kind.
    sql = f"""
        {_select(in_title)} FROM {TAGS} t CROSS JOIN {DOCUMENTS} d ON d.article = t.article_id
        CROSS JOIN {table} f ON f.rowid = d.id
        WHERE {scope.shown}{dated} AND t.tag_id = %s AND +d.kind = %s{held} ORDER BY d.id DESC LIMIT %s"""
    words = [one for ones in wanted for one in ones]
    return _rows(sql, [*scope.values, *dates, scope.tag, scope.kind, *words, most])


def _select(in_title: bool) -> str:
    return f"SELECT d.key, CAST(d.at AS TEXT), {'0, 0, 0' if in_title else 'f.title, f.head, f.body'}"


def _rows(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _ends(scope: Scope) -> tuple[int, int]:
    """The first and the last document of these dates: FTS5 knows no date, but begins and ends where it is told."""
    dated, dates = scope.dated
    sql = f"SELECT MIN(d.id), MAX(d.id) FROM {DOCUMENTS} d WHERE d.kind = %s{dated}"  # noqa: S608
    first, last = _rows(sql, [scope.kind, *dates])[0]
    return first or 0, last or 0


def _expression(group: Group) -> str:
    numbers = [str(number) for number in group.stems]
    return f'"{" ".join(numbers)}"' if group.is_phrase else f"({' OR '.join(numbers)})"
