"""The index on PostgreSQL: two columns beside the documents, written and asked without its parsers and dictionaries."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from .backends import Group, Match, Row
from .models import Kind

TABLE = "fibroblog_indexeddocument"
WEIGHTS = "{0.05, 0.05, 0.3, 1.0}"  # D, C, B, A: body is D, head B, title A
LAST_PLACE = 16_383  # a tsvector counts no further
MOST_PLACES = 255  # and keeps so many for one word


def create(schema: BaseDatabaseSchemaEditor) -> None:
    schema.execute(f"ALTER TABLE {TABLE} ADD COLUMN terms tsvector, ADD COLUMN title_terms tsvector")
    for kind in Kind:
        # Without fastupdate a search never has to read what is not sorted in yet.
        for column in ("terms", "title_terms") if kind == Kind.ARTICLE else ("terms",):
            schema.execute(
                f"CREATE INDEX indexed_{kind.value}_{column} ON {TABLE} USING gin ({column}) "
                f"WITH (fastupdate = off) WHERE kind = '{kind.value}'"
            )


def remove(schema: BaseDatabaseSchemaEditor) -> None:
    schema.execute(f"ALTER TABLE {TABLE} DROP COLUMN terms, DROP COLUMN title_terms")


class Postgres:
    def write(self, rows: Iterable[Row]) -> None:
        values = [(_vector(row), _vector(row._replace(head=[], body=[])), row.pk) for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {TABLE} SET terms = %s, title_terms = %s WHERE id = %s", values)  # noqa: S608

    def remove(self, ids: list[int]) -> None:
        """They go with their rows."""

    def empty(self) -> None:
        """They go with their rows."""

    def matches(
        self, kind: str, groups: list[Group], where: str, values: list[Any], *, most: int, in_title: bool
    ) -> list[Match]:
        column = "title_terms" if in_title else "terms"
        sql = f"""
            SELECT d.key, d.at, -ts_rank('{WEIGHTS}', d.terms, %s::tsquery, 1) FROM {TABLE} d
            {where} AND d.kind = '{Kind(kind).value}' AND d.{column} @@ %s::tsquery
            ORDER BY d.id DESC LIMIT %s"""  # noqa: S608
        asked = " & ".join(map(_expression, groups))
        with connection.cursor() as cursor:
            cursor.execute(sql, [asked, *values, asked, most])
            return [Match(*row) for row in cursor.fetchall()]


def _vector(row: Row) -> str:
    places: dict[int, list[str]] = defaultdict(list)
    first = 1
    for numbers, weight in ((row.title, "A"), (row.head, "B"), (row.body, "D")):
        for place, number in enumerate(numbers, start=first):
            if len(places[number]) < MOST_PLACES:
                places[number].append(f"{min(place, LAST_PLACE)}{weight}")
        first += len(numbers) + 1  # a gap: no phrase goes on in the next part
    return " ".join(f"'{number}':{','.join(found)}" for number, found in places.items())


def _expression(group: Group) -> str:
    between = " <-> " if group.is_phrase else " | "
    return "(" + between.join(f"'{number}'" for number in group.stems) + ")"
