"""The public report by month: full months only, nobody's name, no number that could point at somebody."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from articles.models import Article
from comments import moderation, transparency
from comments.moderation import Seen
from comments.states import State
from tests.factories import make_comment

pytestmark = pytest.mark.django_db
PAGE = "/moderation-report/"


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 0, "b": 7}, {"a": "none", "b": "7"}),
        ({"a": 1, "b": 7}, {"a": "fewer than 5", "b": "about 5"}),
        ({"a": 4, "b": 8, "c": 12}, {"a": "fewer than 5", "b": "about 10", "c": "about 10"}),
        ({"a": 5, "b": 100}, {"a": "5", "b": "100"}),
    ],
)
def test_small_numbers_are_merged_and_cannot_be_worked_out(
    counts: dict[str, int], told: dict[str, str]
) -> None:
    assert transparency.told(counts) == told


def test_the_report_tells_full_months_and_no_names(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    for number in range(12):
        comment = make_comment(article, state=State.PENDING, name=f"Secret{number}")
        to = State.APPROVED if number < 6 else State.SPAM
        moderation.move(comment, to, by=moderator, seen=Seen.of(comment))
    row = "<td>12</td><td>6</td><td>none</td><td>none</td><td>6</td>"
    assert row not in Client().get(PAGE).content.decode(), "this month is not over"
    cache.clear()
    clock.shift(timedelta(days=31))
    page = Client().get(PAGE).content.decode()
    assert f'<th scope="row">March 2026</th>{row}' in page
    assert "No comments came in and none was decided on." in page
    assert "Secret" not in page
    assert moderator.username not in page.partition("<main")[2].split()


def test_the_policy_page_leads_there() -> None:
    assert PAGE in Client().get("/comment-policy/").content.decode()
    assert PAGE in Client().get("/sitemap.xml").content.decode()
