"""What counts as stale, mixed or private."""

from pathlib import Path

import pytest

from benchmarks.stale.judge import GONE, PRIVATE, Answer, History, Shown, judge, words_of
from benchmarks.stale.reader import note, noted

OLD, NEW, BOTH = frozenset({"zq1qz"}), frozenset({"zq2qz"}), frozenset({"zq1qz", "zq2qz"})


def changed() -> History:
    """OLD until some moment from 100 to 110, then BOTH until some moment from 200 to 210, then NEW."""
    history = History([OLD])
    history.change(BOTH, 100, 110)
    history.change(NEW, 200, 210)
    return history


@pytest.mark.parametrize(
    ("asked", "answered", "possible"),
    [
        (10, 20, [OLD]),
        (90, 105, [OLD, BOTH]),  # while it is made, either may be read
        (111, 150, [BOTH]),
        (105, 250, [OLD, BOTH, NEW]),
        (211, 300, [NEW]),
    ],
)
def test_an_answer_may_show_what_was_true_between_question_and_answer(
    asked: int, answered: int, possible: list[Shown]
) -> None:
    assert changed().possible(asked, answered) == possible


@pytest.mark.parametrize(
    ("asked", "answered", "shown", "kind"),
    [
        (10, 20, OLD, ""),
        (111, 150, BOTH, ""),
        (111, 150, OLD, "stale"),
        (10, 20, NEW, "stale"),
        (10, 20, GONE, "private"),  # it was never unpublished
        (10, 20, PRIVATE, "private"),
        (10, 20, OLD | {"zq9qz"}, "private"),  # of a comment that waits
        (90, 250, frozenset(), "mixed"),
    ],
)
def test_wrong_answers_are_told_apart(asked: int, answered: int, shown: Shown, kind: str) -> None:
    verdict = judge({"/a/": changed()}, [Answer("/a/", asked, answered, shown)])
    found = {"stale": verdict.stale, "mixed": verdict.mixed, "private": verdict.private}
    assert [name for name, wrong in found.items() if wrong] == ([kind] if kind else [])
    assert verdict.answers == 1


POST = '<a>zq7qz</a><h1>Watched zq1qz</h1><a>zq8qz</a><section id="comments"><p>zq2qz</p></section>'


@pytest.mark.parametrize(
    ("status", "page", "whole", "shown"),
    [
        (200, POST, False, BOTH),
        (200, POST, True, BOTH | {"zq7qz", "zq8qz"}),
        (404, "<h1>Not found</h1>", False, GONE),
        (200, POST + "<span>Waiting for approval</span>", False, PRIVATE),
        (200, POST + "<p>… keep this code: <code>k7m2p9qx4</code></p>", True, PRIVATE),
    ],
)
def test_a_page_is_told_by_the_words_in_it(status: int, page: str, whole: bool, shown: Shown) -> None:
    assert words_of(status, page, whole=whole) == shown


def test_what_a_reader_notes_can_be_read_again(tmp_path: Path) -> None:
    answers = [Answer("/a/", 1, 2, BOTH), Answer("/", 3, 4, frozenset()), Answer("/a/", 5, 6, BOTH)]
    names: dict[Shown, int] = {}
    with (tmp_path / "notes").open("w") as output:
        for answer in answers:
            note(output, names, answer)
    assert list(noted(tmp_path / "notes")) == answers
