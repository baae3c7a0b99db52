"""What a reader meets: lists, posts, topics, archive, search and the site's own pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.models import Article, Page
from fibroblog import limits
from tests.conftest import signed_in
from tests.factories import make_article, make_author, make_comment, make_picture, make_staff, make_tag

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OWN_PAGES = ["about", "comment-policy", "privacy", "accessibility"]


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.fixture
def hidden() -> list[Article]:
    return [
        make_article(title="A hidden draft", status=Article.Status.DRAFT),
        make_article(title="A hidden plan", published_at=timezone.now() + DAY),
    ]


def test_a_draft_and_a_scheduled_post_are_not_found_by_readers(client: Client, hidden: list[Article]) -> None:
    for post in hidden:
        assert client.get(post.get_absolute_url()).status_code == 404


def test_no_list_names_what_readers_may_not_see(client: Client, hidden: list[Article]) -> None:
    tag = make_tag("Sleep", slug="sleep")
    make_article(title="A visible post", tags=[tag])
    for post in hidden:
        publishing.set_links(post, authors=[make_author()], tags=[tag])
    for path in ("/", "/tags/sleep/", "/archive/2026/", "/search/?q=sleep", "/feeds/articles.atom"):
        text = text_of(client, path)
        assert "A visible post" in text, path
        assert "A hidden" not in text, path
    assert "hidden" not in text_of(client, "/sitemap.xml")


def test_a_post_shows_all_that_belongs_to_it(client: Client) -> None:
    tag = make_tag("Sleep", slug="sleep")
    post = make_article(
        title="Does <b>heat</b> help?",
        body="<h2>What was done</h2><p>Much.</p>",
        tags=[tag],
        authors=[make_author("Ash", bio="Reads slowly."), make_author("Elm"), make_author("Fir")],
        main_image=make_picture(alt="A warm hand", caption="Warm.", credit="Drawn here"),
    )
    text = text_of(client, post.get_absolute_url())
    assert "Does &lt;b&gt;heat&lt;/b&gt; help?" in text
    assert '<h2 id="part-1">What was done</h2>' in text
    assert "By Ash, Elm and Fir" in re.sub("<[^>]+>", "", text)
    assert "Reads slowly." in text
    assert 'alt="A warm hand"' in text
    assert "Drawn here." in text
    assert '<a href="/tags/sleep/">Sleep</a>' in text
    assert "Updated" not in text


def test_the_newest_post_stands_first_and_lists_show_no_bodies(client: Client) -> None:
    make_article(title="Older", published_at=timezone.now() - 3 * DAY, body="<p>Body of it</p>")
    make_article(title="Newer")
    text = text_of(client, "/")
    assert text.index("Newer") < text.index("Older")
    assert "Body of it" not in text


def test_an_empty_site_says_so_kindly(client: Client) -> None:
    assert "Nothing is published yet" in text_of(client, "/")
    assert "There are no topics yet" in text_of(client, "/topics/")
    assert client.get("/archive/").headers["Location"] == "/"
    assert client.get("/archive/2026/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/tags/sleep/", "/archive/2026/", "/search/?q=help"])
def test_a_list_has_pages_without_gaps_or_repeats(client: Client, path: str) -> None:
    tag = make_tag(slug="sleep")
    posts = [make_article(tags=[tag]) for _ in range(limits.ARTICLES_PER_PAGE + 1)]
    join = "&" if "?" in path else "?"
    both = text_of(client, path) + text_of(client, f"{path}{join}page=2")
    shown = re.findall(r'<h[23]><a href="(/articles/[^"]+)"', both)
    assert sorted(shown) == sorted(post.get_absolute_url() for post in posts)
    assert client.get(f"{path}{join}page=3").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1.5", "²", "99", "9" * 5_000, "00000199"])
def test_a_page_that_does_not_exist_is_not_found(client: Client, article: Article, number: str) -> None:
    assert client.get("/", {"page": number}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/topics/", "/tags/sleep/", "/archive/", "/archive/2026/", "/search/", "/about/"]
)
def test_public_pages_take_no_posts(client: Client, article: Article, path: str) -> None:
    make_article(tags=[make_tag(slug="sleep")])
    assert client.post(path, {"title": "x"}).status_code == 405


def test_a_renamed_post_is_found_at_its_old_address(client: Client, article: Article) -> None:
    old = article.get_absolute_url()
    article.slug = "renamed"
    publishing.save_article(article)
    response = client.get(old)
    assert (response.status_code, response.headers["Location"]) == (301, "/articles/renamed/")


def test_the_old_address_of_a_hidden_post_leads_nowhere(client: Client, article: Article) -> None:
    old = article.get_absolute_url()
    article.slug, article.status = "renamed", Article.Status.DRAFT
    publishing.save_article(article)
    assert client.get(old).status_code == 404


def test_a_renamed_topic_is_found_at_its_old_address(client: Client) -> None:
    tag = make_tag(slug="aches")
    tag.slug = "pain"
    publishing.save_tag(tag)
    response = client.get("/tags/aches/")
    assert (response.status_code, response.headers["Location"]) == (301, "/tags/pain/")
    assert client.get("/tags/never-was/").status_code == 404


def test_the_archive_offers_the_years_that_have_posts(client: Client) -> None:
    make_article(title="Of last year", published_at=datetime(2025, 5, 1, tzinfo=UTC))
    make_article(title="Of this year")
    make_article(published_at=datetime(2027, 5, 1, tzinfo=UTC))
    assert client.get("/archive/").headers["Location"] == "/archive/2026/"
    text = text_of(client, "/archive/2025/")
    assert "Of last year" in text
    assert "Of this year" not in text
    assert "/archive/2026/" in text
    for year in ("2024", "2027", "0", "99999999999999999999"):
        assert client.get(f"/archive/{year}/").status_code == 404, year


def test_topics_are_listed_with_the_number_of_their_posts(client: Client) -> None:
    tag = make_tag("Sleep", description="Nights.")
    make_article(tags=[tag])
    text = text_of(client, "/topics/")
    assert "1 post<" in text
    assert "Nights." in text


@pytest.mark.parametrize("slug", OWN_PAGES)
def test_the_sites_own_pages_are_there_from_the_start(client: Client, slug: str) -> None:
    page = Page.objects.get(slug=slug)
    assert page.get_absolute_url() == f"/{slug}/"
    assert page.title in text_of(client, f"/{slug}/")


def test_a_page_that_was_taken_away_is_not_found(client: Client) -> None:
    Page.objects.filter(slug="about").delete()
    assert client.get("/about/").status_code == 404


def test_pictures_come_in_two_sizes_once_the_worker_made_them(client: Client) -> None:
    picture = make_picture(renditions_at=None)
    post = make_article(main_image=picture)
    assert "srcset" not in text_of(client, post.get_absolute_url())
    picture.renditions_at = timezone.now()
    picture.save(update_fields=["renditions_at"])
    text = text_of(client, post.get_absolute_url())
    assert re.search(
        r'srcset="/media/renditions/[^" ]+\.webp 640w, /media/renditions/[^" ]+\.webp 1320w"', text
    )


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/tags/sleep/", "/archive/2026/", "/search/?q=help", "/sitemap.xml"),
        *("/feeds/articles.atom", "/feeds/articles.json", "/feeds/tags/sleep.atom"),
        "/feeds/search.atom?q=help",
    ],
)
def test_fifty_posts_need_no_more_queries_than_one(client: Client, path: str) -> None:
    tag, author, picture = make_tag(slug="sleep"), make_author(), make_picture()

    def another() -> None:
        make_comment(make_article(tags=[tag], authors=[author], main_image=picture))

    another()
    client.get(path)  # what is kept in memory for all requests is asked for once
    with CaptureQueriesContext(
        connection,
    ) as one:
        text_of(client, path)
    for _ in range(49):
        another()
    with CaptureQueriesContext(connection) as fifty:
        text_of(client, path)
    assert len(fifty) <= len(one)
    assert len(one) <= {"/sitemap.xml": 15, "/feeds/search.atom?q=help": 11}.get(path, 9)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/topics/",
        "/tags/sleep/",
        "/archive/2026/",
        "/search/?q=help",
        "/about/",
        "/contact/",
        "/reading-settings/",
        None,
    ],
)
def test_public_pages_hold_no_byte_for_one_visitor_and_no_inline_script(
    client: Client, path: str | None
) -> None:
    post = make_article(tags=[make_tag(slug="sleep")])
    first, second = (Client().get(path or post.get_absolute_url()) for _ in range(2))
    text = first.content.decode()
    assert first.status_code == 200
    assert first.content == second.content
    assert not first.cookies
    assert "nonce" not in text
    assert "nonce" not in first.headers["Content-Security-Policy"]
    assert "unsafe" not in first.headers["Content-Security-Policy"]
    assert "csrfmiddlewaretoken" not in text
    # A data block is nothing that a browser runs.
    assert not re.search(r"<script(?![^>]*\ssrc=)(?! type=\"application/ld\+json\">)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r'(?:src|srcset|action)="(?:https?:)?//', text)
    assert "Cookie" not in first.headers.get("Vary", "")
    assert first.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("status", [Article.Status.DRAFT, Article.Status.PUBLISHED])
def test_a_preview_shows_a_hidden_post_to_editors_without_its_discussion(status: Article.Status) -> None:
    post = make_article(status=status, published_at=timezone.now() + DAY, title="Not yet")
    response = signed_in(make_staff("ed", "Editors")).get(f"/admin/articles/article/{post.pk}/preview/")
    text = response.content.decode()
    assert response.status_code == 200
    assert "Not yet" in text
    assert "Readers do not see this post yet" in text
    assert 'id="comment-form"' not in text
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_preview_of_a_visible_post_says_that_it_is_published(article: Article) -> None:
    client = signed_in(make_staff("ed", "Editors"))
    assert "The post is published" in text_of(client, f"/admin/articles/article/{article.pk}/preview/")


def test_a_preview_is_for_those_who_may_see_posts_only(client: Client, hidden: list[Article]) -> None:
    path = f"/admin/articles/article/{hidden[0].pk}/preview/"
    assert client.get(path).status_code == 302
    refused = signed_in(make_staff("mo", "Moderators")).get(path)
    assert refused.status_code == 403
    assert "A hidden draft" not in refused.content.decode()
    editor = signed_in(make_staff("ed", "Editors"))
    assert editor.post(path).status_code == 405
    assert editor.get("/admin/articles/article/99999/preview/").status_code == 404
