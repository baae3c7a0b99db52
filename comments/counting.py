"""How many, and which first: looks at no more rows than a page can tell of, however long the discussion is.

Counting all of a hundred thousand comments would cost more than drawing the page; readers are told "more than".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connections

from fibroblog import limits, replicas

COMMENTS_AT_MOST = 10_000  # of a post
REPLIES_AT_MOST = 1_000  # of a thread
ROOTS_AT_MOST = 10_000  # of a post: of the pages of its discussion, only so many
AT_ONCE = 100  # parts of one statement; SQLite takes 500

if TYPE_CHECKING:
    from .querysets import CommentQuerySet

Rows = list[tuple[int, int]]

VISIBLE = """
SELECT {id}, (SELECT COUNT(*) FROM (
    SELECT 1 FROM comments_comment WHERE article_id = {id} AND state = 'approved' LIMIT {at_most}) few{id})"""
REPLIES = """
SELECT {id}, (SELECT COUNT(*) FROM (
    SELECT 1 FROM comments_comment WHERE root_id = {id} AND in_thread LIMIT {at_most}) few{id})"""
FIRST = """
SELECT {id}, id FROM (
    SELECT id FROM comments_comment WHERE root_id = {id} AND in_thread ORDER BY id LIMIT {at_most}) first{id}"""


@dataclass(frozen=True)
class Counted:
    number: int
    are_more: bool = False


def roots(found: "CommentQuerySet", *, at_least: int) -> Counted:
    """Those of ``found``, up to a limit, or up to ``at_least`` where a page that lies beyond it is asked for."""
    most = max(ROOTS_AT_MOST, at_least)
    number = found.order_by()[: most + 1].count()
    return Counted(min(number, most), are_more=number > most)


def visible(articles: Iterable[int]) -> dict[int, int]:
    """Comments that any reader may see, by id of their post; one above `COMMENTS_AT_MOST` stands for more."""
    return dict(_each(VISIBLE, list(articles), at_most=COMMENTS_AT_MOST + 1))


def replies(roots: Sequence[int]) -> dict[int, int]:
    """What has a place below each of these roots, by its id. Of long threads so many are counted that more than
    `REPLIES_AT_MOST` are left when a page shows the first."""
    return dict(_each(REPLIES, roots, at_most=REPLIES_AT_MOST + limits.REPLIES_PER_ROOT + 1))


def first_replies(roots: Sequence[int], *, each: int) -> dict[int, list[int]]:
    """Ids of the oldest replies below each of these roots, by its id, in the order of the roots."""
    found: dict[int, list[int]] = {root: [] for root in roots}
    for root, pk in _each(FIRST, roots, at_most=each):
        found[root].append(pk)
    return {root: sorted(ids) for root, ids in found.items()}


def _each(statement: str, ids: Sequence[int], *, at_most: int) -> Rows:
    """The statement for each id, many at once. Numbers only, so nothing has to be quoted."""
    rows: Rows = []
    for start in range(0, len(ids), AT_ONCE):
        parts = [statement.format(id=int(pk), at_most=int(at_most)) for pk in ids[start : start + AT_ONCE]]
        with connections[replicas.for_reading()].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts))
            rows += cursor.fetchall()
    return rows
