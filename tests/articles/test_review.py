"""What a post says about its own age: limits, reviews, corrections, and when one of these flips by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from articles import corrections, publishing
from articles.models import Article, Correction
from fibroblog import limits
from fibroblog.search.finding import find
from fibroblog.search.models import Kind
from tests.articles.test_admin import article_form, errors_of
from tests.conftest import signed_in
from tests.factories import make_article, make_author, make_correction

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 3)
DAY = timedelta(days=1)
OVERDUE = "We planned to check this post again by"


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)


def page_of(client: Client, article: Article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


def test_limits_doctor_review_and_corrections_stand_after_the_story_in_this_order(client: Client) -> None:
    article = make_article(
        unknowns="Who it suits <b>most</b>.\n\nHarms.", doctor_first="If you bruise easily.",
        reviewed_on=TODAY - 9 * DAY, review_due_on=TODAY + 90 * DAY,
    )  # fmt: skip
    make_correction(article, "Ten, not eleven.", made_on=TODAY - 400 * DAY)
    text = page_of(client, article)
    order = [
        "The whole story.", "What this does not tell us", "Who it suits &lt;b&gt;most&lt;/b&gt;.", "Harms.",
        "Talk to your doctor before you try this", "If you bruise easily.", "Last reviewed", "Next review by",
        ">Corrections<", "Ten, not eleven.",
    ]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.count("Ten, not eleven.") == 1, "an old correction stands at the foot only"
    assert OVERDUE not in text


def test_a_post_without_any_of_it_shows_no_empty_headings(client: Client, article: Article) -> None:
    text = page_of(client, article)
    for words in (
        "does not tell us",
        "Talk to your doctor",
        "reviewed",
        "Corrections",
        "Books and resources",
    ):
        assert words not in text, words


def test_a_post_is_overdue_from_the_day_after_and_says_so_calmly(
    client: Client, clock: time_machine.Traveller
) -> None:
    article = make_article(review_due_on=TODAY)
    clock.move_to(datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC))
    assert OVERDUE not in page_of(client, article)
    assert not Article.objects.review_overdue().exists()
    clock.shift(1)
    text = page_of(client, article)
    assert f'{OVERDUE} <time datetime="2026-03-03">3 March 2026</time>' in text
    assert "The next review was planned for" in text
    assert list(Article.objects.review_overdue()) == [article]
    assert article.is_review_overdue


def test_drafts_and_plans_are_never_overdue_to_readers() -> None:
    make_article(review_due_on=TODAY - DAY, status=Article.Status.DRAFT)
    make_article(review_due_on=TODAY - DAY, published_at=timezone.now() + DAY)
    assert not Article.objects.review_overdue().exists()


def test_a_recent_correction_stands_at_the_top_and_at_the_foot(client: Client) -> None:
    article = make_article()
    make_correction(article, "Six <i>were</i> combined.", kind="clarification", made_on=TODAY - DAY)
    text = page_of(client, article)
    assert text.count("Six &lt;i&gt;were&lt;/i&gt; combined.") == 2
    assert text.index("Made clearer on") < text.index('id="key-points"')


def test_a_correction_is_news_for_so_many_days_and_not_one_more(
    client: Client, clock: time_machine.Traveller
) -> None:
    article = make_article()
    make_correction(article)
    clock.move_to(datetime(2026, 3, 3, tzinfo=UTC) + limits.CORRECTION_NEWS_DAYS * DAY - timedelta(seconds=1))
    assert page_of(client, article).count("Ten, not eleven.") == 2
    clock.shift(1)
    assert page_of(client, article).count("Ten, not eleven.") == 1


def test_a_correction_moves_the_date_of_a_post_that_readers_know(clock: time_machine.Traveller) -> None:
    seen, draft = make_article(), make_article(status=Article.Status.DRAFT)
    clock.shift(60)
    for article in (seen, draft):
        make_correction(article)
        article.refresh_from_db()
    assert (seen.updated_at, draft.updated_at) == (timezone.now(), None)
    corrections.delete_corrections(seen.corrections.all())
    assert not seen.corrections.exists()
    assert draft.corrections.exists()


@pytest.mark.parametrize(
    ("make", "flips"),
    [
        (lambda: make_article(), None),
        (lambda: make_article(published_at=timezone.now() + DAY), datetime(2026, 3, 4, 9, tzinfo=UTC)),
        (lambda: make_article(review_due_on=TODAY), datetime(2026, 3, 4, tzinfo=UTC)),
        (lambda: make_article(review_due_on=TODAY - DAY), None),
        (lambda: make_correction(make_article(), made_on=TODAY - 59 * DAY), datetime(2026, 3, 4, tzinfo=UTC)),
        (lambda: make_correction(make_article(), made_on=TODAY - 60 * DAY), None),
        (lambda: make_article(review_due_on=TODAY, status=Article.Status.DRAFT), None),
    ],
)  # fmt: skip
def test_the_next_flip_is_known_beforehand(make: object, flips: datetime | None) -> None:
    assert callable(make)
    make()
    assert Article.objects.next_flip() == flips


def test_of_several_flips_the_first_counts_and_a_page_may_ask_for_its_own() -> None:
    soon = make_article(review_due_on=TODAY + DAY)
    late = make_article(review_due_on=TODAY + 9 * DAY)
    assert Article.objects.next_flip() == datetime(2026, 3, 5, tzinfo=UTC)
    assert Article.objects.filter(pk=late.pk).next_flip() == datetime(2026, 3, 13, tzinfo=UTC)
    assert Article.objects.exclude(pk__in=[soon.pk, late.pk]).next_flip() is None


def test_a_day_begins_when_the_clocks_here_say_so(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    with timezone.override("Europe/Berlin"):
        make_article(review_due_on=TODAY)
        assert Article.objects.next_flip() == datetime(2026, 3, 3, 23, tzinfo=UTC)


def test_the_database_refuses_a_next_review_before_the_last(article: Article) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(reviewed_on=TODAY, review_due_on=TODAY)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reviewed_on": "2026-03-03", "review_due_on": "2026-03-03"}, "has to come after the last one"),
        ({"reviewed_on": "2026-03-04"}, "cannot have taken place in the future"),
        ({"review_due_on": "soon"}, "valid date"),
    ],
)
def test_wrong_days_are_named_and_nothing_is_lost(
    desk: Client, fields: dict[str, str], sentence: str
) -> None:
    form = article_form(make_author(), unknowns="Hours of thought.", **fields)
    response = desk.post("/admin/articles/article/add/", form)
    assert sentence in errors_of(response)
    assert errors_of(response).count("after the last one") <= 1
    assert "Hours of thought." in response.content.decode()
    assert not Article.objects.exists()


def test_a_correction_of_tomorrow_is_refused(desk: Client, article: Article) -> None:
    rows = {
        "corrections-TOTAL_FORMS": "1", "corrections-0-kind": "update", "corrections-0-made_on": "2026-03-04",
        "corrections-0-text": "Later.", "corrections-0-article": article.pk,
    }  # fmt: skip
    response = desk.post(f"/admin/articles/article/{article.pk}/change/", article_form(make_author(), **rows))
    assert "cannot be made in the future" in errors_of(response)
    assert not Correction.objects.exists()


def test_new_fields_are_tidied_counted_searched_and_kept_in_the_history(desk: Client) -> None:
    form = article_form(
        make_author(), unknowns=" - Whom it suits\n\n• Harms", doctor_first="• If pregnant",
        reviewed_on="2026-03-01", review_due_on="2026-09-01",
    )  # fmt: skip
    assert desk.post("/admin/articles/article/add/", form).status_code == 302
    article = Article.objects.get()
    assert (article.unknown_points, article.doctor_points) == (["Whom it suits", "Harms"], ["If pregnant"])
    assert article.words == 11
    publishing.publish([article])
    assert find("suits pregnant").hits == [(Kind.ARTICLE, article.pk)]
    *_, kept = article.history.order_by("history_id")
    assert (kept.unknowns, kept.doctor_first) == (article.unknowns, article.doctor_first)
    assert (kept.reviewed_on, kept.review_due_on) == (date(2026, 3, 1), date(2026, 9, 1))


def test_a_change_of_limits_moves_the_updated_date_and_a_review_does_not(article: Article) -> None:
    article.reviewed_on = TODAY
    publishing.save_article(article)
    assert article.updated_at is None
    article.unknowns = "Harms."
    publishing.save_article(article)
    assert article.updated_at == timezone.now()


def test_editors_find_what_is_overdue(desk: Client) -> None:
    make_article(title="Grown old", review_due_on=TODAY - DAY)
    make_article(title="Still good", review_due_on=TODAY + DAY)
    make_article(title="Without a day")
    path = "/admin/articles/article/"
    assert "<strong>Overdue</strong> since 2 March 2026" in desk.get(path).content.decode()
    overdue = desk.get(f"{path}?review=overdue").content.decode()
    assert "Grown old" in overdue
    assert "Still good" not in overdue
    undated = desk.get(f"{path}?review=none").content.decode()
    assert "Without a day" in undated
    assert "Grown old" not in undated
    assert "overdue for a review" in desk.get("/admin/").content.decode()


def test_advice_keeps_nobody_from_publishing(desk: Client) -> None:
    form = article_form(make_author(), title="Heat helps", status="published")
    response = desk.post("/admin/articles/article/add/", form, follow=True)
    text = response.content.decode()
    assert Article.objects.visible().exists(), errors_of(response)
    assert "Advice: Ask a question in the title" in text
    assert "Advice: Say what this does not tell us." in text
    assert "next review" in text
    ready = make_article(unknowns="Harms.", review_due_on=TODAY + DAY)
    assert publishing.advice(ready) == []
