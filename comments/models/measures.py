"""What moderators decided about a person, not about a comment."""

from django.contrib.auth.models import User
from django.db import models
from django.utils import formats, timezone

from comments.querysets import MeasureQuerySet


class Measure(models.Model):
    """Somebody's comments always wait, or are not taken for some time, or not at all.

    Whom it is about stands here as keyed hashes only: it outlives an erasure, and nobody can read an address from it.
    A confirmed person is known by ``address``, a guest by the key of one browser and by a network, both of which fade.
    """

    class Kind(models.TextChoices):
        HOLD = "hold", "Always wait for a moderator"
        PAUSE = "pause", "Pause"
        BLOCK = "block", "Block"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    address = models.CharField(max_length=64, blank=True, help_text="Keyed hash of a confirmed address.")
    owner = models.CharField(max_length=64, blank=True, help_text="Hash of a browser's key.")
    network = models.CharField(max_length=64, blank=True, help_text="Keyed hash.")
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: until somebody ends it.")
    why = models.CharField(max_length=500, help_text="For moderators only.")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["hold", "pause", "block"]), name="measure_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(address="", owner="", network=""), name="measure_is_about_somebody"
            ),
        ]
        indexes = [
            # Screening: whether something is in force for this sender.
            models.Index(fields=["address"], condition=models.Q(ended_at=None), name="measure_address"),
            models.Index(fields=["owner"], condition=models.Q(ended_at=None), name="measure_owner"),
            models.Index(fields=["network"], condition=models.Q(ended_at=None), name="measure_network"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def in_words(self) -> str:
        """For moderators and the log: what it is and how long."""
        if self.until is None:
            return f"{self.get_kind_display()}, until somebody ends it"
        return f"{self.get_kind_display()}, until {formats.date_format(timezone.localtime(self.until), 'j F Y, H:i')}"

    @property
    def is_about_guest(self) -> bool:
        return not self.address
