"""What differs between the databases: how the numbers of words are stored, and how those that hold them are found."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db import connection


class Row(NamedTuple):
    """A document as numbers of stems."""

    pk: int
    kind: str
    title: list[int]
    head: list[int]
    body: list[int]


class Group(NamedTuple):
    """One thing that a document must hold: any of these numbers or, as a phrase, all of them in a row."""

    stems: tuple[int, ...]
    is_phrase: bool = False
    documents: int = 0  # how many hold it, about: what is rare tells more


class Match(NamedTuple):
    key: int
    at: Any  # as the database gives it: to sort by, not to show
    rank: float  # less is better


class Scope(NamedTuple):
    """Which documents may be found at all."""

    kind: str
    shown: str  # a condition, SQL of ours: what readers may see
    values: tuple[Any, ...]  # its parameters
    tag: int | None = None  # the id of a topic
    dates: tuple[datetime, datetime] | None = None  # from, and before

    @property
    def dated(self) -> tuple[str, list[Any]]:
        if self.dates is None:
            return "", []
        return " AND d.at >= %s AND d.at < %s", list(self.dates)


TAGS = "articles_article_tags"
# The topic of the post, or of the post that the comment belongs to.
TAGGED = (
    "EXISTS (SELECT 1 FROM articles_article_tags t WHERE t.article_id = d.article AND t.tag_id = %s) AND "
)


def has_few_posts(tag: int, few: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TAGS} WHERE tag_id = %s LIMIT %s", [tag, few + 1])  # noqa: S608
        return len(cursor.fetchall()) <= few


class Backend(Protocol):
    def write(self, rows: Iterable[Row]) -> None: ...
    def remove(self, ids: list[int]) -> None: ...
    def empty(self) -> None: ...
    def matches(self, groups: list[Group], scope: Scope, *, most: int, in_title: bool) -> list[Match]:
        """The newest documents in scope that hold all groups."""


def backend() -> Backend:
    from . import postgres, sqlite

    return postgres.Postgres() if connection.vendor == "postgresql" else sqlite.Sqlite()
