"""The verbs that change posts, topics, authors and pages, and the stamps that they move."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import publishing, share_cards
from articles.models import Article, Author, FormerSlug, Page, Picture, Tag
from fibroblog import pages
from tests.factories import make_article, make_author, make_picture, make_tag

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def stamps(*articles: Article) -> list[int]:
    return [pages.version_of(name) for name in ("site", *(f"article:{article.pk}" for article in articles))]


def test_publishing_without_a_time_means_now() -> None:
    draft = make_article(status=Article.Status.DRAFT)
    Article.objects.filter(pk=draft.pk).update(published_at=None)
    draft.refresh_from_db()
    draft.status = Article.Status.PUBLISHED
    publishing.save_article(draft)
    draft.refresh_from_db()
    assert draft.published_at == timezone.now()
    assert draft.is_visible


def test_a_draft_needs_no_time_and_is_given_none() -> None:
    draft = publishing.save_article(
        Article(title="T", slug="t", finding="Ten letters.", key_points="a", body="")
    )
    assert draft.published_at is None
    assert not draft.is_visible


def test_the_database_refuses_a_published_post_without_a_time(article: Article) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(published_at=None)


def test_a_body_is_cleaned_and_its_words_are_counted() -> None:
    post = make_article(body="<p onclick='x'>one two</p><script>three</script>", key_points="four five")
    post.refresh_from_db()
    assert post.body == "<p>one two</p>"
    assert post.words == 4
    assert post.minutes == 1
    assert make_article(body="<p>" + "word " * 1_000 + "</p>").minutes == 5


def test_an_unusable_body_is_refused_and_nothing_is_stored(article: Article) -> None:
    before = stamps(article)
    article.title, article.body = "New", "<ul><li>" * 200
    with pytest.raises(ValidationError, match="too deeply"):
        publishing.save_article(article)
    article.refresh_from_db()
    assert article.title != "New"
    assert stamps(article) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "New"),
        ("finding", "A new finding."),
        ("key_points", "New"),
        ("body", "<p>New</p>"),
        ("main_image", None),
    ],
)
def test_a_change_that_readers_see_moves_the_updated_date(
    clock: time_machine.Traveller, field: str, value: str | None
) -> None:
    article = make_article()
    clock.shift(60)
    setattr(article, field, make_picture() if field == "main_image" else value)
    publishing.save_article(article)
    assert article.updated_at == timezone.now()


def test_a_change_that_readers_do_not_see_keeps_the_updated_date(article: Article) -> None:
    article.slug = "another-address"
    publishing.save_article(article)
    assert article.updated_at is None


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"published_at": "later"}])
def test_work_on_a_post_that_nobody_has_seen_is_no_update(fields: dict[str, str]) -> None:
    if "published_at" in fields:
        post = make_article(published_at=timezone.now() + DAY)
    else:
        post = make_article(status=Article.Status.DRAFT)
    post.title = "Other words"
    publishing.save_article(post)
    assert post.updated_at is None


def test_publish_and_unpublish_count_only_what_they_changed(article: Article) -> None:
    draft = make_article(status=Article.Status.DRAFT)
    later = make_article(published_at=timezone.now() + DAY)
    before = article.published_at
    assert publishing.publish([article, draft, later]) == 2
    assert publishing.publish([article, draft, later]) == 0
    article.refresh_from_db()
    assert article.published_at == before
    assert later.published_at == timezone.now()
    assert publishing.unpublish([article, draft, later]) == 3
    before_again = stamps(article)
    assert publishing.unpublish([article, draft, later]) == 0
    assert stamps(article) == before_again
    assert not Article.objects.visible().exists()


def test_a_scheduled_post_is_seen_when_its_time_comes_and_no_task_is_needed(
    client: Client, clock: time_machine.Traveller
) -> None:
    post = make_article(published_at=timezone.now() + timedelta(hours=1))
    assert client.get(post.get_absolute_url()).status_code == 404
    clock.shift(3_599)
    assert client.get(post.get_absolute_url()).status_code == 404
    assert post.title not in client.get("/").content.decode()
    clock.shift(1)
    assert client.get(post.get_absolute_url()).status_code == 200
    assert post.title in client.get("/").content.decode()
    # Only its card is drawn, whenever the worker comes to it.
    assert [task.task_path for task in DBTaskResult.objects.all()] == [share_cards.draw.module_path]


def test_an_address_comes_back_to_the_post_that_takes_it_again(article: Article) -> None:
    old = article.slug
    for slug in ("second", "third", old):
        article.slug = slug
        publishing.save_article(article)
    assert set(FormerSlug.objects.values_list("slug", flat=True)) == {"second", "third"}


def test_a_new_post_may_take_the_former_address_of_another(client: Client, article: Article) -> None:
    old = article.slug
    article.slug = "renamed"
    publishing.save_article(article)
    newcomer = make_article(slug=old)
    assert newcomer.title in client.get(f"/articles/{old}/").content.decode()
    newcomer.slug = "renamed-too"
    publishing.save_article(newcomer)
    # The last one to leave an address is who its readers look for.
    assert client.get(f"/articles/{old}/").headers["Location"] == "/articles/renamed-too/"


def test_a_topic_and_a_post_may_have_had_the_same_address() -> None:
    post, tag = make_article(slug="sleep"), make_tag(slug="sleep")
    post.slug, tag.slug = "sleep-post", "sleep-topic"
    publishing.save_article(post)
    publishing.save_tag(tag)
    assert FormerSlug.objects.filter(slug="sleep").count() == 2
    assert str(FormerSlug.objects.get(tag=tag)) == "sleep"


def test_merging_topics_moves_their_posts_and_leaves_no_address_dead(client: Client) -> None:
    pain, ache, sore = (
        make_tag("Pain", slug="pain"),
        make_tag("Ache", slug="ache"),
        make_tag("Sore", slug="sore"),
    )
    both, one = make_article(tags=[pain, ache]), make_article(tags=[sore])
    ache.slug = "aches"
    publishing.save_tag(ache)
    publishing.merge_tags([ache, sore, pain], into=pain)
    assert list(Tag.objects.all()) == [pain]
    assert set(pain.articles.all()) == {both, one}
    for slug in ("ache", "aches", "sore"):
        response = client.get(f"/tags/{slug}/")
        assert (response.status_code, response.headers["Location"]) == (301, "/tags/pain/")
    assert client.get("/tags/pain/").status_code == 200


CHANGES: dict[str, Callable[[Article, Tag, Author], object]] = {
    "save a post": lambda post, tag, author: publishing.save_article(post),
    "change its links": lambda post, tag, author: publishing.set_links(post, authors=[author], tags=[]),
    "unpublish": lambda post, tag, author: publishing.unpublish([post]),
    "delete a post": lambda post, tag, author: publishing.delete_articles([post]),
    "rename a topic": lambda post, tag, author: publishing.save_tag(tag),
    "delete a topic": lambda post, tag, author: publishing.delete_tags([tag]),
    "merge a topic": lambda post, tag, author: publishing.merge_tags([tag], into=make_tag()),
    "rename an author": lambda post, tag, author: publishing.save_author(author),
    "delete an author": lambda post, tag, author: publishing.delete_authors([author]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_a_post_moves_its_stamp_and_the_sites_and_no_other(change: str) -> None:
    tag, author = make_tag(), make_author()
    post, other = make_article(tags=[tag], authors=[author]), make_article()
    site, own, others = stamps(post, other)
    name = f"article:{post.pk}"
    CHANGES[change](post, tag, author)
    assert pages.version_of("site") > site
    assert pages.version_of(name) > own
    assert pages.version_of(f"article:{other.pk}") == others


def test_a_changed_page_is_cleaned_and_moves_the_sites_stamp() -> None:
    page = Page.objects.get(slug="about")
    before = pages.version_of("site")
    page.body = "<p>New</p><script>x</script>"
    publishing.save_page(page)
    page.refresh_from_db()
    assert page.body == "<p>New</p>"
    assert pages.version_of("site") == before + 1
    assert str(page) == "About this blog"


def test_a_stamp_does_not_move_when_the_change_is_taken_back(article: Article) -> None:
    before = stamps(article)
    with transaction.atomic():
        publishing.save_article(article)
        transaction.set_rollback(True)
    assert stamps(article) == before


def test_every_save_of_a_post_is_in_its_history(article: Article) -> None:
    before, article.title = article.title, "Second"
    publishing.save_article(article)
    assert [row.title for row in article.history.all()] == ["Second", before]


def test_topics_count_only_posts_that_readers_see() -> None:
    seen, unseen = make_tag("Seen"), make_tag("Unseen")
    make_article(tags=[seen])
    make_article(tags=[seen, unseen], status=Article.Status.DRAFT)
    make_article(tags=[seen, unseen], published_at=timezone.now() + DAY)
    assert [(tag.name, vars(tag)["count"]) for tag in Tag.objects.with_counts()] == [("Seen", 1)]


def test_things_are_called_by_their_names() -> None:
    assert str(make_author("Ash")) == "Ash"
    assert str(make_article(title="Does heat help?")) == "Does heat help?"
    assert str(make_picture(alt="A hand")) == "A hand"
    plain = make_picture(alt="", decorative=True)
    assert str(plain) == f"Decorative picture {plain.pk}"


@pytest.mark.parametrize("fields", [{"alt": "", "decorative": False}, {"alt": "A hand", "decorative": True}])
def test_the_database_refuses_a_picture_that_says_neither_or_both(fields: dict[str, str | bool]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_picture(**fields)
    assert not Picture.objects.exists()
