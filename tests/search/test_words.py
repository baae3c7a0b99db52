"""Words, typing errors and marks: pure, and safe for whatever is typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fibroblog.search.marking import marked, snippet
from fibroblog.search.spelling import distance
from fibroblog.search.words import LONGEST, MOST_WORDS, asked_for, fold, stem, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The pain in my BACK", ["pain", "back"]),
        ("Café, naïve; fibromyalgía", ["cafe", "naive", "fibromyalgia"]),
        ("cafe\u0301", ["cafe"]),
        ("doctor's don't 25 mg x 3", ["doctor", "don", "25", "mg", "3"]),
        ("Straße ﬁbro", ["strasse", "fibro"]),
        ("snake_case <b>bold</b>", ["snake", "case", "bold"]),
        ("", []),
    ],
)
def test_words_are_what_is_worth_finding(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_forms_of_a_word_count_as_the_same() -> None:
    assert stem("sleeping") == stem("sleeps") == stem("sleep")
    assert stem("sleep") != stem("slope")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("warm water", [("warm",), ("water",)]),
        ('"warm water" pain', [("warm", "water"), ("pain",)]),
        ("“quality of life”", [("quality", "life")]),
        ('warm "', [("warm",)]),
        ("pain pain PAIN", [("pain",)]),
        ("the of a", []),
        ("pain AND (sleep OR -x*) NEAR/3 title:y ^", [("pain",), ("sleep",), ("near",), ("3",), ("title",)]),
    ],
)
def test_a_search_asks_for_words_and_phrases_and_knows_no_operators(
    query: str, wanted: list[tuple[str, ...]]
) -> None:
    assert asked_for(query) == wanted


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_asks_for_few_plain_words(query: str) -> None:
    words = [word for wanted in asked_for(query) for word in wanted]
    assert len(words) <= MOST_WORDS
    assert all(word.isalnum() and len(word) <= LONGEST for word in words)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("fibromialgia", "fibromyalgia", 1),
        ("massgae", "massage", 1),
        ("slep", "sleep", 1),
        ("excersise", "exercise", 2),
        ("same", "same", 0),
        ("abcdefgh", "stuvwxyz", 3),
        ("a", "abcdef", 3),
    ],
)
def test_typing_errors_are_counted(one: str, other: str, errors: int) -> None:
    assert distance(one, other, most=2) == distance(other, one, most=2) == errors


def test_marks_stand_around_the_forms_of_a_word_and_everything_else_is_escaped() -> None:
    shown = marked('<script>alert("sleep")</script> Sleeping & pain', {"sleep"})
    assert shown == (
        "&lt;script&gt;alert(&quot;<mark>sleep</mark>&quot;)&lt;/script&gt; <mark>Sleeping</mark> &amp; pain"
    )


@given(st.text(max_size=300), st.sets(st.sampled_from(["script", "mark", "b", "a", "pain"])))
def test_no_markup_of_a_text_gets_through(text: str, stems: set[str]) -> None:
    shown = snippet(f"<script>{text}</script>", stems)
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare


def test_a_snippet_shows_the_part_that_holds_most_of_the_words() -> None:
    text = (
        "Pain comes first. "
        + "Filler words stand here. " * 40
        + "Later, pain and sleep meet. "
        + "End. " * 90
    )
    shown = snippet(text, {"pain", "sleep"})
    assert "<mark>pain</mark> and <mark>sleep</mark> meet" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 320


def test_a_snippet_of_a_short_text_is_the_text() -> None:
    assert snippet("Short.", {"other"}) == "Short."
