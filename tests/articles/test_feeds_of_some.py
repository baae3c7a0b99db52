"""Feeds of a topic, an author, a search and in JSON; and whether all feeds keep to the rules of their form."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from articles import publishing
from articles.models import Article
from tests import feed_rules
from tests.factories import make_article, make_author, make_comment, make_picture, make_tag
from tests.feed_rules import ATOM

pytestmark = pytest.mark.django_db
OF_SOME = ["/feeds/tags/sleep.atom", "/feeds/authors/{author}.atom", "/feeds/search.atom?q=sleep"]
ALL = ["/feeds/articles.atom", "/feeds/articles.json", *OF_SOME]


def titles(client: Client, path: str) -> list[str]:
    feed = ElementTree.fromstring(client.get(path).content)  # noqa: S314  # our own answer
    return [str(entry.findtext(f"{ATOM}title")) for entry in feed.findall(f"{ATOM}entry")]


@pytest.fixture
def post() -> Article:
    """In every feed."""
    return make_article(
        title="Does warmth help sleep?",
        finding="In the trial P < 0.05 & that is all.",
        key_points="One <b>point</b>.\nAnother.",
        authors=[make_author("Ash"), make_author("Elm")],
        tags=[make_tag("Sleep & rest", slug="sleep")],
        main_image=make_picture(),
    )


def path_of(feed: str, post: Article) -> str:
    return feed.format(author=post.authors.order_by("pk")[0].slug)


@pytest.mark.parametrize("feed", OF_SOME)
def test_a_feed_of_some_holds_these_and_no_draft_or_scheduled_post(
    client: Client, post: Article, feed: str
) -> None:
    own: dict[str, Any] = {"authors": list(post.authors.all()), "tags": list(post.tags.all())}
    newer = make_article(title="Sleep again?", published_at=timezone.now() - timedelta(hours=1), **own)
    make_article(title="Of something else?")
    make_article(title="Sleep, a draft?", status=Article.Status.DRAFT, **own)
    make_article(title="Sleep, later?", published_at=timezone.now() + timedelta(days=1), **own)
    assert titles(client, path_of(feed, post)) == [newer.title, post.title]


def test_every_word_of_a_search_counts(client: Client, post: Article) -> None:
    assert titles(client, "/feeds/search.atom?q=warmth+sleep") == [post.title]
    assert titles(client, "/feeds/search.atom?q=warmth+knees") == []


def test_a_search_feed_needs_words(client: Client) -> None:
    assert client.get("/feeds/search.atom?q=+").status_code == 404


def test_words_of_a_search_are_written_as_words(client: Client) -> None:
    text = client.get("/feeds/search.atom", {"q": '"><script>&'}).content.decode()
    assert "<script" not in text
    assert feed_rules.atom(text.encode()) == []


@pytest.mark.parametrize("path", ["/feeds/tags/none.atom", "/feeds/authors/none.atom"])
def test_there_is_no_feed_of_nothing(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_feed_of_a_renamed_topic_is_still_fed_and_says_its_new_address(
    client: Client, post: Article
) -> None:
    tag = post.tags.get()
    tag.slug = "rest"
    publishing.save_tag(tag)
    assert titles(client, "/feeds/tags/sleep.atom") == [post.title]
    assert "http://testserver/feeds/tags/rest.atom" in client.get("/feeds/tags/sleep.atom").content.decode()


@pytest.mark.parametrize("feed", ALL)
def test_a_reader_that_asks_again_is_told_whether_anything_changed(
    client: Client, post: Article, clock: time_machine.Traveller, feed: str
) -> None:
    path = path_of(feed, post)
    first = client.get(path)
    kept = {"If-None-Match": first.headers["ETag"]}
    assert client.get(path, headers=kept).status_code == 304
    clock.shift(60)
    publishing.unpublish([post])
    second = client.get(path, headers=kept)
    assert second.status_code == 200
    assert post.title not in second.content.decode()


@pytest.mark.parametrize("feed", ALL)
def test_a_feed_is_only_read(client: Client, post: Article, feed: str) -> None:
    assert client.post(path_of(feed, post)).status_code == 405


def test_the_json_feed_tells_of_each_post(client: Client, post: Article) -> None:
    response = client.get("/feeds/articles.json")
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    (item,) = feed["items"]
    assert feed["feed_url"] == "http://testserver/feeds/articles.json"
    assert item["url"] == f"http://testserver{post.get_absolute_url()}"
    assert item["summary"] == "In the trial P < 0.05 & that is all."
    assert "<li>One &lt;b&gt;point&lt;/b&gt;.</li>" in item["content_html"]
    assert [author["name"] for author in item["authors"]] == ["Ash", "Elm"]
    assert (item["tags"], item["date_published"]) == (["Sleep & rest"], "2026-03-02T09:00:00+00:00")
    assert item["image"] == "http://testserver/static/img/card.png"


def test_an_entry_holds_the_short_version_and_the_way_to_the_long_one(client: Client, post: Article) -> None:
    feed = ElementTree.fromstring(client.get("/feeds/articles.atom").content)  # noqa: S314
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    summary, content = entry.find(f"{ATOM}summary"), entry.find(f"{ATOM}content")
    assert summary is not None
    assert content is not None
    assert (summary.get("type"), summary.text) == ("text", post.finding)
    assert content.get("type") == "html"
    assert "<li>One &lt;b&gt;point&lt;/b&gt;.</li>" in str(content.text)
    assert f'href="http://testserver{post.get_absolute_url()}"' in str(content.text)
    assert post.body not in str(content.text)


def test_a_post_whose_author_left_is_by_the_site(client: Client, post: Article) -> None:
    publishing.delete_authors(post.authors.all())
    assert feed_rules.atom(client.get("/feeds/articles.atom").content) == []
    assert json.loads(client.get("/feeds/articles.json").content)["authors"] == [{"name": "Fibroblog"}]


# The rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("there", [True, False], ids=["with posts", "empty"])
@pytest.mark.parametrize(
    "path", [*ALL, "/feeds/comments.atom", "/articles/{slug}/comments.atom", "/sitemap.xml"]
)
def test_every_feed_keeps_to_the_rules(client: Client, post: Article, path: str, *, there: bool) -> None:
    if there:
        make_comment(post)
        make_article(title="Second?", tags=list(post.tags.all()), authors=list(post.authors.all()))
    elif path.startswith(("/feeds/articles", "/sitemap")):
        publishing.unpublish([post])
    response = client.get(path.format(author=post.authors.order_by("pk")[0].slug, slug=post.slug))
    assert response.status_code == 200
    assert rules_for(path)(response.content) == []


def rules_for(path: str) -> Callable[[bytes], list[str]]:
    if path.endswith(".json"):
        return feed_rules.json_feed
    if path.endswith(".xml"):
        return lambda body: feed_rules.sitemap(body, "http://testserver")
    return feed_rules.atom


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("<id>tag:", "<id>", "not absolute"),
        ("+00:00</published>", "</published>", "published: "),
        ("</updated>", "</updated><updated>2026-03-03T09:00:00Z</updated>", "not one updated"),
        ('rel="self"', 'rel="via"', "not one link to self"),
        ('href="http://testserver/articles/', 'href="/articles/', "not a whole address"),
        ("<name>Ash</name>", "", "no name"),
        ('type="html"', 'type="markdown"', "content is markdown"),
    ],
)
def test_a_feed_that_breaks_a_rule_is_found(
    client: Client, post: Article, right: str, wrong: str, fault: str
) -> None:
    text = client.get("/feeds/articles.atom").content.decode()
    assert right in text
    assert any(fault in found for found in feed_rules.atom(text.replace(right, wrong).encode()))


@override_settings(SITE_URL="https://blog.example.org")
def test_a_page_shows_feed_readers_its_feeds(client: Client, post: Article) -> None:
    for path, feed in {
        "/": "/feeds/articles.json",
        "/tags/sleep/": "/feeds/tags/sleep.atom",
        "/search/?q=sleep+%26": "/feeds/search.atom?q=sleep%20%26",
    }.items():
        text = client.get(path).content.decode()
        assert f'href="{feed}"' in text, path
        assert 'href="/feeds/articles.atom"' in text, path
