"""Everything that changes a post, topic, author or page. Each verb moves the page stamps and the search's
index in its own transaction."""

from collections.abc import Iterable
from html import unescape

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags

from fibroblog import pages
from fibroblog.safety import make_plain
from fibroblog.search import index

from . import documents, images, share_cards
from .former_slugs import free, lead, remember
from .models import Article, Author, FormerSlug, Page, Tag
from .rendering import sanitise

SHOWN = (
    "title",
    "finding",
    "key_points",
    "short_version",
    "body",
    "unknowns",
    "doctor_first",
    "main_image_id",
)  # a change of these moves the "updated" date


@transaction.atomic
def save_article(article: Article) -> Article:
    """Store a new or changed post.

    Publishing without a time means now; a change of what readers saw moves ``updated_at``; the address it had
    keeps working. Raises ValidationError when the body cannot be stored.
    """
    _store(article)
    _changed([article.pk])
    return article


def missing(article: Article, *, has_authors: bool) -> dict[str, str]:
    """What a post lacks before readers may see it: a sentence for the editor by field; empty when it is ready."""
    needed = {
        "finding": (article.finding, "Say in one plain sentence what was found."),
        "key_points": (article.key_points, "Write the key points, three to five, one a line."),
        "body": (article.text or "<img" in article.body, "Write the story."),
        "authors": (has_authors, "Say who wrote it."),
    }
    lacks = {name: sentence for name, (there, sentence) in needed.items() if not there}
    if "body" not in lacks and images.has_undescribed(article.body):
        lacks["body"] = "Describe each picture in the text, for people who do not see it."
    if article.pk and article.weighings.unjudged().exists():
        lacks["weighings"] = "Say of each study how much it helps and how sure we can be."
    return lacks


def advice(article: Article) -> list[str]:
    """What would make a post better and keeps nobody from publishing it: a sentence each."""
    better = {
        "Ask a question in the title: readers look for the answer to one.": "?" in article.title,
        "Say what this does not tell us.": bool(article.unknowns),
        "Set a day for the next review, so that the post does not grow old unseen.": bool(
            article.review_due_on
        ),
    }
    return [sentence for sentence, done in better.items() if not done]


def _store(article: Article) -> None:
    """All of `save_article` but the stamps, which several posts move together, at the end and in one order."""
    before = Article.objects.filter(pk=article.pk).first()
    now = timezone.now()
    make_plain(article, "title", "finding", "key_points", "short_version", "unknowns", "doctor_first")
    article.body = images.complete(sanitise(article.body))
    article.text = " ".join(unescape(strip_tags(article.body.replace("<", " <"))).split())
    read = (article.key_points, article.text, article.unknowns, article.doctor_first)
    article.words = len(" ".join(read).split())
    if article.status == Article.Status.PUBLISHED and article.published_at is None:
        article.published_at = now
    if (
        before
        and before.is_visible
        and any(getattr(before, name) != getattr(article, name) for name in SHOWN)
    ):
        article.updated_at = now
    article.save()
    if before:
        remember(before, article)
    free(article)
    share_cards.ask_for(article)


@transaction.atomic
def set_links(article: Article, *, authors: Iterable[Author], tags: Iterable[Tag]) -> None:
    article.authors.set(authors)
    article.tags.set(tags)
    _changed([article.pk])


def publish(articles: Iterable[Article]) -> int:
    """Publish now what is not visible yet and lacks nothing; returns how many that were."""
    ready = [article for article in articles if not missing(article, has_authors=article.authors.exists())]
    return _set_status(ready, Article.Status.PUBLISHED)


def unpublish(articles: Iterable[Article]) -> int:
    return _set_status(articles, Article.Status.DRAFT)


@transaction.atomic
def _set_status(articles: Iterable[Article], status: Article.Status) -> int:
    changed = []
    for article in sorted(articles, key=lambda article: article.pk):
        if status == Article.Status.PUBLISHED and not article.is_visible:
            # One that was published before keeps its date.
            if article.published_at is None or article.published_at > timezone.now():
                article.published_at = timezone.now()
        elif article.status == status:
            continue
        article.status = status
        _store(article)
        changed.append(article.pk)
    if changed:
        _changed(changed)
    return len(changed)


@transaction.atomic
def delete_articles(articles: Iterable[Article]) -> None:
    gone = []
    for article in sorted(articles, key=lambda article: article.pk):
        gone.append(article.pk)
        share_cards.forget(article.share_card)
        article.delete()
    index.drop_with_comments(gone)
    pages.changed(articles=gone, site=True)


@transaction.atomic
def save_tag(tag: Tag) -> Tag:
    before = Tag.objects.filter(pk=tag.pk).first()
    make_plain(tag, "name", "description")
    tag.save()
    if before:
        remember(before, tag)
    free(tag)
    _changed(_posts_of(tag))
    return tag


@transaction.atomic
def delete_tags(tags: Iterable[Tag]) -> None:
    posts: set[int] = set()
    for tag in tags:
        posts.update(_posts_of(tag))
        tag.delete()
    _changed(posts)


@transaction.atomic
def merge_tags(tags: Iterable[Tag], *, into: Tag) -> None:
    """Give the posts of ``tags`` the topic ``into``; the addresses of the merged topics lead there."""
    posts: set[int] = set()
    for tag in tags:
        if tag.pk == into.pk:
            continue
        posts.update(_posts_of(tag))
        into.articles.add(*_posts_of(tag))
        FormerSlug.objects.filter(tag=tag).update(tag=into)
        slug = tag.slug
        tag.delete()
        lead(slug, to=into)
    _changed(posts)


@transaction.atomic
def save_author(author: Author) -> Author:
    before = Author.objects.filter(pk=author.pk).first()
    make_plain(author, "name", "bio")
    author.save()
    if before:
        remember(before, author)
    free(author)
    _changed(_posts_of(author))
    return author


def stop_mail_to(author: Author) -> None:
    """An author wants no mail about comments on their posts. Nothing public changes."""
    author.hears_of_comments = False
    author.save(update_fields=["hears_of_comments"])


@transaction.atomic
def delete_authors(authors: Iterable[Author]) -> None:
    posts: set[int] = set()
    for author in authors:
        posts.update(_posts_of(author))
        author.delete()
    _changed(posts)


@transaction.atomic
def save_page(page: Page) -> Page:
    make_plain(page, "title")
    page.body = sanitise(page.body)
    page.save()
    pages.changed(site=True)
    return page


def _changed(articles: Iterable[int]) -> None:
    """Posts (by id) and what lists them show something else now, and are found by other words."""
    articles = list(articles)
    documents.update(articles)
    pages.changed(articles=articles, site=True)


def _posts_of(owner: Tag | Author) -> list[int]:
    return list(owner.articles.values_list("pk", flat=True))
