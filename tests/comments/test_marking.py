"""The words that made a check speak up, marked in the text; and what changed from one text to the next."""

from html import unescape

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article
from comments import marking, posting, rules
from comments.difference import difference
from comments.marking import Passage, mark
from comments.models import Rule
from comments.posting import Visit
from comments.rendering import render
from comments.screening.folding import fold, fold_with_places
from tests.conftest import signed_in
from tests.factories import post


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Take 60 mg now.", "60 mg", "Take <mark>60 mg <span>[x]</span></mark> now."),
        ("Take *60* mg.", "60 mg", "Take <em><mark>60 <span>[x]</span></mark></em><mark> mg"),
        ("SNÁKE-oil!", "snake oil", "<mark>SNÁKE-oil <span>[x]</span></mark>!"),
        ("a < b & snake", "snake", "a &lt; b &amp; <mark>snake <span>[x]</span></mark>"),
        ("don’t do it", "dont", "<mark>don’t <span>[x]</span></mark> do it"),
        ("snakes", "snake", "<p>snakes</p>"),
    ],
)
def test_words_are_marked_however_they_are_typed(text: str, words: str, shown: str) -> None:
    assert shown in mark(render(text), [Passage(words, "x")])


@given(st.text(max_size=60), st.text(max_size=10))
def test_marking_changes_nothing_but_marks(text: str, words: str) -> None:
    html = render(f"x {text}")
    marked = mark(html, [Passage(words, "LABEL"), Passage("x", "LABEL")])
    assert "<mark>" in marked
    assert unescape(marked.replace(" <span>[LABEL]</span></mark>", "").replace("<mark>", "")) == unescape(
        html
    )


@given(st.text(max_size=80))
def test_folding_with_places_is_folding(text: str) -> None:
    folded, places = fold_with_places(text)
    assert len(folded) == len(places)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)
    if text.isascii():
        assert folded.strip() == fold(text)


@pytest.mark.django_db
def test_only_what_a_check_found_is_marked(article: Article, moderator: User) -> None:
    rules.save_rule(Rule(action=Rule.Action.HOLD, text="snake oil", folds=True))
    body = "Snake oil helps. Call 0151 496 0123."
    comment = post(article, body=body, visit=Visit(network="n1", nudged=True))
    card = signed_in(moderator).get(f"/admin/comments/queue/{comment.public_id}/").content.decode()
    assert "<mark>Snake oil <span>[a rule]</span></mark>" in card
    assert "0151 496 0123 <span>[a number?]</span></mark>" in card
    assert 'class="fold"' in card, "the rule says that nobody should read it unprepared"
    plain = post(article, body="Nothing to see.", visit=Visit(network="n2"))
    shown = marking.marked(plain, [])
    assert (shown.html, shown.is_distressing) == (plain.html, False)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("I am fine.", "I am not fine.", "I am <ins>not </ins>fine."),
        ("one two three", "one three", "one <del>two </del>three"),
        ("same", "same", "same"),
        ("<b>", "<i>", "<del>&lt;b&gt;</del><ins>&lt;i&gt;</ins>"),
    ],
)
def test_a_difference_says_what_came_and_what_went(before: str, after: str, shown: str) -> None:
    assert difference(before, after) == shown


def test_long_unchanged_parts_are_cut_short() -> None:
    words = " ".join(f"w{number}" for number in range(200))
    shown = difference(f"{words} old", f"{words} new")
    assert len(shown) < 200
    assert "…" in shown
    assert "w199" in shown


@pytest.mark.django_db
def test_after_an_edit_the_card_shows_what_changed(article: Article, moderator: User) -> None:
    comment = post(article, body="I sleep well.")
    posting.edit_comment(comment, body="I sleep badly.", visit=Visit())
    card = signed_in(moderator).get(f"/admin/comments/queue/{comment.public_id}/").content.decode()
    assert "<del>well.</del><ins>badly.</ins>" in card
