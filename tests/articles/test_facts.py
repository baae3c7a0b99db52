"""What machines read on a page: its one address, its card, and the post with its comments in the words of schema.org."""

import json
import re
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import facts, publishing
from articles.models import Article
from comments import moderation
from comments.states import State
from comments.templatetags import comment_facts
from fibroblog import linked
from tests.conftest import signed_in
from tests.factories import make_article, make_author, make_comment, make_picture, make_staff, make_tag

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def blocks(text: str) -> list[dict[str, Any]]:
    return [
        json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    ]


def told(client: Client, article: Article) -> dict[str, Any]:
    """All that the page says of its post, joined by its name as machines join it."""
    found = blocks(text_of(client, article.get_absolute_url()))
    nodes = [node for block in found for node in block.get("@graph", [block])]
    posting: dict[str, Any] = {}
    for node in nodes:
        if node["@type"] == "BlogPosting":
            assert node["@id"] == facts.id_of(article)
            posting |= node
    return posting


def metas(text: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', text))


@pytest.fixture
def post() -> Article:
    return make_article(
        title="Does warmth help sleep?",
        slug="warmth",
        finding="It probably helps a little.",
        authors=[make_author("Ash")],
        tags=[make_tag("Sleep", slug="sleep"), make_tag("Warmth", slug="warm")],
        main_image=make_picture(),
    )


def test_a_post_is_a_blog_posting(client: Client, post: Article) -> None:
    posting = told(client, post)
    assert posting["headline"] == post.title
    assert posting["description"] == post.finding
    assert posting["mainEntityOfPage"] == f"{HOST}/articles/warmth/"
    assert [author["name"] for author in posting["author"]] == ["Ash"]
    assert posting["publisher"]["name"] == "Fibroblog"
    assert posting["image"] == [f"{HOST}/static/img/card.png", f"{HOST}/media/pictures/test.png"]
    assert posting["keywords"] == ["Sleep", "Warmth"]
    assert posting["wordCount"] == post.words
    assert posting["isAccessibleForFree"] is True
    assert datetime.fromisoformat(posting["datePublished"]) == post.published_at
    assert posting["dateModified"] == posting["datePublished"]


def test_a_changed_post_says_when(client: Client, post: Article, clock: time_machine.Traveller) -> None:
    clock.shift(3_600)
    post.finding = "It does not."
    publishing.save_article(post)
    assert told(client, post)["dateModified"] == "2026-03-03T10:00:00+00:00"
    tags = metas(text_of(client, post.get_absolute_url()))
    assert tags["article:modified_time"] == "2026-03-03T10:00:00+00:00"


def test_the_studies_of_a_post_are_what_it_cites() -> None:
    study = SimpleNamespace(
        title="A trial",
        authors="Hazel A, Elm B",
        journal="A Journal",
        year=2011,
        doi="10.1/a<b",
        pmid="12345",
    )
    bare = SimpleNamespace(title="A talk", authors="", journal="", year=None, doi="", pmid="")
    assert facts.of_study(study) == {
        "@type": "MedicalScholarlyArticle",
        "headline": "A trial",
        "author": [{"@type": "Person", "name": "Hazel A"}, {"@type": "Person", "name": "Elm B"}],
        "isPartOf": {"@type": "Periodical", "name": "A Journal"},
        "datePublished": "2011",
        "identifier": "doi:10.1/a<b",
        "sameAs": ["https://doi.org/10.1/a%3Cb", "https://pubmed.ncbi.nlm.nih.gov/12345/"],
    }
    assert facts.of_study(bare) == {"@type": "MedicalScholarlyArticle", "headline": "A talk"}


def test_the_way_to_a_post_leads_over_its_topic(client: Client, post: Article) -> None:
    graph = blocks(text_of(client, post.get_absolute_url()))[0]["@graph"]
    steps = graph[1]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert [step["item"] for step in steps] == [f"{HOST}/", f"{HOST}/tags/sleep/", f"{HOST}/articles/warmth/"]


def test_visible_comments_belong_to_the_post_and_no_others(client: Client, post: Article) -> None:
    first = make_comment(post, body="It helps *me* & mine.", name="Wren")
    reply = make_comment(post, parent=first)
    hidden = [make_comment(post, state=state) for state in (State.PENDING, State.SPAM, State.DECLINED)]
    gone = make_comment(post)
    make_comment(post, parent=gone)
    moderation.move(gone, State.REMOVED, by=None, seen=moderation.Seen.of(gone))
    posting = told(client, post)
    assert posting["commentCount"] == 3
    comments = {comment["url"]: comment for comment in posting["comment"]}
    assert len(comments) == 3
    place = f"{HOST}/articles/warmth/comments/{first.public_id}/"
    assert comments[place]["text"] == "It helps me & mine."
    assert comments[place]["author"] == {"@type": "Person", "name": "Wren"}
    assert datetime.fromisoformat(comments[place]["datePublished"]) == first.created_at
    assert "parentItem" not in comments[place]
    assert comments[f"{HOST}/articles/warmth/comments/{reply.public_id}/"]["parentItem"] == {"@id": place}
    for comment in [*hidden, gone]:
        assert not any(comment.public_id in url for url in comments)


def test_the_words_of_so_many_comments_only_stand_on_the_page_twice(client: Client, post: Article) -> None:
    for _ in range(comment_facts.MOST + 2):
        make_comment(post)
    posting = told(client, post)
    assert len(posting["comment"]) == comment_facts.MOST
    assert posting["commentCount"] == comment_facts.MOST + 2


def test_nothing_of_a_post_or_comment_gets_out_of_the_block(client: Client, post: Article) -> None:
    evil = "</script><script>alert(1)</script><!--\u2028&amp;"
    make_comment(post, name=evil[:60])
    text = text_of(client, post.get_absolute_url())
    assert "<script>" not in text
    assert "<!--" not in text
    assert told(client, post)["comment"][0]["author"]["name"] == evil[:60]
    block = linked.block({"name": evil})
    assert json.loads(re.sub(r"^<script[^>]*>|</script>$", "", block))["name"] == evil
    assert re.sub(r"^<script[^>]*>|</script>$", "", block).isascii()
    assert "&" not in block


def test_a_preview_says_nothing_to_machines() -> None:
    draft = make_article(status=Article.Status.DRAFT)
    text = text_of(signed_in(make_staff("ed", "Editors")), f"/admin/articles/article/{draft.pk}/preview/")
    assert "ld+json" not in text


def test_the_front_page_says_how_to_search(client: Client) -> None:
    (site,) = blocks(text_of(client, "/"))
    assert site["@type"] == "WebSite"
    template = site["potentialAction"]["target"]["urlTemplate"]
    assert template == f"{HOST}/search/?q={{words}}"
    assert client.get(template.removeprefix(HOST).replace("{words}", "sleep")).status_code == 200


# The head -------------------------------------------------------------------------------------------


def test_a_shared_post_has_a_card(client: Client, post: Article) -> None:
    tags = metas(text_of(client, post.get_absolute_url()))
    assert tags["og:title"] == post.title
    assert tags["og:description"] == tags["description"] == post.finding
    assert tags["og:url"] == f"{HOST}/articles/warmth/"
    assert (tags["og:type"], tags["og:site_name"], tags["og:locale"]) == ("article", "Fibroblog", "en_GB")
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
    assert tags["og:image:alt"]
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["article:published_time"] == "2026-03-02T09:00:00+00:00"
    assert (tags["author"], tags["article:section"]) == ("Ash", "Sleep")


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/topics/", "/tags/sleep/", "/archive/2026/", "/search/", "/articles/warmth/", "/about/"),
        *("/comment-policy/", "/privacy/", "/accessibility/", "/contact/", "/moderation-report/"),
    ],
)
def test_a_page_for_search_engines_has_one_address_and_a_card(
    client: Client, post: Article, path: str
) -> None:
    text = text_of(client, f"{path}?utm_source=mail")
    assert re.findall(r'<link rel="canonical" href="([^"]+)">', text) == [HOST + path]
    tags = metas(text)
    assert tags["og:url"] == HOST + path
    assert tags["og:title"]
    assert tags["og:image"].startswith(HOST)
    assert "robots" not in tags


