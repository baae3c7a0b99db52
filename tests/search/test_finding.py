"""What is found, in which order, and what may never be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from comments.models import Comment
from fibroblog import limits
from fibroblog.search import postgres, sqlite
from fibroblog.search.finding import Filters, find
from fibroblog.search.models import Kind
from tests.factories import make_article, make_comment, make_tag

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def titles(query: str, *, order: Any = "best", **filters: Any) -> list[str]:
    """Of the posts, and the texts of the comments."""
    found = find(query, Filters(**filters), order=order)
    return [
        Article.objects.get(pk=key).title if kind == Kind.ARTICLE else Comment.objects.get(pk=key).body
        for kind, key in found.hits
    ]


def test_every_word_must_stand_somewhere_in_the_post() -> None:
    make_article(title="Warm baths", body="<p>For stiff knees.</p>")
    make_article(title="Warm rooms")
    assert titles("knees WARM") == ["Warm baths"]
    assert titles("warm cold") == []


def test_the_title_counts_most_then_the_finding_then_the_text() -> None:
    make_article(title="Third", finding="It helps.", body="<p>Much on magnesium. Magnesium again.</p>")
    make_article(title="Second", finding="Magnesium helps.")
    make_article(title="Magnesium")
    assert titles("magnesium") == ["Magnesium", "Second", "Third"]


def test_posts_come_before_comments_unless_by_date() -> None:
    post = make_article(title="On magnesium", published_at=timezone.now() - 9 * DAY)
    make_comment(post, body="Magnesium magnesium!")
    make_article(title="Else", body="<p>Magnesium too.</p>", published_at=timezone.now() - 2 * DAY)
    assert titles("magnesium") == ["On magnesium", "Else", "Magnesium magnesium!"]
    assert titles("magnesium", order="newest") == ["Magnesium magnesium!", "Else", "On magnesium"]


@pytest.mark.parametrize(
    "typed", ["fibromialgia", "fibromyalga", "fybromyalgia", "firbomyalgia", "fíbromialgia"]
)
def test_a_misspelt_word_finds_the_right_post_and_says_so(typed: str) -> None:
    make_article(title="Other things", body="<p>Myalgia and fibrosis.</p>")
    make_article(title="What is fibromyalgia?")
    assert titles(typed) == ["What is fibromyalgia?"]
    (correction,) = find(typed).corrections
    assert correction.meant == ["fibromyalgia"]
    assert not correction.as_well


def test_an_error_that_a_comment_holds_too_is_forgiven_all_the_same() -> None:
    for number in range(4):
        make_article(title=f"Fibromyalgia {number}")
    make_comment(Article.objects.latest("pk"), body="My fibromialgia.")
    found = titles("fibromialgia")
    assert len(found) == 5
    assert found[-1] == "My fibromialgia."
    (correction,) = find("fibromialgia").corrections
    assert (correction.meant, correction.as_well) == (["fibromyalgia"], True)


def test_the_beginning_of_the_last_word_is_enough() -> None:
    make_article(title="Magnesium at night")
    assert titles("night magnes") == ["Magnesium at night"]
    assert titles("magnes night") == [], "of the last one only"


def test_a_short_or_strange_word_is_not_bent_into_another() -> None:
    make_article(title="Heat and rest")
    assert titles("hat") == []
    assert titles("crest") == ["Heat and rest"]
    assert titles("xylophone") == []


def test_accents_and_forms_of_words_do_not_matter() -> None:
    make_article(title="Café visits, sleeping well")
    for query in ("cafe", "CAFÉ", "visit", "sleep"):
        assert titles(query) == ["Café visits, sleeping well"], query


def test_a_phrase_stands_as_it_is_within_one_part() -> None:
    make_article(title="Warm water helps")
    make_article(title="Water that is warm", finding="Water.")
    make_article(title="Warm", finding="Water.")
    assert titles('"warm water"') == ["Warm water helps"]
    assert len(titles("warm water")) == 3
    assert titles('"warm zebra"') == []


def test_filters_by_kind_topic_and_year() -> None:
    tag = make_tag()
    old = make_article(title="Old heat", published_at=datetime(2024, 6, 1, tzinfo=UTC), tags=[tag])
    make_article(title="New heat")
    make_comment(old, body="Heat helps me.")
    assert titles("heat", kind=Kind.COMMENT) == ["Heat helps me."]
    assert titles("heat", kind=Kind.ARTICLE, tag=tag.pk) == ["Old heat"]
    assert titles("heat", tag=tag.pk) == ["Old heat", "Heat helps me."]
    assert titles("heat", year=2024) == ["Old heat"]
    assert titles("heat", year=2026) == ["New heat", "Heat helps me."]
    assert find("heat", Filters(kind=Kind.COMMENT)).counts == {Kind.ARTICLE: 2, Kind.COMMENT: 1}


@pytest.mark.parametrize("common", [0, 3_000])
@pytest.mark.parametrize("posts", [0, 300])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("heat", ["Old heat", "Dry heat", "Warm sand", "Heat helps me."]),
        ("heat dry", ["Dry heat", "Warm sand"]),
        ('"dry heat"', ["Dry heat"]),
        ("heat sand", ["Warm sand"]),
        ("heet", ["Old heat", "Dry heat", "Warm sand", "Heat helps me."]),
        ("eat", []),
    ],
)
def test_a_topic_of_few_posts_and_one_of_many_find_the_same(
    monkeypatch: pytest.MonkeyPatch, posts: int, common: int, query: str, expected: list[str]
) -> None:
    """Either database looks into every text of the one, and has other ways for the other."""
    monkeypatch.setattr(sqlite, "FEW_POSTS", posts)
    monkeypatch.setattr(postgres, "FEW_POSTS", posts)
    monkeypatch.setattr(postgres, "COMMON", common)
    tag = make_tag()
    old = make_article(title="Old heat", published_at=datetime(2024, 6, 1, tzinfo=UTC), tags=[tag])
    make_article(title="Dry heat", published_at=datetime(2024, 5, 1, tzinfo=UTC), tags=[tag])
    make_article(title="Warm sand", body="<p>Heat that is dry.</p>", tags=[tag])
    make_article(title="Other heat")
    make_comment(old, body="Heat helps me.")
    assert titles(query, tag=tag.pk) == expected
    assert titles("heat", tag=tag.pk, year=2024) == ["Old heat", "Dry heat"]


def test_what_is_hidden_is_not_found_even_when_the_index_is_wrong() -> None:
    """The rules of `finding.VISIBLE` are those of `visible()`."""
    post = make_article(title="Quokka")
    comment = make_comment(post, body="Quokka!")
    Comment.objects.filter(pk=comment.pk).update(state="removed")
    assert titles("quokka") == ["Quokka"]
    Comment.objects.filter(pk=comment.pk).update(state="approved")
    Article.objects.filter(pk=post.pk).update(published_at=F("published_at") + 2 * DAY)
    assert titles("quokka") == []
    Article.objects.filter(pk=post.pk).update(published_at=F("published_at") - 2 * DAY, status="draft")
    assert titles("quokka") == []


@pytest.mark.parametrize("newest", [1, 4, 100])
def test_a_common_word_is_found_as_well_where_only_the_newest_are_looked_through(
    monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    monkeypatch.setattr(postgres, "COMMON", 0)
    monkeypatch.setattr(postgres, "NEWEST", dict.fromkeys(Kind, newest))
    monkeypatch.setattr(limits, "SEARCH_RESULTS", 3)
    for day in range(1, 6):
        post = make_article(
            title=f"Day {day}", published_at=datetime(2026, 2, day, tzinfo=UTC), body="<p>Heat.</p>"
        )
        make_comment(post, body=f"Heat, day {day}!")
    make_article(title="Cold", published_at=datetime(2026, 2, 7, tzinfo=UTC))
    assert sorted(titles("heat", kind=Kind.ARTICLE)) == ["Day 3", "Day 4", "Day 5"]
    assert len(titles("heat", kind=Kind.COMMENT)) == 3
    assert sorted(titles("heat", kind=Kind.ARTICLE, year=2026)) == ["Day 3", "Day 4", "Day 5"]
    assert titles("heat", year=2024) == []


def test_a_word_that_stands_everywhere_costs_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCH_RESULTS", 3)
    make_article(title="Heat")
    for number in range(5):
        make_article(title=f"Number {number}", body="<p>Heat.</p>")
    results = find("heat")
    assert results.is_cut
    assert len(results.hits) == 3
    assert titles("heat")[0] == "Heat", "the oldest, but its title says it"
    monkeypatch.setattr(limits, "SEARCH_RESULTS", 7)
    assert not find("heat").is_cut


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        '"',
        '""',
        "'",
        "AND",
        "NOT",
        "*",
        "a OR",
        "NEAR(",
        "title:",
        "^x",
        "x'); DROP TABLE x; --",
        "%",
        "\\",
        ":*",
        "!",
        "&",
        "|",
        "(",
        "<->",
        "\ud800",
        "½",
        "२५",
        "0" * 300,
    ],
)
def test_no_query_is_an_error(query: str) -> None:
    make_article(title="Heat")
    assert find(query).hits == []


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nor_is_any_other(query: str) -> None:
    for asked in (query, f'heat {query} "{query}'):
        results = find(asked)
        assert results.total == len(results.hits)
