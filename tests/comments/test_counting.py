"""Readers are told "more than" where counting all would cost more than the page."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import counting, thread_html
from comments.models import Comment
from comments.states import State
from fibroblog import limits
from tests.factories import make_article, make_comment, make_crowd

pytestmark = pytest.mark.django_db


def page(article: Article) -> str:
    return Client().get(article.get_absolute_url()).content.decode()


def test_only_what_readers_see_is_counted(article: Article) -> None:
    make_comment(article)
    for state in (State.PENDING, State.SPAM):
        make_comment(article, state=state)
    other = make_article()
    assert counting.visible([article.pk, other.pk]) == {article.pk: 1, other.pk: 0}
    assert counting.visible([]) == {}


def test_up_to_the_limit_the_number_is_told_and_above_it_that_there_are_more(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "COMMENTS_AT_MOST", 3)
    make_crowd(article, roots=3, each=1, deep=1)
    assert ">3 comments</h2>" in page(article)
    assert count_in_facts(article) == 3
    make_crowd(article, roots=2, each=1, deep=1)
    assert ">More than 3 comments</h2>" in page(article)
    assert "More than 3 comments</a>" in Client().get("/").content.decode()
    assert count_in_facts(article) is None, "no number for machines rather than a wrong one"


def count_in_facts(article: Article) -> int | None:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(article))
    return next((json.loads(block).get("commentCount") for block in blocks if '"comment"' in block), None)


def test_replies_above_the_limit_are_more_than(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REPLIES_PER_ROOT", 2)
    make_crowd(article, roots=1, each=7, deep=2)
    assert "Show 4 more replies to" in page(article)
    for module in (counting, thread_html):
        monkeypatch.setattr(module, "REPLIES_AT_MOST", 3)
    assert "Show more than 3 more replies to" in page(article)


def test_pages_above_the_limit_are_more_than_and_can_be_turned_to_the_last(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROOTS_PER_PAGE", 2)
    monkeypatch.setattr(counting, "ROOTS_AT_MOST", 4)
    make_crowd(article, roots=9, each=1, deep=1)
    address = article.get_absolute_url()
    seen = {}
    for number in range(1, 6):
        text = Client().get(f"{address}?page={number}").content.decode()
        seen[number] = re.findall(r"<span>(Page [^<]*)</span>", text)[0]
        assert ("Later comments" in text) == (number < 5)
    assert seen == {
        1: "Page 1 of more than 2",
        2: "Page 2 of more than 2",
        3: "Page 3 of more than 3",
        4: "Page 4 of more than 4",
        5: "Page 5 of 5",
    }
    assert Client().get(f"{address}?page=6").status_code == 404


def test_the_first_of_each_come_before_the_second_of_any(article: Article) -> None:
    roots = [comment for comment in make_crowd(article, roots=3, each=4, deep=2) if comment.parent_id is None]
    found = Comment.objects.replies_to_roots([root.pk for root in roots], each=3, at_most=5)
    shown = Comment.objects.in_bulk(found)
    per_root = [sum(shown[pk].root_id == root.pk for pk in found) for root in roots]
    assert per_root == [2, 2, 1]
    assert set(found.values()) == {3}
    assert list(found) == sorted(found, key=list(found).index)


def test_many_roots_take_few_statements(article: Article) -> None:
    roots = [comment.pk for comment in make_crowd(article, roots=120, each=1, deep=1)]
    with CaptureQueriesContext(connection) as made:
        counting.first_replies(roots, each=20)
    assert len(made) == 2
