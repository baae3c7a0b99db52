"""Whether a post takes comments, and what its readers answered with one press."""

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from comments.querysets import DiscussionQuerySet


class Discussion(models.Model):
    """Whether a post takes comments. A post without a row is open and stays so."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    article = models.OneToOneField("articles.Article", on_delete=models.CASCADE, related_name="discussion")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    closes_after_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(3650)],
        help_text="Days after publication. Empty: it stays open.",
    )

    helped = models.PositiveIntegerField(
        default=0, editable=False, help_text="Presses of “This helped”, as counted last."
    )

    objects = DiscussionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Discussion of “{self.article}”"

    @property
    def in_words(self) -> str:
        """For the log."""
        ends = f", closes after {self.closes_after_days} days" if self.closes_after_days is not None else ""
        return f"{self.get_status_display()}{ends}"

    @property
    def closes_at(self) -> datetime | None:
        """When it closes by itself; None: never."""
        published = self.article.published_at
        if published is None or self.closes_after_days is None:
            return None
        return published + timedelta(days=self.closes_after_days)

    @property
    def is_open(self) -> bool:
        closes = self.closes_at
        return self.status == self.Status.OPEN and (closes is None or timezone.now() < closes)
