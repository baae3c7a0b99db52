"""What differs between the databases: how the numbers of words are stored, and how those that hold them are found."""

from collections.abc import Iterable
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


class Backend(Protocol):
    def write(self, rows: Iterable[Row]) -> None: ...
    def remove(self, ids: list[int]) -> None: ...
    def empty(self) -> None: ...
    def matches(
        self, kind: str, groups: list[Group], where: str, values: list[Any], *, most: int, in_title: bool
    ) -> list[Match]:
        """The newest documents of a kind that hold all groups. ``where`` is SQL of ours: joins and conditions."""


def backend() -> Backend:
    from . import postgres, sqlite

    return postgres.Postgres() if connection.vendor == "postgresql" else sqlite.Sqlite()
