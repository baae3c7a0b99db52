"""Who holds the words best: the title counts most, more is more but less and less, and a rare word tells more."""

import pytest

from fibroblog.search.backends import Group
from fibroblog.search.ranking import Texts, ranks

PAIN, RARE = Group((5,), documents=9_000), Group((77,), documents=3)
FILL = "1 2 3 4 " * 20


def best_first(groups: list[Group], **documents: Texts) -> list[str]:
    found = ranks(groups, list(documents.values()))
    return [name for _, name in sorted(zip(found, documents, strict=True))]


@pytest.mark.parametrize(
    ("groups", "documents"),
    [
        (
            [PAIN],
            {"title": ("5 1", "", FILL), "head": ("1", "5", FILL), "body": ("1", "", f"{FILL}5")},
        ),
        ([PAIN], {"often": ("1", "", f"{FILL}5 1 5 1 5"), "once": ("1", "", f"{FILL}1 1 5 1 1")}),
        ([PAIN], {"short": ("1", "", "1 5 1"), "long": ("1", "", f"{FILL}5 {FILL}")}),
        (
            [PAIN, RARE],
            {"more of the rare": ("", "", f"{FILL}5 1 77 1 77"), "more of the common": ("", "", f"{FILL}5 1 5 1 77")},
        ),
        ([Group((5, 6))], {"either, twice": ("", "", f"{FILL}5 6"), "either, once": ("", "", f"{FILL}5 9")}),
        (
            [Group((5, 6), is_phrase=True)],
            {"in a row, twice": ("", "", f"{FILL}5 6 1 5 6 1"), "in a row, once": ("", "", f"{FILL}5 6 1 6 5 1")},
        ),
    ],
)  # fmt: skip
def test_the_better_document_comes_first(groups: list[Group], documents: dict[str, Texts]) -> None:
    expected = list(documents)
    backwards = dict(reversed(documents.items()))
    assert best_first(groups, **documents) == best_first(groups, **backwards) == expected


def test_a_number_is_no_part_of_another() -> None:
    assert ranks([PAIN], [("55 15", "51", "155 5")]) == ranks([PAIN], [("66 16", "61", "166 5")])


def test_nothing_found_has_no_ranks_and_an_empty_text_no_fault() -> None:
    assert ranks([PAIN], []) == []
    assert ranks([PAIN], [("", "", "")]) == [0]
