"""The search page: what it says, shows and links to, and what it must never show."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments.models import Comment
from comments.states import State
from fibroblog import limits
from fibroblog.search import views
from fibroblog.search.models import Kind
from tests.factories import make_article, make_comment, make_tag

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(client: Client, address: str = "") -> str:
    response = client.get(f"/search/{address}")
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


def test_results_are_counted_by_kind_and_their_words_marked(client: Client) -> None:
    post = make_article(title="Does heat help?", body="<p>Warm packs warmed people.</p>")
    comment = make_comment(post, name="Wren", body="A *warm* bath.")
    text = page(client, "?q=warm")
    assert "<h1> 2 results for “warm” </h1>" in text
    assert re.search("<title> *2 results for “warm”", text)
    assert 'Posts <span class="count">1</span>' in text
    assert 'Comments <span class="count">1</span>' in text
    assert "<mark>Warm</mark> packs <mark>warmed</mark> people" in text
    assert "A <mark>warm</mark> bath." in text
    assert f'<a href="{comment.get_absolute_url()}">Wren on “Does heat help?”</a>' in text
    assert f'<a href="{post.get_absolute_url()}">Does heat help?</a>' in text


def test_the_links_of_kinds_keep_the_search(client: Client) -> None:
    tag = make_tag("Sleep", slug="sleep")
    post = make_article(title="Heat", tags=[tag])
    make_comment(post, body="Heat helps.")
    text = page(client, "?q=heat&tag=sleep&year=2026")
    assert 'href="?q=heat&amp;kind=comment&amp;tag=sleep&amp;year=2026"' in text
    only = page(client, "?q=heat&kind=comment&tag=sleep&year=2026")
    assert "1 result for “heat”" in only
    assert "<mark>Heat</mark> helps." in only
    assert '<option value="sleep" selected>' in only
    assert "<option selected>2026</option>" in only
    assert '<input type="hidden" name="kind" value="comment">' in only


@pytest.mark.parametrize(
    "rest", ["&kind=x", "&tag=none", "&year=abc", "&year=99999", "&year=0", "&year=²", "&year=-1"]
)
def test_a_filter_that_makes_no_sense_counts_as_none(client: Client, rest: str) -> None:
    make_article(title="Heat")
    assert "1 result for “heat”" in page(client, f"?q=heat{rest}")


def test_a_typing_error_is_named(client: Client) -> None:
    make_article(title="What is fibromyalgia?")
    text = page(client, "?q=fibromialgia")
    assert "1 result for “fibromialgia”" in text
    assert "Showing results for “<strong>fibromyalgia</strong>” (you wrote “fibromialgia”)" in text
    assert "<mark>fibromyalgia</mark>" in text


def test_nothing_found_offers_single_words_topics_and_a_wider_search(client: Client) -> None:
    make_article(title="Heat", tags=[make_tag("Sleep")])
    text = page(client, "?q=heat+xylophone&year=2026")
    assert "0 results for “heat xylophone”" in text
    assert '<a href="?q=heat&amp;year=2026">heat</a>' in text
    assert '<a href="?q=heat+xylophone">Look in all posts and comments</a>' in text
    assert "Look at a topic" in text
    assert "Sleep</a>" in text


def test_an_empty_search_offers_topics_and_no_filters(client: Client) -> None:
    make_article(tags=[make_tag("Sleep")])
    text = page(client)
    assert "<h1>Search</h1>" in text
    assert "Look at a topic" in text
    assert "0 results" not in text
    assert "<select" not in text


def test_small_words_only_are_explained(client: Client) -> None:
    assert "These words stand nearly everywhere" in page(client, "?q=what+is+it")


def test_markup_of_readers_is_shown_as_text(client: Client) -> None:
    post = make_article(title="<script>alert(1)</script> heat")
    make_comment(post, name="<b>Wren</b>", body="<script>alert(2)</script> heat")
    text = page(client, "?q=heat+%3Cscript%3E&kind=%22%3E%3Cscript%3E")
    assert "<script>" not in text.replace('<script type="module"', "")
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in page(client, "?q=heat&kind=comment").replace(
        "<mark>", ""
    ).replace("</mark>", "")
    assert "&lt;b&gt;Wren&lt;/b&gt;" in page(client, "?q=heat&kind=comment")
    assert "<b>" not in page(client, "?q=heat")


def test_what_is_hidden_is_nowhere(client: Client) -> None:
    make_article(title="Quokka plan", published_at=timezone.now() + DAY)
    draft = make_article(title="Quokka draft", status=Article.Status.DRAFT)
    make_comment(draft, body="Quokka below a draft.")
    shown = make_article(title="Shown")
    for state in State:
        if state != State.APPROVED:
            make_comment(shown, state=state, body=f"Quokka {state}.")
    text = page(client, "?q=quokka")
    assert "0 results" in text
    assert "Quokka" not in text
    assert "uokka" not in page(client, "?q=quokk").replace("quokk”", "").replace('"quokk"', "")


def test_what_the_index_still_holds_by_mistake_is_not_shown() -> None:
    comment = make_comment(make_article(), body="Quokka.")
    Comment.objects.filter(pk=comment.pk).update(state=State.REMOVED)
    draft = make_article(status=Article.Status.DRAFT)
    below = make_comment(draft, body="Quokka.")
    wrong = [(Kind.COMMENT, comment.pk), (Kind.ARTICLE, draft.pk), (Kind.COMMENT, below.pk)]
    assert views.hits(wrong, {"quokka"}) == []


def test_pages_of_results(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCH_PER_PAGE", 2)
    for number in range(5):
        make_article(title=f"Heat {number}")
    text = page(client, "?q=heat&page=2")
    assert "5 results for “heat”" in text
    assert 'rel="prev" href="?q=heat&amp;page=1">Previous results' in text
    assert 'rel="next" href="?q=heat&amp;page=3">More results' in text
    assert text.count('class="teaser"') == 2
    for wrong in ("4", "0", "x", "9" * 30):
        assert client.get(f"/search/?q=heat&page={wrong}").status_code == 404


def test_a_cut_search_says_that_there_may_be_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCH_RESULTS", 2)
    for number in range(3):
        make_article(title=f"Heat {number}")
    assert "2 or more results for “heat”" in page(client, "?q=heat")


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return len(captured)


def test_many_results_take_as_many_queries_as_one(client: Client) -> None:
    make_comment(make_article(title="Heat"), body="Heat.")
    one = queries(client, "?q=heat")
    for number in range(5):
        make_comment(make_article(title=f"Heat {number}"), body="Heat.")
    # A rare word is also looked up among those that are written alike.
    assert queries(client, "?q=heat") == one - 1
    assert one == 8


def test_the_page_is_not_for_search_engines_and_changes_nothing(client: Client) -> None:
    make_article(title="Heat")
    text = page(client, "?q=heat")
    assert re.search(r'<meta name="robots" content="noindex', text)
    assert client.post("/search/", {"q": "heat"}).status_code == 405
    with CaptureQueriesContext(connection) as captured:
        page(client, "?q=heat")
    assert not [query for query in captured if not query["sql"].lstrip().startswith(("SELECT", "WITH"))]


def test_a_very_long_search_is_cut(client: Client) -> None:
    assert "w" * 201 not in page(client, "?q=" + "w" * 5_000)
