"""Posts that belong together and are best read in order."""

from django.db import models
from django.urls import reverse

from articles.querysets import SeriesQuerySet

from .articles import Article


class Series(models.Model):
    title = models.CharField(max_length=120)
    slug = models.SlugField(unique=True, help_text="Used in the address. Old addresses keep working.")
    description = models.CharField(max_length=300, blank=True, help_text="One sentence for the series' page.")

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.slug])


class Part(models.Model):
    """A post's place in its series. A post is part of one series only, so that "part 2" has one meaning."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="parts")
    article = models.OneToOneField(
        Article,
        on_delete=models.CASCADE,
        related_name="part",
        error_messages={"unique": "This post is part of a series already."},
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="The lowest comes first.")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.article)
