"""What search engines may find: visible posts, topics, years, authors, series and the site's own pages, each with the day it changed.

A date that nothing keeps is left out, not guessed. A discussion does not date its post.
"""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import QuerySet
from django.urls import reverse

from .feeds import polled
from .models import Article, Author, Page, Series, Tag


class ArticleMap(Sitemap[Article]):
    def items(self) -> QuerySet[Article]:
        return Article.objects.visible().newest().with_change()

    def lastmod(self, item: Any) -> datetime:
        changed: datetime = item.changed_at
        return changed


class TagMap(Sitemap[Tag]):
    """A topic's page is as new as the newest change of a post on it."""

    def items(self) -> QuerySet[Tag]:
        return Tag.objects.with_counts().with_change().order_by("name")

    def lastmod(self, item: Any) -> datetime | None:
        changed: datetime | None = item.changed_at
        return changed


class YearMap(Sitemap[dict[str, Any]]):
    def items(self) -> list[dict[str, Any]]:
        return Article.objects.visible().changes_by_year()

    def location(self, item: dict[str, Any]) -> str:
        return reverse("archive", args=[item["year"]])

    def lastmod(self, item: dict[str, Any]) -> datetime:
        changed: datetime = item["changed_at"]
        return changed


class AuthorMap(Sitemap[Author]):
    def items(self) -> QuerySet[Author]:
        return Author.objects.with_counts().order_by("name")


class SeriesMap(Sitemap[Series]):
    def items(self) -> QuerySet[Series]:
        return Series.objects.with_counts().order_by("title")


class PageMap(Sitemap[Page]):
    def items(self) -> QuerySet[Page]:
        return Page.objects.all()

    def lastmod(self, item: Page) -> datetime:
        return item.updated_at


class FrontMap(Sitemap[str]):
    def items(self) -> list[str]:
        return ["home", "topics", "words", "search", "moderation-report"]

    def location(self, item: str) -> str:
        return reverse(item)

    def lastmod(self, item: str) -> datetime | None:
        return Article.objects.visible().newest_change() if item == "home" else None


SITEMAPS: dict[str, Any] = {
    "front": FrontMap,
    "articles": ArticleMap,
    "topics": TagMap,
    "years": YearMap,
    "authors": AuthorMap,
    "series": SeriesMap,
    "pages": PageMap,
}

site_map = polled(sitemap)
