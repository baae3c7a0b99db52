"""The index on PostgreSQL: two columns beside the documents, written and asked without its parsers and dictionaries."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from .backends import TAGGED, TAGS, Group, Match, Row, Scope, has_few_posts
from .models import Kind

TABLE = "fibroblog_indexeddocument"
WEIGHTS = "{0.05, 0.05, 0.3, 1.0}"  # D, C, B, A: body is D, head B, title A
# What more documents hold is soon found in the texts themselves: in so many of the newest (a post's are long, and cost
# more), and in those of so many posts of a topic.
COMMON = 3_000
PHRASES_RARER = 10  # times, about, than the rarest of their words
NEWEST = {Kind.ARTICLE: 2_000, Kind.COMMENT: 6_000}
FEW_POSTS = 1_000
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


def keep_inline(schema: BaseDatabaseSchemaEditor) -> None:
    """A long text's words beside its row: a phrase is looked for in thousands of them, and elsewhere each costs double."""
    schema.execute(
        f"ALTER TABLE {TABLE} SET (toast_tuple_target = 8160), ALTER COLUMN terms SET STORAGE MAIN"
    )


def keep_anywhere(schema: BaseDatabaseSchemaEditor) -> None:
    schema.execute(f"ALTER TABLE {TABLE} RESET (toast_tuple_target), ALTER COLUMN terms SET STORAGE EXTENDED")


class Postgres:
    def write(self, rows: Iterable[Row]) -> None:
        values = [(_vector(row), _vector(row._replace(head=[], body=[])), row.pk) for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {TABLE} SET terms = %s, title_terms = %s WHERE id = %s", values)  # noqa: S608

    def remove(self, ids: list[int]) -> None:
        """They go with their rows."""

    def empty(self) -> None:
        """They go with their rows."""

    def matches(self, groups: list[Group], scope: Scope, *, most: int, in_title: bool) -> list[Match]:
        """What very many hold is looked for in the texts of a small topic, or in the newest, where it soon turns up; all
        else in the index, which gives all that hold it. The planner cannot tell: it takes posts and comments for alike.
        """
        asked = " & ".join(map(_expression, groups))
        if not in_title and all(map(_is_common, groups)):
            if scope.tag is not None and has_few_posts(scope.tag, FEW_POSTS):
                return _found(asked, scope, most, _of_few_posts(asked, scope))
            found = _found(asked, scope, most, _among_the_newest(asked, scope))
            if len(found) == most:
                return found
        return _found(asked, scope, most, _in_the_index(asked, scope, "title_terms" if in_title else "terms"))


def _is_common(group: Group) -> bool:
    return group.documents > COMMON * (PHRASES_RARER if group.is_phrase else 1)


# SQL and its values.
Part = tuple[str, list[Any]]
# The function in place of its operator @@: for that no index is asked.
HOLDS = "ts_match_vq(d.terms, %s::tsquery)"


def _found(asked: str, scope: Scope, most: int, documents: Part) -> list[Match]:
    """The first of these that readers may see. OFFSET 0: in their order, and no further than needed."""
    sql = f"""
        SELECT d.key, d.at, -ts_rank('{WEIGHTS}', (SELECT terms FROM {TABLE} WHERE id = d.id), %s::tsquery, 1)
        FROM ({documents[0]} ORDER BY d.at DESC, d.id DESC OFFSET 0) d
        WHERE {scope.shown} ORDER BY d.at DESC, d.id DESC LIMIT %s"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked, *documents[1], *scope.values, most])
        return [Match(*row) for row in cursor.fetchall()]


def _among_the_newest(asked: str, scope: Scope) -> Part:
    where, values = _within(scope)
    sql = f"""
        SELECT d.id, d.key, d.at FROM (
            SELECT d.id, d.key, d.at, d.article, d.terms FROM {TABLE} d WHERE {where}
            ORDER BY d.at DESC, d.id DESC LIMIT {NEWEST[Kind(scope.kind)]}
        ) d WHERE {_tagged(scope)}{HOLDS}"""  # noqa: S608
    return sql, [*values, *_tags(scope), asked]


def _of_few_posts(asked: str, scope: Scope) -> Part:
    where, values = _within(scope)
    sql = f"""
        SELECT d.id, d.key, d.at FROM {TAGS} t CROSS JOIN LATERAL (
            SELECT * FROM {TABLE} d WHERE d.article = t.article_id AND {where} OFFSET 0
        ) d WHERE t.tag_id = %s AND {HOLDS}"""  # noqa: S608
    return sql, [*values, scope.tag, asked]


def _in_the_index(asked: str, scope: Scope, column: str) -> Part:
    where, values = _within(scope)
    sql = f"""
        SELECT d.id, d.key, d.at FROM {TABLE} d
        WHERE {_tagged(scope)}{where} AND d.{column} @@ %s::tsquery"""  # noqa: S608
    return sql, [*_tags(scope), *values, asked]


def _within(scope: Scope) -> Part:
    dated, dates = scope.dated
    # Written out, so that the index of this kind is seen to fit.
    return f"d.kind = '{Kind(scope.kind).value}'{dated}", dates


def _tagged(scope: Scope) -> str:
    return TAGGED if scope.tag is not None else ""


def _tags(scope: Scope) -> list[int]:
    return [scope.tag] if scope.tag is not None else []


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
