"""What readers reported: one case per comment and text, however many report it."""

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from .comments import Comment
from .people import Commenter


class Case(models.Model):
    """What was said against one text of a comment. "Looked at, stays" holds until the text changes."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Waiting for a moderator"
        STAYS = "stays", "Looked at, stays"
        GONE = "gone", "No longer shown"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="cases")
    revision = models.PositiveIntegerField(help_text="Of the text that was reported.")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    about_me = models.BooleanField(
        default=False, help_text="Somebody says that it is about them: goes first."
    )
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "revision"], name="one_case_per_text"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["open", "stays", "gone"]), name="outcome_is_known"
            ),
        ]
        indexes = [
            # The queue: open cases, about oneself first.
            models.Index(
                fields=["-about_me", "opened_at"], condition=models.Q(outcome="open"), name="case_open"
            ),
        ]

    def __str__(self) -> str:
        return f"Case {self.pk}"


class Report(models.Model):
    class Reason(models.TextChoices):
        ABOUT_ME = "about_me", "It is about me, or tells something private of me"
        UNKIND = "unkind", "It hurts or insults somebody"
        ADVICE = "advice", "It gives dangerous advice"
        ADVERT = "advert", "It advertises something"
        OTHER = "other", "Something else"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)
    network = models.CharField(max_length=64, blank=True, help_text="Keyed hash; dropped after some weeks.")
    commenter = models.ForeignKey(
        Commenter, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Report {self.pk}"
