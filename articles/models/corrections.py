"""What was put right in a post after readers had seen it."""

from django.db import models
from django.utils import timezone

from .articles import Article


class Correction(models.Model):
    class Kind(models.TextChoices):
        CORRECTION = "correction", "Corrected"
        CLARIFICATION = "clarification", "Made clearer"
        UPDATE = "update", "Brought up to date"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.CORRECTION)
    made_on = models.DateField("day", default=timezone.localdate)
    text = models.CharField(
        "what changed",
        max_length=500,
        help_text="What stood there and what stands there now, in one or two plain sentences.",
    )

    class Meta:
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.made_on:%-d %B %Y}"
