"""How posts and topics are read. Nothing here changes a row."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from .models import Article, Tag  # noqa: F401  # named in the bases below
    from .study_models import Notice, Study, Weighing  # noqa: F401


# What the cards of a post's studies show; their numbers bring group and time along.
STUDIES = [
    f"weighings__study{part}"
    for part in ("", "__arms", "__times", "__outcomes", "__outcomes__results", "__notices")
]


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
            .prefetch_related("authors", "tags", "weighings__study__notices")
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
        """A post with all that its page shows, the studies that it weighs too, in a constant number of queries."""
        return self.select_related("main_image").prefetch_related("authors", "tags", *STUDIES)

    def matching(self, words: str) -> Self:
        """Posts that hold every one of the words somewhere, title first."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                models.Q(title__icontains=word)
                | models.Q(finding__icontains=word)
                | models.Q(key_points__icontains=word)
                | models.Q(short_version__icontains=word)
                | models.Q(text__icontains=word)
                | models.Q(tags__name__icontains=word)
            )
        return found.distinct()


class TagQuerySet(models.QuerySet["Tag"]):
    def with_counts(self) -> Self:
        """Topics that have at least one visible post, with ``count`` of them."""
        visible = models.Q(articles__status="published", articles__published_at__lte=timezone.now())
        return self.annotate(count=models.Count("articles", filter=visible)).filter(count__gt=0)


class StudyQuerySet(models.QuerySet["Study"]):
    def in_use(self) -> Self:
        """Those that some post weighs, published or not."""
        return self.filter(weighings__isnull=False).distinct()

    def to_ask_about(self) -> Self:
        """In use and with a DOI, the one that was asked about longest ago first."""
        return self.in_use().exclude(doi="").order_by(models.F("asked_at").asc(nulls_first=True), "pk")


class WeighingQuerySet(models.QuerySet["Weighing"]):
    def unjudged(self) -> Self:
        """Without a verdict: size and certainty are two halves of it."""
        return self.filter(models.Q(size="") | models.Q(certainty=""))


class NoticeQuerySet(models.QuerySet["Notice"]):
    def open(self) -> Self:
        """What no editor has looked at yet."""
        return self.filter(looked_at=None)
