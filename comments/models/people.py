"""People behind nicknames: confirmed addresses, addresses that wait for a confirmation, and those we never write to."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from comments.querysets import CommenterQuerySet, SuppressionQuerySet

from .comments import Comment

ANONYMOUS = "Anonymous"  # stands on a comment in the place of a name that was taken off


def is_nobodys(name: str) -> bool:
    """Such a name belongs to no person, however it is typed."""
    return name.strip().casefold() in {"", ANONYMOUS.casefold()}


class Commenter(models.Model):
    """A person: an address whose owner said that it is theirs. A typed address alone never makes one."""

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", "At once"
        DAILY = "daily", "Once a day, in one mail"
        NEVER = "never", "Not at all"

    email = models.EmailField(unique=True, help_text="In lower case.")
    name = models.CharField(max_length=60, help_text="The nickname that was confirmed with the address.")
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.AT_ONCE)
    quiet_until = models.DateField(null=True, blank=True, help_text="No mail before this day.")
    hears_replies = models.BooleanField(default=True, help_text="Wants word of replies to own comments.")
    links = models.PositiveIntegerField(
        default=1, help_text="Counts up when the links sent so far shall stop working."
    )
    confirmed_at = models.DateTimeField(default=timezone.now)

    objects = CommenterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pace__in=["at_once", "daily", "never"]), name="pace_is_known"
            ),
        ]
        indexes = [
            # Screening: a name that belongs to a confirmed person.
            models.Index(fields=["name"], name="commenter_name"),
            models.Index(Lower("name"), name="commenter_folded"),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"


class Confirmation(models.Model):
    """A typed address that waits for its owner's word. The row goes when it is used, refused or too old."""

    email = models.EmailField()
    name = models.CharField(max_length=60, blank=True)
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="confirmations"
    )
    report = models.ForeignKey(
        "comments.Report", on_delete=models.CASCADE, null=True, blank=True, related_name="confirmations"
    )
    article = models.ForeignKey(
        "articles.Article",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="The discussion to follow.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            # Asking again for the same address, and forgetting the old ones.
            models.Index(fields=["email", "created_at"], name="confirmation_email"),
        ]

    def __str__(self) -> str:
        return f"Confirmation {self.pk}"


class Subscription(models.Model):
    """Somebody follows the whole discussion of a post by mail."""

    commenter = models.ForeignKey(Commenter, on_delete=models.CASCADE, related_name="subscriptions")
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="subscriptions")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commenter", "article"], name="one_subscription_per_discussion")
        ]

    def __str__(self) -> str:
        return f"Subscription {self.pk}"


class Suppression(models.Model):
    """An address that asked never to be written to, as a keyed hash: known again, but not readable."""

    address = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SuppressionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Suppression {self.pk}"
