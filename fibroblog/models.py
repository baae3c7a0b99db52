"""Rows that belong to the site as a whole: policy, page stamps, rate counters, messages from the contact form."""

from django.db import models
from django.utils import formats, timezone
from simple_history.models import HistoricalRecords

from .search.models import IndexedDocument, IndexedStem, IndexedTrigram, IndexedWord  # noqa: F401  # Django looks here


class Stamp(models.Model):
    """Moves whenever something public behind ``name`` changes, in the transaction of that change.

    ``article:<id>`` is one post, ``discussion:<id>`` what is said below it, ``counts`` how many comments listings tell
    of, ``site`` everything else that lists or frames posts.
    """

    name = models.CharField(max_length=60, primary_key=True)
    version = models.PositiveBigIntegerField(default=1)
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class RateCounter(models.Model):
    """How often one keyed hash did one thing within one window; every process counts in this table."""

    name = models.CharField(max_length=40)
    who = models.CharField(max_length=64, blank=True, help_text="A keyed hash, never an address.")
    window = models.DateTimeField(help_text="The start of the window.")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # Also the index that every look-up uses.
            models.UniqueConstraint(fields=["name", "who", "window"], name="one_counter_per_window"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


class ContactMessage(models.Model):
    """What somebody wrote to the people who run the blog. Kept here, so that no mail trouble can lose it."""

    name = models.CharField(max_length=60)
    email = models.EmailField("e-mail", blank=True)
    body = models.TextField("message")
    sent_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.name}, {self.sent_at:%d %B %Y}"


class Policy(models.Model):
    """What the people who run the blog decide about it: one row, changed through `fibroblog.policy`."""

    publish_trusted = models.BooleanField(
        "publish trusted people at once",
        default=False,
        help_text="Comments of people whose comments were approved before appear without waiting. "
        "Whatever a check noticed still waits. Off: everything waits.",
    )
    presses = models.BooleanField(
        "“This helped” and “With you”",
        default=True,
        help_text="A quiet button for readers who cannot type today. The number is shown from three on.",
    )
    help_lines = models.TextField(
        "help lines",
        blank=True,
        help_text="Shown to a writer who may be at risk: one a line, like “Samaritans (UK): 116 123”. "
        "Links become links. Empty: how to find a help line where one lives.",
    )
    paused_until = models.DateTimeField(
        "comments rest until",
        null=True,
        blank=True,
        help_text="A holiday, or a raid: nobody can comment anywhere until then. Empty: they can.",
    )
    pause_sentence = models.CharField(
        "what readers are told meanwhile",
        max_length=300,
        blank=True,
        help_text="Like “We are on holiday and look forward to your comments from 7 January.”",
    )
    alarm_hours = models.PositiveSmallIntegerField(
        "alarm after hours",
        default=24,
        help_text="Moderators get a mail when the oldest comment waits longer. 0: never.",
    )
    learner_hint = models.BooleanField(
        "hint of the learner",
        default=True,
        help_text="A card says when a comment reads like earlier spam, and with which words. Such a comment waits for "
        "a moderator. The hint never declines or bins anything.",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "policy"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_policy")]

    def __str__(self) -> str:
        return "Policy of this blog"

    @property
    def is_paused(self) -> bool:
        return self.paused_until is not None and timezone.now() < self.paused_until

    @property
    def pause_words(self) -> str:
        """What stands in the place of the comment form; empty: comments are taken."""
        if self.paused_until is None or not self.is_paused:
            return ""
        day = formats.date_format(timezone.localtime(self.paused_until), "j F Y")
        sentence = self.pause_sentence or "The people who moderate here are having a rest."
        return f"{sentence} Comments are taken again after {day}."
