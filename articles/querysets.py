"""How posts and topics are read. Nothing here changes a row."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
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

    def with_listing(self) -> Self:
        """All that a list of posts shows, in a constant number of queries and without the bodies."""
        return (
            self.defer("body", "key_points", "short_version", "text")
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

    def for_page(self) -> Self:
        return self.select_related("main_image").prefetch_related("authors", "tags")


class TagQuerySet(models.QuerySet["Tag"]):
    def with_counts(self) -> Self:
        """Topics that have at least one visible post, with ``count`` of them."""
        visible = models.Q(articles__status="published", articles__published_at__lte=timezone.now())
        return self.annotate(count=models.Count("articles", filter=visible)).filter(count__gt=0)

    def in_use(self) -> Self:
        """Topics that have at least one visible post, uncounted: quick however many posts there are."""
        posts = apps.get_model("articles.Article").objects.visible()
        return self.filter(models.Exists(posts.filter(tags=models.OuterRef("pk"))))
