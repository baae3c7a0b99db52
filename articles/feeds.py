"""The Atom feed of posts. A reader that asks again is told "not modified" after one look at the stamps."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.http import HttpRequest, HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import condition, require_safe

from fibroblog import pages
from fibroblog.own_address import with_own_address

from .models import Article

LENGTH = 20  # posts in the feed


def polled(feed: Feed[Any, Any]) -> Callable[..., HttpResponseBase]:
    """A feed that tells a reader who asks again "not modified" after two small queries."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = feed(request, *args, **kwargs)
        # Django's date is that of the newest entry, which a withdrawn one does not move.
        del response["Last-Modified"]
        return response

    return require_safe(
        condition(etag_func=fingerprint, last_modified_func=last_modified)(with_own_address(view))
    )


def fingerprint(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    """Changes with every stamp and with every scheduled post whose time comes, also within one second."""
    newest = Article.objects.visible().aggregate(at=Max("published_at"))["at"]
    return f'"{pages.total()}-{newest.timestamp() if newest else 0}"'


def last_modified(request: HttpRequest, *args: Any, **kwargs: Any) -> datetime | None:
    """The later of the last change and the last post whose time came."""
    newest = Article.objects.visible().aggregate(at=Max("published_at"))["at"]
    return max((moment for moment in (pages.last_moved(), newest) if moment), default=None)


class ArticleFeed(Feed[Article, None]):
    feed_type = Atom1Feed
    title = settings.SITE_NAME
    subtitle = "Plain-language posts about fibromyalgia research."
    link = "/"

    def items(self) -> Any:
        return Article.objects.visible().newest().for_page()[:LENGTH]

    def item_guid(self, item: Any) -> str:
        """Stays when the post is renamed, so that no reader shows it twice."""
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:article:{item.pk}"

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Any) -> str:
        return str(item.finding)

    def item_author_name(self, item: Any) -> str:
        return ", ".join(author.name for author in item.authors.all())

    def item_pubdate(self, item: Any) -> datetime:
        published: datetime = item.published_at
        return published

    def item_updateddate(self, item: Any) -> datetime:
        updated: datetime = item.updated_at or item.published_at
        return updated

    def item_categories(self, item: Any) -> list[str]:
        return [tag.name for tag in item.tags.all()]


articles = polled(ArticleFeed())
