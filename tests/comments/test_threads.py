"""The order and nesting of a thread, without a database."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from comments.threads import DEEPEST, Node, arrange


@dataclass(frozen=True)
class Row:
    pk: int
    parent_id: int | None = None
    is_locked: bool = False


def outline(nodes: list[Node[Row]]) -> list[tuple[int, int]]:
    return [(node.row.pk, node.depth) for node in nodes]


def test_replies_follow_their_parent_oldest_first() -> None:
    rows = [Row(1), Row(2), Row(3, 1), Row(4, 2), Row(5, 3), Row(6, 1)]
    assert outline(arrange(rows)) == [(1, 1), (3, 2), (5, 3), (6, 2), (2, 1), (4, 2)]


def test_below_the_third_level_replies_stand_in_the_same_list() -> None:
    chain = [Row(1), *[Row(pk, pk - 1) for pk in range(2, 8)]]
    assert [depth for _, depth in outline(arrange(chain))] == [1, 2, 3, 3, 3, 3, 3]


def test_a_reply_knows_whom_it_answers() -> None:
    nodes = arrange([Row(1), Row(2, 1)])
    assert nodes[0].parent is None
    assert nodes[1].parent == Row(1)


def test_a_row_without_its_parent_begins_a_tree_of_its_own() -> None:
    assert outline(arrange([Row(5, 4), Row(6, 5)])) == [(5, 1), (6, 2)]


def test_a_parent_that_stands_elsewhere_is_named_and_marked() -> None:
    nodes = arrange([Row(5, 4), Row(6, 5), Row(7, 3)], absent={4: Row(4), 5: Row(99)})
    assert [(node.parent, node.elsewhere) for node in nodes] == [
        (Row(4), True),
        (Row(5, 4), False),
        (None, False),
    ]


def test_newest_first_turns_round_the_top_level_alone() -> None:
    rows = [Row(1), Row(2), Row(3, 1), Row(4, 2), Row(5, 3), Row(6, 1)]
    assert outline(arrange(rows, newest=True)) == [(2, 1), (4, 2), (1, 1), (3, 2), (5, 3), (6, 2)]


def test_replies_that_were_left_out_are_counted_at_their_root() -> None:
    nodes = arrange([Row(1), Row(2, 1), Row(3)], more={1: 7})
    assert [(node.row.pk, node.more) for node in nodes] == [(1, 7), (2, 0), (3, 0)]


def test_no_rows_no_nodes() -> None:
    assert arrange([]) == []


@st.composite
def forests(draw: st.DrawFn) -> list[Row]:
    size = draw(st.integers(0, 60))
    return [
        Row(pk, draw(st.one_of(st.none(), st.integers(1, pk - 1))) if pk > 1 else None)
        for pk in range(1, size + 1)
    ]


@given(forests())
def test_every_row_once_and_every_list_opened_is_closed(rows: list[Row]) -> None:
    nodes = arrange(rows)
    assert sorted(node.row.pk for node in nodes) == [row.pk for row in rows]
    open_lists = 0
    for node in nodes:
        assert node.depth == open_lists + 1 <= DEEPEST
        open_lists += bool(node.replies)
        open_lists -= len(node.closes)
    assert open_lists == 0


@given(forests())
def test_a_parent_stands_before_its_replies(rows: list[Row]) -> None:
    order = {node.row.pk: place for place, node in enumerate(arrange(rows))}
    assert all(order[row.parent_id] < order[row.pk] for row in rows if row.parent_id is not None)


def test_a_thread_deeper_than_pythons_stack_is_arranged() -> None:
    assert len(arrange([Row(1), *[Row(pk, pk - 1) for pk in range(2, 5_000)]])) == 4_999
