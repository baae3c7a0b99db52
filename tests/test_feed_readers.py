"""Every feed as a feed reader that is not ours takes it: well-formed, of its kind, with all that an entry needs."""

from datetime import timedelta

import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article
from comments.models import Comment
from tests.factories import make_article, make_author, make_comment, make_tag

pytestmark = pytest.mark.django_db

FEEDS = {
    "/feeds/articles.atom": 2,
    "/feeds/tags/sleep.atom": 2,
    "/feeds/authors/ash.atom": 2,
    "/feeds/search.atom?q=rest": 2,
    "/feeds/comments.atom": 2,
    "/articles/rest/comments.atom": 2,
    "/articles/rest/comments/abcdefghj/replies.atom": 1,
}


@pytest.fixture
def talk() -> Comment:
    ash, sleep = make_author(slug="ash"), make_tag(slug="sleep")
    post: Article | None = None
    for title in ("Does rest help? <b>Often</b> & gladly", "What is rest?"):
        post = make_article(
            title=title,
            slug="rest" if post is None else "other",
            authors=[ash],
            tags=[sleep],
            published_at=timezone.now() - timedelta(days=1),
        )
    rest = Article.objects.get(slug="rest")
    parent = make_comment(
        rest, public_id="abcdefghj", name="Wren & <i>Robin</i>", body="It *helped* me & “us”."
    )
    return make_comment(rest, parent=parent, body="Me, too.")


def replies_feed(client: Client) -> str:
    """The address of the feed of the replies, as the comment's own page names it."""
    page = client.get("/articles/rest/comments/abcdefghj/").content.decode()
    head = page[page.index('title="Replies to this comment"') :]
    return head.partition('href="')[2].partition('"')[0]


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_reader_takes_it(client: Client, talk: Comment, address: str) -> None:
    response = client.get(replies_feed(client) if "replies" in address else address)
    assert response.status_code == 200
    found = feedparser.parse(
        response.content, response_headers={"content-type": response.headers["Content-Type"]}
    )
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    assert len(found.entries) == FEEDS[address]
    assert found.feed.id
    assert found.feed.title
    assert found.feed.updated_parsed
    assert any(link.rel == "self" for link in found.feed.links)
    ids = [entry.id for entry in found.entries]
    assert len(set(ids)) == len(ids)
    for entry in found.entries:
        assert entry.title
        assert entry.link.startswith("http://testserver/")
        assert entry.updated_parsed
        assert entry.authors
        assert "<script" not in entry.get("summary", "") + entry.title
