"""How posts and topics are read. Nothing here changes a row."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

if TYPE_CHECKING:
    from .models import Article, Tag  # noqa: F401  # named in the bases below


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible(self) -> Self:
        """What any reader may see now: published, and its time has come. Every public page starts here."""
        return self.filter(status="published", published_at__lte=timezone.now())

    def at(self, slug: str) -> Self:
        """The post with this address, now or before it was renamed."""
        return self.filter(models.Q(slug=slug) | models.Q(former_slugs__slug=slug)).distinct()

    def newest(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def with_change(self) -> Self:
        """``changed_at``: when readers last got to see something new of the post itself, comments apart."""
        return self.annotate(changed_at=Coalesce("updated_at", "published_at"))

    def changes_by_year(self) -> list[dict[str, Any]]:
        """The years with posts, and in each the newest change of one of theirs."""
        years = self.annotate(year=ExtractYear("published_at")).order_by("-year").values("year")
        change = Coalesce("updated_at", "published_at")
        return [dict(row) for row in years.annotate(changed_at=models.Max(change))]

    def newest_change(self) -> datetime | None:
        change = Coalesce("updated_at", "published_at")
        newest: datetime | None = self.aggregate(at=models.Max(change))["at"]
        return newest

    def with_listing(self) -> Self:
        """All that a list of posts shows, in a constant number of queries and without the bodies."""
        return (
            self.defer("body", "key_points", "text")
            .select_related("main_image")
            .prefetch_related("authors", "tags")
        )

    def neighbours_of(self, article: "Article") -> "tuple[Article | None, Article | None]":
        """The visible posts published just before and just after."""
        at = article.published_at
        before = self.visible().filter(
            models.Q(published_at__lt=at) | models.Q(published_at=at, pk__lt=article.pk)
        )
        after = self.visible().filter(
            models.Q(published_at__gt=at) | models.Q(published_at=at, pk__gt=article.pk)
        )
        return before.newest().only("title", "slug").first(), after.newest().only("title", "slug").last()

    def for_feed(self) -> Self:
        """What entries show: the short version, not the body."""
        return self.defer("body", "text").prefetch_related("authors", "tags")

    def for_page(self) -> Self:
        return self.select_related("main_image").prefetch_related("authors", "tags")

    def matching(self, words: str) -> Self:
        """Posts that hold every one of the words somewhere, title first."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                models.Q(title__icontains=word)
                | models.Q(finding__icontains=word)
                | models.Q(key_points__icontains=word)
                | models.Q(text__icontains=word)
                | models.Q(tags__name__icontains=word)
            )
        return found.distinct()


class TagQuerySet(models.QuerySet["Tag"]):
    def at(self, slug: str) -> Self:
        """The topic with this address, now or before it was renamed."""
        return self.filter(models.Q(slug=slug) | models.Q(former_slugs__slug=slug)).distinct()

    def with_counts(self) -> Self:
        """Topics that have at least one visible post, with ``count`` of them."""
        visible = models.Q(articles__status="published", articles__published_at__lte=timezone.now())
        return self.annotate(count=models.Count("articles", filter=visible)).filter(count__gt=0)

    def with_change(self) -> Self:
        """``changed_at``: the newest change of a visible post of the topic."""
        visible = models.Q(articles__status="published", articles__published_at__lte=timezone.now())
        change = Coalesce("articles__updated_at", "articles__published_at")
        return self.annotate(changed_at=models.Max(change, filter=visible))
