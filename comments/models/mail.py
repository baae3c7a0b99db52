"""The outbox: every mail to be sent, as a row that was written in the transaction of what it tells.

A row holds no address and no words: the worker looks both up when it sends.
"""

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from .comments import Comment
from .log import Decision
from .people import Commenter, Confirmation
from .reports import Case


class Mail(models.Model):
    class Kind(models.TextChoices):
        CONFIRM = "confirm", "Please confirm"
        OWN_PAGE = "own_page", "Link to one's own page"
        DECISION = "decision", "Word of a decision"
        REPLY = "reply", "A reply"
        DISCUSSION = "discussion", "A comment in a followed discussion"
        AUTHOR = "author", "A comment on one's post"
        REPORT = "report", "What became of a report"
        RISK = "risk", "Someone may be at risk"
        WAITING = "waiting", "A comment waits"
        DIGEST = "digest", "What waits, in one mail"
        OPINION = "opinion", "A second opinion is asked for"
        ALARM = "alarm", "A comment waits for too long"
        HANDED = "handed", "A comment was handed over"
        APPEAL = "appeal", "What became of an appeal"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "No longer true, not sent"
        GIVEN_UP = "given_up", "Given up"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    event = models.CharField(max_length=60, help_text="What happened. One mail a person and event.")
    recipient = models.CharField(max_length=64, help_text="Keyed hash of the address.")
    # Not kept by the database: somebody may be erased at the moment when something is written down for them.
    commenter = models.ForeignKey(
        Commenter, on_delete=models.CASCADE, db_constraint=False, null=True, related_name="mails"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    confirmation = models.ForeignKey(Confirmation, on_delete=models.CASCADE, null=True, related_name="mails")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, related_name="mails")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="mails")
    decision = models.ForeignKey(
        Decision, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=100, blank=True, help_text="The kind of the last failure.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "outgoing mail"
        verbose_name_plural = "outgoing mail"
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient"], name="one_mail_per_person_and_event"),
            # Somebody has to get it.
            models.CheckConstraint(
                condition=models.Q(commenter__isnull=False)
                | models.Q(user__isnull=False)
                | models.Q(confirmation__isnull=False),
                name="mail_has_a_recipient",
            ),
        ]
        indexes = [
            # The worker: what is due.
            models.Index(fields=["state", "due_at"], name="mail_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"
