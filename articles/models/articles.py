"""Posts, their pictures, authors and tags, and the site's own pages: fields and constraints.

Whatever changes a row that readers see goes through `publishing` or `images`.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils import timezone
from imagekit.models import ImageSpecField
from imagekit.processors import ResizeToFit
from simple_history.models import HistoricalRecords

from articles.editor import BodyField
from articles.querysets import ArticleQuerySet, AuthorQuerySet, TagQuerySet

if TYPE_CHECKING:
    from .weighings import Weighing

WORDS_A_MINUTE = 200  # for "4 minute read"; a slow, ordinary pace


# What keeps its old addresses when it is renamed: the name of the field of `FormerSlug`.
RENAMED = ("article", "author", "series", "tag")


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class Author(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True, help_text="Used in the address. Old addresses keep working.")
    bio = models.TextField("about the author", blank=True, help_text="One or two plain sentences.")
    user = models.OneToOneField(
        "auth.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        help_text="The account of this author, if there is one.",
    )
    hears_of_comments = models.BooleanField(
        "mail about comments",
        default=True,
        help_text="With an account: word of each new comment on one's own posts.",
    )

    objects = AuthorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("author", args=[self.slug])


class Tag(models.Model):
    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(unique=True, help_text="Used in the address. Old addresses keep working.")
    description = models.CharField(max_length=300, blank=True, help_text="One sentence for the topic's page.")

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "topic"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.slug])


class Picture(models.Model):
    """An image with the words that stand in for it. Uploads are re-encoded and get smaller renditions."""

    file = models.FileField(upload_to="pictures/%Y/")
    width = models.PositiveIntegerField(editable=False, help_text="Pixels.")
    height = models.PositiveIntegerField(editable=False, help_text="Pixels.")
    alt = models.CharField(
        "description",
        max_length=125,
        blank=True,
        help_text="What the picture shows, for people who do not see it. Up to 125 characters.",
    )
    decorative = models.BooleanField(default=False, help_text="It only adorns: screen readers pass it by.")
    caption = models.CharField(
        max_length=300, blank=True, help_text="Adds meaning; does not repeat the description."
    )
    credit = models.CharField(max_length=120, blank=True, help_text="Who made it, if that should be said.")
    renditions_at = models.DateTimeField(
        null=True, editable=False, help_text="When the worker made the smaller ones."
    )
    added_at = models.DateTimeField(auto_now_add=True)

    small = ImageSpecField(
        source="file", processors=[ResizeToFit(640)], format="WEBP", options={"quality": 72}
    )
    large = ImageSpecField(
        source="file", processors=[ResizeToFit(1320)], format="WEBP", options={"quality": 72}
    )

    class Meta:
        ordering = ["-added_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decorative=True, alt="") | models.Q(decorative=False) & ~models.Q(alt=""),
                name="picture_has_alt_or_is_decorative",
                violation_error_message="Describe the picture, or tick “decorative” and leave the description empty.",
            ),
        ]

    def __str__(self) -> str:
        return self.alt or f"Decorative picture {self.pk}"


class Article(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    title = models.CharField(max_length=160, help_text="Best as the question that the post answers.")
    slug = models.SlugField(
        max_length=120, unique=True, help_text="Used in the address. Old addresses keep working."
    )
    finding = models.CharField(
        max_length=220,
        blank=True,
        help_text="The answer in one plain sentence. It stands in lists, feeds and search engines.",
    )
    key_points = models.TextField(
        blank=True, help_text="Three to five, one a line. Many readers read only these."
    )
    short_version = models.TextField(
        blank=True,
        help_text="The story in two or three short paragraphs of plain text, with an empty line between them.",
    )
    body = BodyField(blank=True)
    unknowns = models.TextField(
        "what this does not tell us",
        blank=True,
        help_text="Short lines, one each: what the study left open, whom it left out.",
    )
    doctor_first = models.TextField(
        "talk to your doctor before you try this",
        blank=True,
        help_text="Only where it is needed, one line each: “If you take blood thinners.”",
    )
    reviewed_on = models.DateField(
        "last reviewed",
        null=True,
        blank=True,
        help_text="When somebody last held the post against the studies.",
    )
    review_due_on = models.DateField(
        "next review",
        null=True,
        blank=True,
        help_text="After this day the post says that it may be out of date.",
    )
    main_image = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    authors = models.ManyToManyField(Author, related_name="articles", blank=True)
    tags = models.ManyToManyField(Tag, related_name="articles", blank=True, verbose_name="topics")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(
        "publish at",
        null=True,
        blank=True,
        help_text="A time to come schedules the post. Empty means: at once.",
    )
    updated_at = models.DateTimeField("updated", null=True, blank=True, editable=False)
    text = models.TextField(
        default="", editable=False, help_text="The body without its markup, for the search."
    )
    words = models.PositiveIntegerField(default=0, editable=False)
    share_card = models.CharField(
        max_length=100,
        default="",
        blank=True,
        editable=False,
        help_text="The drawn picture that others show for a link to the post; empty until the worker drew it.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords(excluded_fields=["text", "words", "share_card"])
    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            # Home, archive, feed and sitemap: what is visible now, newest first.
            models.Index(fields=["status", "-published_at"], name="articles_visible"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False),
                name="published_has_a_time",
                violation_error_message="A published post needs a time of publication.",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_on__isnull=True)
                | models.Q(review_due_on__isnull=True)
                | models.Q(review_due_on__gt=models.F("reviewed_on")),
                name="next_review_after_the_last",
                violation_error_message="The next review has to come after the last one.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])

    @property
    def is_visible(self) -> bool:
        """The same rule as ArticleQuerySet.visible(), for one row at hand."""
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def points(self) -> list[str]:
        return lines_of(self.key_points)

    @property
    def unknown_points(self) -> list[str]:
        return lines_of(self.unknowns)

    @property
    def doctor_points(self) -> list[str]:
        return lines_of(self.doctor_first)

    @property
    def is_review_overdue(self) -> bool:
        """The same rule as ArticleQuerySet.review_overdue(), for one row at hand."""
        return self.review_due_on is not None and self.review_due_on < timezone.localdate()

    @property
    def main_weighing(self) -> "Weighing | None":
        """The study that the post is about."""
        return next((weighing for weighing in self.weighings.all() if weighing.is_main), None)

    @property
    def wider_evidence(self) -> "list[Weighing]":
        return [weighing for weighing in self.weighings.all() if not weighing.is_main]

    @property
    def minutes(self) -> int:
        return _minutes(self.words)

    @property
    def minutes_of_points(self) -> int:
        return _minutes(len(self.key_points.split()))

    @property
    def minutes_of_short(self) -> int:
        """The key points are read first."""
        return _minutes(len(f"{self.key_points} {self.short_version}".split()))


def _minutes(words: int) -> int:
    return max(1, round(words / WORDS_A_MINUTE))


def _exactly_one() -> models.Q:
    """Not a chain of "exclusive or": three of four would pass it."""
    one = models.Q()
    for kind in RENAMED:
        one |= models.Q(**{f"{other}__isnull": other != kind for other in RENAMED})
    return one


class FormerSlug(models.Model):
    """An address that something had before it was renamed; it leads to the new one for good."""

    slug = models.SlugField(max_length=120)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, related_name="former_slugs")
    author = models.ForeignKey(Author, on_delete=models.CASCADE, null=True, related_name="former_slugs")
    series = models.ForeignKey("Series", on_delete=models.CASCADE, null=True, related_name="former_slugs")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, null=True, related_name="former_slugs")

    class Meta:
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["slug"],
                    condition=models.Q(**{f"{kind}__isnull": False}),
                    name=f"one_{kind}_per_former_slug",
                )
                for kind in RENAMED
            ),
            models.CheckConstraint(condition=_exactly_one(), name="former_slug_of_one"),
        ]

    def __str__(self) -> str:
        return self.slug


class Page(models.Model):
    """One of the site's own pages (about, privacy, …); a migration fills them, editors change them."""

    slug = models.SlugField(unique=True, editable=False)
    title = models.CharField(max_length=120)
    body = BodyField()
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"
