"""A post is kept without its discussion, and filled in: the page is the same as if it had been made as a whole."""

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import kept, publishing
from articles.models import Article
from comments import closing, posting
from comments.models import Comment
from comments.states import State
from fibroblog import limits, policy
from fibroblog.models import Policy
from tests.factories import make_article, make_comment, make_tag
from tests.pagecache.test_layer import PATH, Site, approve

pytestmark = pytest.mark.usefixtures("real_transactions")
QUERIES = 8  # of a page whose discussion changed: none of them for the post


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def post() -> Article:
    return make_article(slug="rest", title="Does rest help?", tags=[make_tag(slug="pain")])


def whole(path: str) -> list[str]:
    """As Django makes it for one visitor, without anything that was kept: all of it but its blank lines."""
    return lines(Client().get(path).content.decode())


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_filled_in_it_is_the_page_that_is_made_as_a_whole(site: Site, post: Article, moderator: User) -> None:
    assert lines(site.get(PATH).text) == whole(PATH)
    parent = make_comment(post, body="It helped **me**.")
    assert lines(site.get(PATH).text) == whole(PATH)
    reply = make_comment(post, parent=parent, state=State.PENDING, name="<b>Wren</b>")
    approve(reply, moderator)
    closing.lock(reply, by=moderator)
    assert lines(site.get(PATH).text) == whole(PATH)
    closing.close_discussion(post.pk, by=moderator)
    assert lines(site.get(PATH).text) == whole(PATH)
    closing.open_discussion(post.pk, by=moderator)
    assert lines(site.get(PATH).text) == whole(PATH)


def test_a_comment_leaves_the_post_as_it_is(site: Site, post: Article, moderator: User) -> None:
    waiting = make_comment(post, state=State.PENDING, body="I slept better.")
    site.get(PATH)
    approve(waiting, moderator)
    with CaptureQueriesContext(connection) as made:
        assert "I slept better." in site.get(PATH).text
    looks = [query for query in made if "fibroblog_stamp" not in query["sql"]]  # SQLite's go past Django
    assert len(looks) <= QUERIES
    assert not any('"articles_article"."body"' in query["sql"] for query in made)


def test_what_changes_the_post_or_the_site_makes_it_anew(site: Site, post: Article) -> None:
    assert "Does rest help?" in site.get(PATH).text
    post.title = "Does rest really help?"
    publishing.save_article(post)
    assert "Does rest really help?" in site.get(PATH).text
    policy.change(Policy(presses=False))
    text = site.get(PATH).text
    assert lines(text) == whole(PATH)
    assert "This helped" not in text


def test_each_page_and_each_setting_has_its_own(
    site: Site, post: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROOTS_PER_PAGE", 1)
    make_comment(post, body="The first.")
    make_comment(post, body="The second.")
    first, second = lines(site.get(PATH).text), lines(site.get(PATH, "page=2").text)
    assert (first, second) == (whole(PATH), whole(f"{PATH}?page=2"))
    dim = site.get(PATH, cookie="reading=dim.normal.normal.normal").text
    assert 'data-theme="dim"' in dim
    assert 'data-theme="device"' in site.get(PATH).text


def test_who_answers_somebody_gets_a_form_of_their_own(site: Site, post: Article) -> None:
    parent = make_comment(post, name="Wren")
    site.get(PATH)
    answer = site.get(PATH, f"reply={parent.public_id}").text
    assert "Reply to Wren</h2>" in answer
    assert "Reply to Wren</h2>" not in site.get(PATH).text


def test_a_waiting_comment_gets_into_nothing_that_is_kept(site: Site, post: Article) -> None:
    posted = posting.post_comment(
        article=post, visit=posting.Visit(network="n"), name="Wren", body="Only for me."
    )
    mine = Client()
    mine.get(PATH)
    assert Comment.objects.get(pk=posted.comment.pk).state == State.PENDING
    assert "Only for me." not in site.get(PATH).text
    make_comment(post, body="Another.")
    assert "Only for me." not in site.get(PATH).text


def test_all_pages_of_a_discussion_share_the_post_and_bad_addresses_push_none_out(
    site: Site, post: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    other = make_article(slug="other")
    site.get(PATH)
    site.get(other.get_absolute_url())
    for number in range(2, 9):
        assert site.get(PATH, f"page={number}").status == 404
    assert {key[0] for key in kept._kept} == {"rest", "other"}


def test_what_is_used_often_stays(site: Site, post: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    for number in range(3):
        make_article(slug=f"post-{number}")
        site.get(f"/articles/post-{number}/")
        make_comment(post)
        site.get(PATH)
    assert [key[0] for key in kept._kept] == ["post-2", "rest"]


def test_filled_in_again_and_again_it_still_turns_when_it_was_to_turn(
    site: Site, post: Article, clock: time_machine.Traveller
) -> None:
    site.get(PATH)
    clock.shift(3_500)
    make_comment(post)
    site.get(PATH)
    before = len(site.made)
    clock.shift(200)  # an hour after the post was kept
    site.get(PATH)
    assert len(site.made) == before + 1


def test_only_so_many_are_kept(site: Site, post: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    for number in range(4):
        make_article(slug=f"post-{number}")
        site.get(f"/articles/post-{number}/")
    assert [key[0] for key in kept._kept] == ["post-2", "post-3"]