def test_a_further_page_of_a_list_is_a_page_of_its_own(client: Client) -> None:
    for _ in range(13):
        make_article()
    assert f'rel="canonical" href="{HOST}/?page=2"' in text_of(client, "/?page=2&utm_source=mail")
    assert f'rel="canonical" href="{HOST}/"' in text_of(client, "/?page=1")


@pytest.mark.parametrize("path", ["/search/?q=sleep", "/reading-settings/", "/my-comments/"])
def test_a_page_that_search_engines_should_leave_out_says_so(
    client: Client, post: Article, path: str
) -> None:
    text = text_of(client, path)
    assert metas(text)["robots"] == "noindex"
    assert 'rel="canonical"' not in text


# Files for machines ---------------------------------------------------------------------------------


def lines(client: Client) -> dict[str, str]:
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines())


def test_security_txt_says_whom_to_tell(client: Client, settings: Any) -> None:
    found = lines(client)
    assert found["Contact"] == f"{HOST}/contact/"
    assert found["Canonical"] == f"{HOST}/.well-known/security.txt"
    assert found["Preferred-Languages"] == "en"
    left = datetime.fromisoformat(found["Expires"]) - timezone.now()
    assert 90 < left.days < 365
    settings.SECURITY_CONTACT = "mailto:safe@example.org"
    assert lines(client)["Contact"] == "mailto:safe@example.org"


def test_security_txt_is_the_same_all_day(client: Client, clock: time_machine.Traveller) -> None:
    first = lines(client)
    clock.shift(14 * 3_600)
    assert lines(client) == first
    clock.shift(3_600)
    assert lines(client) != first


def test_the_site_map_dates_what_changed_and_nothing_else(
    client: Client, post: Article, clock: time_machine.Traveller
) -> None:
    old = make_article(published_at=datetime(2025, 5, 4, 3, tzinfo=timezone.get_default_timezone()))

    def dates() -> dict[str, str]:
        text = text_of(client, "/sitemap.xml")
        return dict(re.findall(rf"<loc>{HOST}([^<]+)</loc><lastmod>([^<]+)</lastmod>", text))

    before = dates()
    assert before["/articles/warmth/"] == before["/tags/sleep/"] == before["/"] == "2026-03-02"
    assert before["/archive/2025/"] == before[old.get_absolute_url()] == "2025-05-04"
    assert "/topics/" not in before
    clock.shift(5 * 24 * 3_600)
    make_comment(post)
    assert dates() == before, "a discussion does not date its post"
    post.finding = "It does not."
    publishing.save_article(post)
    after = dates()
    assert (
        after["/articles/warmth/"]
        == after["/tags/sleep/"]
        == after["/"]
        == after["/archive/2026/"]
        == "2026-03-08"
    )
    assert after["/archive/2025/"] == "2025-05-04"
