"""The moderation log, and the words that go with it."""

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from comments.querysets import DecisionQuerySet, StateDecisions
from comments.states import State

from .comments import Comment


class Decision(models.Model):
    """The moderation log. A row is written once; the database itself refuses to change or delete it.

    Most rows are moves of a comment from one state to another: ``Decision.objects`` knows only those. Everything else
    that moderation changes stands beside them: ``Decision.log`` has all rows, in the order in which things happened.

    It points by number and holds no text, name or address, so that erasing somebody never touches it. That is
    also why its keys are not enforced: what they point to may go.
    """

    class What(models.TextChoices):
        STATE = "state", "State of a comment"
        TEXT = "text", "Text of a comment"
        THREAD = "thread", "Part of a discussion"
        DISCUSSION = "discussion", "Discussion"
        RISK = "risk", "Someone may be at risk"
        REPORT = "report", "Report"
        APPEAL = "appeal", "Appeal"
        PERSON = "person", "Person"
        HANDED = "handed", "Handed over"
        RULE = "rule", "Rule"
        REASON = "reason", "Reason or saved reply"
        SETTING = "setting", "Setting"
        LEARNER = "learner", "Learner"

    what = models.CharField(max_length=10, choices=What.choices, default=What.STATE)
    about = models.PositiveBigIntegerField(
        null=True, help_text="What is no comment: the id of the post, measure, rule or other thing."
    )
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
    was = models.TextField(choices=State.choices, blank=True, help_text="Of other things in plain words.")
    to = models.TextField(choices=State.choices, blank=True)
    reason = models.CharField(max_length=40, blank=True, help_text="A code; `reasons` has its words.")
    revision = models.PositiveIntegerField(default=0, help_text="Of the comment's text.")
    undoes = models.ForeignKey(
        "self", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="undone_by"
    )
    at = models.DateTimeField(default=timezone.now)

    objects = StateDecisions.from_queryset(DecisionQuerySet)()
    log = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "log entry"
        verbose_name_plural = "moderation log"
        indexes = [
            # The queue: what I decided lately.
            models.Index(fields=["by", "-at"], name="decision_by"),
            # The dashboard and the months: what was decided since.
            models.Index(fields=["what", "at"], name="decision_what"),
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
