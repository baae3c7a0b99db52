"""The feed of posts, the site map and robots.txt."""

import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from articles import feeds, publishing
from articles.models import Article
from tests.factories import make_article, make_author, make_tag

pytestmark = pytest.mark.django_db
FEED = "/feeds/articles.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def tree(client: Client, path: str) -> ElementTree.Element:
    return ElementTree.fromstring(client.get(path).content)  # noqa: S314  # our own answer


def again(client: Client, answer: Any) -> Any:
    """Ask again the way feed readers do: with what the last answer said of itself."""
    headers = {}
    if "ETag" in answer.headers:
        headers["If-None-Match"] = answer.headers["ETag"]
    if "Last-Modified" in answer.headers:
        headers["If-Modified-Since"] = answer.headers["Last-Modified"]
    return client.get(FEED, headers=headers)


def test_the_feed_tells_of_each_post(client: Client) -> None:
    post = make_article(
        title="Does heat help?",
        finding="A little & slowly.",
        authors=[make_author("Ash"), make_author("Elm")],
        tags=[make_tag("Sleep")],
    )
    feed = tree(client, FEED)
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Does heat help?"
    assert entry.findtext(f"{ATOM}summary") == "A little & slowly."
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["Ash", "Elm"]
    assert entry.findtext(f"{ATOM}published") == "2026-03-02T09:00:00+00:00"
    assert [link.get("href") for link in entry.findall(f"{ATOM}link")] == [
        f"http://testserver{post.get_absolute_url()}"
    ]
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == ["Sleep"]


def test_the_feed_holds_the_newest_twenty(client: Client) -> None:
    posts = [
        make_article(published_at=timezone.now() - timedelta(days=n + 1)) for n in range(feeds.LENGTH + 1)
    ]
    titles = [entry.findtext(f"{ATOM}title") for entry in tree(client, FEED).findall(f"{ATOM}entry")]
    assert titles == [post.title for post in posts[: feeds.LENGTH]]


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    assert tree(client, FEED).tag == f"{ATOM}feed"


def test_an_updated_post_says_when_it_was_updated(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    clock.shift(60)
    article.title = "New title"
    publishing.save_article(article)
    entry = tree(client, FEED).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}updated") == "2026-03-03T09:01:00+00:00"
    assert entry.findtext(f"{ATOM}published") == "2026-03-02T09:00:00+00:00"


def test_a_reader_that_asks_again_is_told_that_nothing_changed(client: Client, article: Article) -> None:
    answer = again(client, client.get(FEED))
    assert answer.status_code == 304
    assert not answer.content


def test_whoever_asked_after_the_last_change_is_told_that_nothing_changed(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    clock.shift(60)
    since = http_date(timezone.now().timestamp())
    assert client.get(FEED, headers={"If-Modified-Since": since}).status_code == 304


def test_a_change_is_in_the_feed_at_the_next_request(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    first = client.get(FEED)
    clock.shift(60)
    article.title = "Another title"
    publishing.save_article(article)
    second = again(client, first)
    assert second.status_code == 200
    assert "Another title" in second.content.decode()


def test_a_post_taken_back_leaves_the_feed_at_the_next_request(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    first = client.get(FEED)
    clock.shift(60)
    publishing.unpublish([article])
    second = again(client, first)
    assert second.status_code == 200
    assert article.title not in second.content.decode()


def test_a_post_whose_time_comes_is_in_the_feed_at_the_next_request(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    later = make_article(published_at=timezone.now() + timedelta(hours=1))
    first = client.get(FEED)
    clock.shift(3_600)
    second = again(client, first)
    assert second.status_code == 200
    assert later.title in second.content.decode()


def test_a_change_within_the_same_second_is_not_missed(client: Client, article: Article) -> None:
    # Last-Modified counts whole seconds: by it alone, this reader would be told "nothing new".
    first = client.get(FEED)
    article.title = "Another title"
    publishing.save_article(article)
    second = again(client, first)
    assert second.status_code == 200
    assert "Another title" in second.content.decode()


def test_the_feed_is_only_read(client: Client) -> None:
    assert client.post(FEED).status_code == 405


def test_the_site_map_lists_what_readers_can_open(client: Client, article: Article) -> None:
    make_article(tags=[make_tag(slug="sleep")])
    make_tag(slug="empty")
    hidden = make_article(status=Article.Status.DRAFT)
    places = [str(place.text) for place in tree(client, "/sitemap.xml").iter(f"{MAP}loc")]
    paths = [place.removeprefix("http://testserver") for place in places]
    assert {"/", "/topics/", article.get_absolute_url(), "/tags/sleep/", "/about/", "/contact/"} <= set(paths)
    assert hidden.get_absolute_url() not in paths
    assert "/tags/empty/" not in paths
    assert len(paths) == len(set(paths))
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_the_site_map_says_when_a_post_was_updated(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=5))
    article.title = "New title"
    publishing.save_article(article)
    text = client.get("/sitemap.xml").content.decode()
    assert f"{article.get_absolute_url()}</loc><lastmod>2026-03-08" in text


def test_the_site_map_lists_nothing_that_robots_may_not_visit(client: Client, article: Article) -> None:
    robots = client.get("/robots.txt").content.decode()
    forbidden = [path for path in re.findall(r"Disallow: (\S+)", robots) if "*" not in path]
    places = [str(place.text) for place in tree(client, "/sitemap.xml").iter(f"{MAP}loc")]
    assert "/admin/" in forbidden
    assert not [
        place for place in places for path in forbidden if place.startswith(f"http://testserver{path}")
    ]


def test_robots_are_kept_from_the_admin_and_shown_the_site_map(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    text = response.content.decode()
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
