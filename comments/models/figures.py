"""What the worker works out from the site's own decisions: one row each, made anew from time to time."""

from django.db import models
from django.utils import timezone


class AnswerTime(models.Model):
    """How soon comments are usually decided on; shown to writers."""

    within_hours = models.PositiveIntegerField(
        null=True, help_text="One of fixed steps. Empty: too few decisions."
    )
    worked_out_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_answer_time")]

    def __str__(self) -> str:
        return f"{self.within_hours} hours"


class Learnt(models.Model):
    """What the learner knows: how often each word stood in spam and in what was approved."""

    counts = models.JSONField(default=dict, help_text="From the site's own decisions.")
    imported = models.JSONField(default=dict, help_text="From a file; added to the site's own.")
    trial = models.JSONField(default=dict, help_text="How well it did on the site's own decisions.")
    learns_from = models.DateTimeField(
        null=True, blank=True, help_text="Since it was reset: decisions before that are not learnt again."
    )
    trained_at = models.DateTimeField(
        default=timezone.now, help_text="When the decisions were read, not when that was done."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_learner")]
        permissions = [("reset_learnt", "Can import and reset what the learner knows")]

    def __str__(self) -> str:
        return f"Learnt at {self.trained_at:%Y-%m-%d}"
