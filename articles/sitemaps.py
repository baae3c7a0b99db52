"""What search engines may find: visible posts, topics and the site's own pages."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from .models import Article, Page, Tag


class ArticleMap(Sitemap[Article]):
    def items(self) -> QuerySet[Article]:
        return Article.objects.visible().newest()

    def lastmod(self, item: Article) -> datetime | None:
        return item.updated_at or item.published_at


class TagMap(Sitemap[Tag]):
    def items(self) -> QuerySet[Tag]:
        return Tag.objects.with_counts().order_by("name")


class PageMap(Sitemap[Page]):
    def items(self) -> QuerySet[Page]:
        return Page.objects.all()

    def lastmod(self, item: Page) -> datetime:
        return item.updated_at


class FrontMap(Sitemap[str]):
    def items(self) -> list[str]:
        return ["home", "topics", "moderation-report"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS: dict[str, Any] = {"front": FrontMap, "articles": ArticleMap, "topics": TagMap, "pages": PageMap}
