"""Where a post leads to: its series, the posts before and after, related ones, its authors; and the archive."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import onward, publishing, series
from articles.models import Article, Part
from tests.conftest import signed_in
from tests.factories import (
    make_article,
    make_author,
    make_correction,
    make_resource,
    make_series,
    make_tag,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def from_page(article: Article) -> onward.Onward:
    return onward.from_post(Article.objects.for_page().get(pk=article.pk))


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def old(days: int) -> datetime:
    return timezone.now() - days * DAY


def test_related_posts_share_topics_the_rarer_the_nearer_and_then_the_newer() -> None:
    common, rare = make_tag("Common"), make_tag("Rare")
    make_article(published_at=old(90), tags=[common])  # stands between, so that nothing else is a neighbour
    alike = make_article(title="Alike", published_at=old(60), tags=[rare])
    older = make_article(title="Older", published_at=old(50), tags=[common])
    newer = make_article(title="Newer", published_at=old(40), tags=[common])
    make_article(title="Oldest", published_at=old(70), tags=[common])
    make_article(published_at=old(11))
    post = make_article(published_at=old(10), tags=[common, rare])
    make_article(title="Stranger", published_at=old(9))
    assert from_page(post).related == [alike, newer, older]


def test_related_posts_are_never_itself_a_draft_a_plan_or_one_that_is_linked_already() -> None:
    tag = make_tag()
    before = make_article(published_at=old(3), tags=[tag])
    post = make_article(published_at=old(2), tags=[tag])
    make_article(tags=[tag], status=Article.Status.DRAFT)
    make_article(tags=[tag], published_at=timezone.now() + DAY)
    found = from_page(post)
    assert (found.previous, found.following, found.related) == (before, None, [])


def test_a_post_without_topics_or_others_leads_nowhere_and_shows_no_empty_box(
    client: Client, article: Article
) -> None:
    assert not from_page(article)
    assert "Read on" not in text_of(client, article.get_absolute_url())


def test_a_post_says_which_part_it_is_and_leads_to_its_neighbours_once(client: Client) -> None:
    parts = [make_article(title=f"Post {name}?", published_at=old(9)) for name in "ABCD"]
    make_series(*parts, title="Hands <b>on</b>", slug="hands")
    text = text_of(client, parts[1].get_absolute_url())
    nav = text[text.index('class="read-on"') : text.index("</nav>", text.index('class="read-on"'))]
    assert "Part 2 of 4 of" in nav
    assert '<a href="/series/hands/">Hands &lt;b&gt;on&lt;/b&gt;</a>' in nav
    links = re.findall(r'href="([^"]+)"', nav)
    assert len(links) == len(set(links)), "no post is named twice"
    assert parts[0].get_absolute_url() in links
    assert parts[2].get_absolute_url() in links
    assert parts[1].get_absolute_url() not in links


def test_hidden_parts_are_neither_counted_nor_named(client: Client) -> None:
    shown, draft = make_article(title="Shown?"), make_article(title="A draft?", status=Article.Status.DRAFT)
    plan = make_article(title="A plan?", published_at=timezone.now() + DAY)
    last = make_article(title="Last?")
    made = make_series(shown, draft, plan, last)
    place = from_page(last).place
    assert place is not None
    assert (place.number, place.length, place.previous) == (2, 2, shown)
    text = text_of(client, made.get_absolute_url())
    assert text.index("Shown?") < text.index("Last?")
    assert "A draft?" not in text
    assert "A plan?" not in text
    assert from_page(draft.__class__.objects.get(pk=shown.pk)).place is not None


def test_a_series_of_one_visible_part_is_not_announced_on_it() -> None:
    only = make_article()
    make_series(only, make_article(status=Article.Status.DRAFT))
    assert from_page(only).place is None


def test_a_series_without_visible_parts_has_no_page(client: Client) -> None:
    made = make_series(make_article(status=Article.Status.DRAFT), slug="hidden")
    assert client.get("/series/hidden/").status_code == 404
    made.slug = "renamed"
    series.save_series(made)
    assert client.get("/series/hidden/").status_code == 404
    assert "renamed" not in text_of(client, "/topics/")


def test_the_topics_page_names_the_series(client: Client) -> None:
    make_series(make_article(tags=[make_tag()]), title="Hands on", description="In order.")
    text = text_of(client, "/topics/")
    assert "Hands on" in text
    assert "1 part<" in text
    assert "In order." in text


@pytest.mark.parametrize("kind", ["series", "authors"])
def test_an_old_address_leads_to_the_new_one(client: Client, kind: str) -> None:
    author = make_author(slug="old")
    made = make_series(make_article(authors=[author]), slug="old")
    author.slug = made.slug = "new"
    publishing.save_author(author)
    series.save_series(made)
    response = client.get(f"/{kind}/old/")
    assert (response.status_code, response.headers["Location"]) == (301, f"/{kind}/new/")
    assert client.get(f"/{kind}/never/").status_code == 404
    assert client.post(f"/{kind}/new/").status_code == 405


def test_a_post_is_part_of_one_series_only(editor: User, article: Article) -> None:
    make_series(article)
    form = {
        "title": "Two", "slug": "two", "description": "", "parts-TOTAL_FORMS": "1", "parts-INITIAL_FORMS": "0",
        "parts-0-article": article.pk, "parts-0-position": "1",
    }  # fmt: skip
    text = signed_in(editor).post("/admin/articles/series/add/", form).content.decode()
    assert "This post is part of a series already." in text
    assert Part.objects.count() == 1


def test_an_author_has_a_page_with_their_visible_posts(client: Client) -> None:
    author = make_author("Ash <b>", slug="ash", bio="Reads slowly.")
    post = make_article(title="Mine?", authors=[author])
    make_article(title="A draft?", authors=[author], status=Article.Status.DRAFT)
    make_article(title="Another's?")
    text = text_of(client, "/authors/ash/")
    assert "Ash &lt;b&gt;" in text
    assert "Reads slowly." in text
    assert "1 post<" in text
    assert "Mine?" in text
    assert "A draft?" not in text
    assert "Another" not in text
    assert '<a rel="author" href="/authors/ash/">' in text_of(client, post.get_absolute_url())


def test_who_has_written_nothing_that_readers_see_has_no_page(client: Client, editor: User) -> None:
    author = make_author(slug="ash")
    make_article(authors=[author], status=Article.Status.DRAFT)
    assert client.get("/authors/ash/").status_code == 404
    assert (
        "/authors/ash/"
        not in signed_in(editor).get(f"/admin/articles/author/{author.pk}/change/").content.decode()
    )
    make_article(authors=[author])
    assert client.get("/authors/ash/").status_code == 200


def test_the_archive_counts_the_years_and_heads_the_months_once(client: Client) -> None:
    for month in (1, 1, 2):
        make_article(published_at=datetime(2025, month, 5, tzinfo=UTC))
    make_article()
    text = text_of(client, "/archive/2025/")
    assert re.findall(r'<h2 class="month">(\w+)<', text) == ["February", "January"]
    assert "2025 (3)" in text
    assert "2026 (1)" in text
    assert "3 posts" in text


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        text_of(client, path)
    return len(asked)


def test_pages_ask_as_often_for_many_as_for_one(client: Client) -> None:
    tags, author = [make_tag(), make_tag()], make_author(slug="ash")
    first, second = (make_article(tags=tags, authors=[author], published_at=old(99)) for _ in range(2))
    made = make_series(first, second, slug="hands")
    make_resource(first)
    make_correction(first)
    make_article(tags=tags, authors=[author], published_at=old(98))
    paths = ["/authors/ash/", "/series/hands/", first.get_absolute_url(), "/topics/", "/archive/2026/"]
    make_article()
    for path in paths:
        text_of(client, path)
    few = [queries_of(client, path) for path in paths]
    for number in range(10):
        post = make_article(tags=[*tags, make_tag()], authors=[author, make_author()])
        series.save_series(made, parts=[Part(article=post, position=number + 5)])
        publishing.set_links(first, authors=[author], tags=[*first.tags.all(), *post.tags.all()])
        make_resource(first)
        make_correction(first)
    assert [queries_of(client, path) for path in paths] == few
    assert max(few[:2]) <= 7
    assert few[2] <= 24
