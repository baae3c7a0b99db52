"""Rows in, ordered and depth-marked nodes out. Pure: no database, no request, no HTML."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

DEEPEST = 3  # levels of indentation; deeper replies stand in the same list as the level-3 ones


class Row(Protocol):
    @property
    def pk(self) -> Any: ...  # a number that grows with age
    @property
    def parent_id(self) -> Any: ...  # the pk of the row it answers, or None
    @property
    def is_locked(self) -> Any: ...  # it and what stands below it take no more replies


R = TypeVar("R", bound=Row)


@dataclass(slots=True)
class ThreadRow:
    """A comment as far as a thread shows it."""

    pk: int
    public_id: str
    parent_id: int | None
    root_id: int | None
    name: str
    badge: str
    html: str
    owner: str
    state: str
    created_at: datetime
    edited_at: datetime | None
    with_you: int
    is_locked: bool


@dataclass
class Node(Generic[R]):
    """One comment in reading order, with what a flat loop needs to write nested lists."""

    row: R
    depth: int  # 1 for the top level
    parent: R | None = None
    elsewhere: bool = False  # the parent does not stand on this page
    replies: int = 0  # in the list that opens after this node
    closes: list["Node[R]"] = field(default_factory=list)  # whose lists end after this node, innermost first
    locked: bool = False  # it stands in a part that takes no more replies
    more: int = 0  # further replies of this root that are not on the page


def arrange(
    rows: Iterable[R],
    *,
    more: Mapping[int, int] | None = None,
    newest: bool = False,
    absent: Mapping[int, R] | None = None,
    locked: bool = False,
) -> list[Node[R]]:
    """Nodes in reading order: each comment, then its replies, oldest first.

    A row whose parent is not among the rows starts a tree of its own; ``absent`` may hold that parent, by id.
    ``more`` says by id of a top-level row how many of its replies were left out. ``newest`` turns the top level
    round and never the replies: a talk is read from its beginning. ``locked``: something above all rows is locked.
    """
    rows = sorted(rows, key=lambda row: row.pk)
    by_id = {row.pk: row for row in rows}
    children: dict[int | None, list[R]] = defaultdict(list)
    for row in rows:
        children[row.parent_id if row.parent_id in by_id else None].append(row)
    nodes: list[Node[R]] = []
    # A stack instead of recursion: a thread may be deeper than Python's own stack.
    stack = [(row, 1, locked) for row in (children[None] if newest else reversed(children[None]))]
    while stack:
        row, depth, under_lock = stack.pop()
        parent, elsewhere = by_id.get(row.parent_id), False
        if parent is None and absent:
            parent = absent.get(row.parent_id)
            elsewhere = parent is not None
        left_out = (more or {}).get(row.pk, 0) if depth == 1 else 0
        locked = row.is_locked or under_lock or (parent is not None and parent.is_locked)
        nodes.append(Node(row, depth, parent, elsewhere, locked=locked, more=left_out))
        stack.extend((child, min(depth + 1, DEEPEST), locked) for child in reversed(children[row.pk]))
    _mark_lists(nodes)
    return nodes


def _mark_lists(nodes: list[Node[R]]) -> None:
    """Say after which node a list opens, how long it is, and where it ends."""
    open_lists: list[Node[R]] = []
    followers: list[Node[R] | None] = [*nodes, None][1:]
    for node, following in zip(nodes, followers, strict=True):
        if node.depth > 1:
            open_lists[-1].replies += 1
        if following is not None and following.depth > node.depth:
            open_lists.append(node)
        else:
            ends_at = following.depth if following is not None else 1
            while len(open_lists) >= ends_at:
                node.closes.append(open_lists.pop())
