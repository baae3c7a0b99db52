"""Words and patterns that moderators look out for, editable in the admin."""

from django.contrib.auth.models import User
from django.db import models
from simple_history.models import HistoricalRecords


class Rule(models.Model):
    class Action(models.TextChoices):
        RISK = "risk", "Someone may be at risk"
        HOLD = "hold", "A moderator should look"
        SPAM = "spam", "Spam folder"
        NUDGE = "nudge", "Ask the writer to think again"

    class Form(models.TextChoices):
        PHRASE = "phrase", "Words, one after the other"
        PATTERN = "pattern", "Pattern (regular expression)"

    action = models.CharField(max_length=10, choices=Action.choices)
    form = models.CharField(max_length=10, choices=Form.choices, default=Form.PHRASE)
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=5, default="en", help_text="Of the words, like en or de.")
    says = models.CharField(
        "what the writer reads",
        max_length=300,
        blank=True,
        help_text="Only where they are asked to think again.",
    )
    note = models.CharField(max_length=300, blank=True, help_text="For moderators: why this rule is here.")
    folds = models.BooleanField(
        "fold in the queue",
        default=False,
        help_text="Its words can be hard to read: the text opens only when a moderator asks for it.",
    )
    is_active = models.BooleanField("in use", default=True)
    by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["action", "text"]
        constraints = [
            models.UniqueConstraint(fields=["action", "form", "text", "language"], name="one_rule_per_text")
        ]

    def __str__(self) -> str:
        return self.text
