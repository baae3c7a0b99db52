"""The moderation log, and the words that go with it."""

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from comments.querysets import DecisionQuerySet
from comments.reasons import Reason
from comments.states import State

from .comments import Comment


class Decision(models.Model):
    """The moderation log. A row is written once; the database itself refuses to change or delete it.

    It points by number and holds no text, name or address, so that erasing somebody never touches it. That is
    also why its keys are not enforced: what they point to may go.
    """

    comment = models.ForeignKey(
        Comment, on_delete=models.DO_NOTHING, db_constraint=False, related_name="decisions", null=True
    )
    by = models.ForeignKey(
        User,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
        help_text="Empty: the system.",
    )
    was = models.CharField(max_length=10, choices=State.choices)
    to = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=40, blank=True, choices=Reason.choices)
    revision = models.PositiveIntegerField()
    undoes = models.ForeignKey(
        "self", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="undone_by"
    )
    at = models.DateTimeField(default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "log entry"
        verbose_name_plural = "moderation log"
        indexes = [
            # The queue: what I decided lately.
            models.Index(fields=["by", "-at"], name="decision_by"),
        ]

    def __str__(self) -> str:
        return f"{self.was} → {self.to}"


class Note(models.Model):
    """A moderator's words to the writer, kept beside the log so that they can be erased."""

    decision = models.OneToOneField(
        Decision, on_delete=models.DO_NOTHING, db_constraint=False, related_name="note"
    )
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.text
