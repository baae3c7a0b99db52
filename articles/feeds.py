"""Feeds of posts: all of them, of a topic, by an author, found by words. An entry holds the finding and the key points.

A reader that asks again is told "not modified" after one look at the stamps.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import SyndicationFeed
from django.views.decorators.http import condition, require_safe

from fibroblog import pages
from fibroblog.own_address import with_own_address
from fibroblog.search import finding
from fibroblog.search.models import Kind
from fibroblog.search.words import MOST_LETTERS

from . import facts, feed_formats, share_cards
from .models import Article, Author, Tag
from .querysets import ArticleQuerySet

LENGTH = 20  # posts in a feed


def polled(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A feed or a map that tells whoever asks again "not modified" after two small queries."""

    def dated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        # Django's date is that of the newest entry, which a withdrawn one does not move.
        del response["Last-Modified"]
        return response

    return require_safe(
        condition(etag_func=fingerprint, last_modified_func=last_modified)(with_own_address(dated))
    )


def fingerprint(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    """Changes with every stamp and with every scheduled post whose time comes, also within one second."""
    newest = Article.objects.visible().aggregate(at=Max("published_at"))["at"]
    return f'"{pages.total()}-{newest.timestamp() if newest else 0}"'


def last_modified(request: HttpRequest, *args: Any, **kwargs: Any) -> datetime | None:
    """The later of the last change and the last post whose time came."""
    newest = Article.objects.visible().aggregate(at=Max("published_at"))["at"]
    return max((moment for moment in (pages.last_moved(), newest) if moment), default=None)


class ArticleFeed(Feed[Article, Any]):
    """All posts. The other feeds say which posts, and what they are called."""

    feed_type: type[SyndicationFeed] = feed_formats.Atom
    subtitle = "Plain-language posts about fibromyalgia research."
    author_name = settings.SITE_NAME  # a post whose author left has none of its own

    def title(self, obj: Any) -> str:
        return str(settings.SITE_NAME)

    def link(self, obj: Any) -> str:
        return reverse("home")

    def posts(self, obj: Any) -> ArticleQuerySet:
        return Article.objects.visible()

    def items(self, obj: Any) -> Any:
        return self.posts(obj).newest().for_feed()[:LENGTH]

    def item_guid(self, item: Any) -> str:
        """Stays when the post is renamed, so that no reader shows it twice."""
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:article:{item.pk}"

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Any) -> None:  # type: ignore[override]  # the formats write what they can
        return None

    def item_pubdate(self, item: Any) -> datetime:
        published: datetime = item.published_at
        return published

    def item_updateddate(self, item: Any) -> datetime:
        updated: datetime = item.updated_at or item.published_at
        return updated

    def item_categories(self, item: Any) -> list[str]:
        return [tag.name for tag in item.tags.all()]

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        return {
            "summary": item.finding,
            "content": render_to_string(
                "articles/feed_entry.html", {"article": item, "site_url": settings.SITE_URL}
            ),
            "authors": [facts.named(author) for author in item.authors.all()],
            "image": share_cards.of(item).address,
        }


class JsonFeed(ArticleFeed):
    feed_type = feed_formats.Json


class TagFeed(ArticleFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Tag:
        tag: Tag = get_object_or_404(Tag.objects.at(slug))
        return tag

    def title(self, obj: Tag) -> str:
        return f"{settings.SITE_NAME}: {obj.name}"

    def link(self, obj: Tag) -> str:
        return obj.get_absolute_url()

    def feed_url(self, obj: Tag) -> str:
        return reverse("tag-feed", args=[obj.slug])

    def posts(self, obj: Tag) -> ArticleQuerySet:
        return Article.objects.visible().filter(tags=obj)


class AuthorFeed(ArticleFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Author:
        author: Author = get_object_or_404(Author, slug=slug)
        return author

    def title(self, obj: Author) -> str:
        return f"{settings.SITE_NAME}: posts by {obj.name}"

    def link(self, obj: Author) -> str:
        return str(obj.get_absolute_url())

    def posts(self, obj: Author) -> ArticleQuerySet:
        return Article.objects.visible().filter(authors=obj)


class SearchFeed(ArticleFeed):
    """Posts that hold the words, the newest first: what is new for somebody who follows a question."""

    def get_object(self, request: HttpRequest) -> str:
        words = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:MOST_LETTERS]
        if not words:
            raise Http404("A feed of a search needs words: ?q=")
        return words

    def title(self, obj: str) -> str:
        return f"{settings.SITE_NAME}: posts with “{obj}”"

    def link(self, obj: str) -> str:
        return f"{reverse('search')}?{urlencode({'q': obj})}"

    def feed_url(self, obj: str) -> str:
        return f"{reverse('search-feed')}?{urlencode({'q': obj})}"

    def posts(self, obj: str) -> ArticleQuerySet:
        found = finding.find(obj, finding.Filters(kind=Kind.ARTICLE), order="newest")
        return Article.objects.visible().filter(pk__in=[key for _, key in found.hits[:LENGTH]])


articles = polled(ArticleFeed())
articles_json = polled(JsonFeed())
of_tag = polled(TagFeed())
by_author = polled(AuthorFeed())
found = polled(SearchFeed())
