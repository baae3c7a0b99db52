"""How posts, topics, authors and series are read. Nothing here changes a row."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from fibroblog import limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .models import Article, Author, Notice, Series, Study, Tag, Weighing  # noqa: F401  # named in the bases below  # noqa: F401


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
            self.defer("body", "key_points", "short_version", "unknowns", "doctor_first", "text")
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

    def for_feed(self) -> Self:
        """What entries show: the short version, not the body."""
        return self.defer("body", "text").prefetch_related("authors", "tags")

    def for_page(self) -> Self:
        """A post with all that its page shows, the studies that it weighs too, in a constant number of queries."""
        return self.select_related("main_image", "part__series").prefetch_related(
            "authors", "tags", "corrections", "recommendations__resource", *STUDIES
        )

    def sharing(self, weights: "Mapping[int, int]") -> Self:
        """Posts with one of these topics (by id), those with the most weight first, then the newest."""
        cases = [models.When(tags=pk, then=models.Value(weight)) for pk, weight in weights.items()]
        if not cases:
            return self.none()
        score = models.Sum(models.Case(*cases, output_field=models.IntegerField()))
        return self.filter(tags__in=weights).annotate(score=score).order_by("-score", "-published_at", "-pk")

    def in_series(self, series: "Series") -> Self:
        """Its visible posts, in their order."""
        return self.visible().filter(part__series=series).order_by("part__position", "part__pk")

    def review_overdue(self) -> Self:
        """Visible posts whose day of review is over."""
        return self.visible().filter(review_due_on__lt=timezone.localdate())

    def by_year(self) -> list[tuple[int, int]]:
        """The years of these posts, newest first, and how many posts each has."""
        years = self.order_by().annotate(year=ExtractYear("published_at")).values("year")
        return list(years.annotate(count=models.Count("pk")).order_by("-year").values_list("year", "count"))

    def next_flip(self) -> datetime | None:
        """The next instant at which one of these posts looks different though nobody touched it: its time comes, its
        review is overdue, or a correction is no longer news. A stored page may not outlive it."""
        today, published = timezone.localdate(), models.Q(status="published")
        news_since = today - timedelta(days=limits.CORRECTION_NEWS_DAYS)
        due = self.aggregate(
            scheduled=models.Min(
                "published_at", filter=published & models.Q(published_at__gt=timezone.now())
            ),
            review=models.Min("review_due_on", filter=published & models.Q(review_due_on__gte=today)),
            news=models.Min(
                "corrections__made_on", filter=published & models.Q(corrections__made_on__gt=news_since)
            ),
        )
        moments: list[datetime | None] = [
            due["scheduled"],
            due["review"] and start_of(due["review"] + timedelta(days=1)),
            due["news"] and start_of(due["news"] + timedelta(days=limits.CORRECTION_NEWS_DAYS)),
        ]
        return min((moment for moment in moments if moment), default=None)


class TagQuerySet(models.QuerySet["Tag"]):
    def at(self, slug: str) -> Self:
        """The topic with this address, now or before it was renamed."""
        return self.filter(models.Q(slug=slug) | models.Q(former_slugs__slug=slug)).distinct()

    def with_counts(self) -> Self:
        """Topics that have at least one visible post, with ``count`` of them."""
        visible = models.Q(articles__status="published", articles__published_at__lte=timezone.now())
        return self.annotate(count=models.Count("articles", filter=visible)).filter(count__gt=0)

    def in_use(self) -> Self:
        """Topics that have at least one visible post, uncounted: quick however many posts there are."""
        posts = apps.get_model("articles.Article").objects.visible()
        return self.filter(models.Exists(posts.filter(tags=models.OuterRef("pk"))))

    def with_change(self) -> Self:
        """``changed_at``: the newest change of a visible post of the topic."""
        visible = models.Q(articles__status="published", articles__published_at__lte=timezone.now())
        change = Coalesce("articles__updated_at", "articles__published_at")
        return self.annotate(changed_at=models.Max(change, filter=visible))


class AuthorQuerySet(models.QuerySet["Author"]):
    def with_counts(self) -> Self:
        """Authors of whom readers see at least one post, with ``count`` of them. Nobody else has a page."""
        visible = models.Q(articles__status="published", articles__published_at__lte=timezone.now())
        return self.annotate(count=models.Count("articles", filter=visible)).filter(count__gt=0)


class SeriesQuerySet(models.QuerySet["Series"]):
    def with_counts(self) -> Self:
        """Series that have at least one visible part, with ``count`` of them."""
        visible = models.Q(
            parts__article__status="published", parts__article__published_at__lte=timezone.now()
        )
        return self.annotate(count=models.Count("parts", filter=visible)).filter(count__gt=0)


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


def start_of(day: date) -> datetime:
    """The first instant of a day, as the clocks stand here."""
    return timezone.make_aware(datetime.combine(day, time.min))
