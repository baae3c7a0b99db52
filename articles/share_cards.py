"""The cards that others show for a link to a post: kept up by the worker, as files whose names change with their words.

No page waits for one: until it is drawn, the site's own card stands in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.templatetags.static import static
from django_tasks import task

from fibroblog import pages

from . import share_drawing
from .models import Article

DESIGN = 1  # another number has every card drawn anew at the next start


@dataclass(frozen=True)
class Card:
    address: str
    alt: str


def of(article: Article | None) -> Card:
    """The card of a post, or of the site where there is none."""
    if article is not None and article.share_card:
        words = f"{article.title} {article.finding}".strip()
        return Card(settings.SITE_URL + default_storage.url(article.share_card), words)
    return Card(settings.SITE_URL + static("img/card.png"), f"The mark of {settings.SITE_NAME}: a butterfly.")


def name_for(article: Article) -> str:
    words = "\n".join((str(DESIGN), settings.SITE_NAME, article.title, article.finding))
    return f"cards/{article.pk}-{sha256(words.encode()).hexdigest()[:16]}.png"


def is_missing(article: Article) -> bool:
    """Whether the worker should look: drafts have no card, so that no file tells of them."""
    return article.status == Article.Status.PUBLISHED and article.share_card != name_for(article)


def ask_for(article: Article) -> None:
    if is_missing(article):
        draw.enqueue(article.pk)


@task()
def draw(article_id: int) -> None:
    article = Article.objects.filter(pk=article_id).first()
    if article is not None and is_missing(article):
        _draw(article)


def catch_up() -> None:
    """For a site that is older than its cards, or has another name now: one task for all of them."""
    if any(map(is_missing, _published())):
        draw_missing.enqueue()


@task()
def draw_missing() -> None:
    for article in _published():
        if is_missing(article):
            _draw(article)


def _published() -> Iterator[Article]:
    posts = Article.objects.filter(status=Article.Status.PUBLISHED)
    return posts.only("title", "finding", "status", "share_card").iterator()


def _draw(article: Article) -> None:
    drawn = share_drawing.draw(article.title, article.finding, settings.SITE_NAME)
    name = name_for(article) if drawn else ""
    if drawn and not default_storage.exists(name):
        default_storage.save(name, ContentFile(drawn))
    if name == article.share_card:
        return
    with transaction.atomic():
        # Words that changed while we drew have asked for a card of their own.
        unchanged = Article.objects.filter(pk=article.pk, title=article.title, finding=article.finding)
        if unchanged.update(share_card=name):
            forget(article.share_card)
            pages.changed(article=article.pk, site=True)
        else:
            forget(name)


def forget(name: str) -> None:
    """Remove a card's file once the row that named it is surely changed or gone."""
    if name:
        transaction.on_commit(partial(default_storage.delete, name))
