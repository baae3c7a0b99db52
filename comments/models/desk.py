"""What moderators share at their desk: who looks at what, what they tell each other, what they have ready to say."""

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from comments.querysets import AppealQuerySet, ClaimQuerySet

from .comments import Comment
from .log import Decision
from .people import Commenter


class Claim(models.Model):
    """Somebody is looking at a comment, or was asked to. It hinders nobody and ends by itself."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="claim")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="claims")
    handed_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who asked them."
    )
    until = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Claim {self.pk}"


class Remark(models.Model):
    """What moderators tell each other about a comment or a person. No visitor ever reads it."""

    class Kind(models.TextChoices):
        NOTE = "note", "Note"
        QUESTION = "question", "Asks for a second opinion"
        OPINION = "opinion", "Second opinion"

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="remarks"
    )
    commenter = models.ForeignKey(
        Commenter, on_delete=models.CASCADE, null=True, blank=True, related_name="remarks"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NOTE)
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(comment=None, commenter__isnull=False)
                | models.Q(comment__isnull=False, commenter=None),
                name="remark_is_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Assessment(models.Model):
    """How one moderator judged a comment whose writer, or somebody else, may be at risk. What was said is not unsaid: a
    second look is a row of its own."""

    class Level(models.IntegerChoices):
        NONE = 1, "No sign of danger: the words mean something else"
        HEAVY = 2, "Heavy, but nobody is in danger now"
        POSSIBLE = 3, "Danger is possible"
        NOW = 4, "Danger now"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="assessments")
    revision = models.PositiveIntegerField(help_text="Of the text that was judged.")
    appeal = models.ForeignKey(
        "Appeal",
        on_delete=models.CASCADE,
        null=True,
        related_name="assessments",
        help_text="Its writer asked for another look, and those words were judged, too.",
    )
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    steps = models.JSONField(default=list, help_text="What was done, by the names of the checklist's steps.")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Assessment {self.pk}"


class Appeal(models.Model):
    """The writer of a refused comment asks for another look, by somebody else."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Waiting for another moderator"
        STANDS = "stands", "The decision stands"
        CHANGED = "changed", "The decision was changed"
        DROPPED = "dropped", "Taken back by its writer"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="appeals")
    decision = models.OneToOneField(
        Decision, on_delete=models.DO_NOTHING, db_constraint=False, related_name="appeal"
    )
    words = models.CharField(max_length=1000, blank=True, help_text="What its writer says.")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.CharField(max_length=500, blank=True, help_text="What its writer is told.")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        indexes = [
            # The queue: open appeals, oldest first.
            models.Index(fields=["asked_at"], condition=models.Q(outcome="open"), name="appeal_open"),
        ]

    def __str__(self) -> str:
        return f"Appeal {self.pk}"


class RefusalReason(models.Model):
    """Why a comment is not published: what a moderator picks, and the sentence its writer reads."""

    code = models.SlugField(max_length=40, unique=True, help_text="Stands in the log; never changes.")
    label = models.CharField(max_length=80, help_text="What moderators pick.")
    sentence = models.CharField("what the writer reads", max_length=300, blank=True)
    needs_note = models.BooleanField("asks for words of one's own", default=False)
    position = models.PositiveSmallIntegerField(default=100, help_text="Small numbers stand first.")
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class SavedReply(models.Model):
    """Words that moderators need often, ready to be put into an answer or a note to a writer."""

    title = models.CharField(max_length=80, unique=True)
    text = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=100, help_text="Small numbers stand first.")

    class Meta:
        ordering = ["position", "title"]
        verbose_name_plural = "saved replies"

    def __str__(self) -> str:
        return self.title


class DeskMail(models.Model):
    """What one moderator wants to hear by mail, and when. Whoever chose nothing hears what the defaults say; of who may
    be at risk everybody hears, always."""

    class Pace(models.TextChoices):
        NEVER = "never", "Not at all"
        ASKED = "asked", "Only when another moderator hands a comment over to me"
        AT_ONCE = "at_once", "At once, for each comment"
        DIGEST = "digest", "In one mail, at the hours below"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="desk_mail")
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.ASKED)
    hours = models.CharField(
        max_length=60, blank=True, default="8, 17", help_text="Of the digest, like “8, 17”."
    )
    quiet_from = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Hour, 0 to 23.")
    quiet_to = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Hour, 0 to 23.")
    with_text = models.BooleanField("with the comments' words", default=False)
    alarm = models.BooleanField("when a comment waits for too long", default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None)
                | models.Q(
                    quiet_from__isnull=False, quiet_from__lt=24, quiet_to__isnull=False, quiet_to__lt=24
                )
                & ~models.Q(quiet_from=models.F("quiet_to")),
                name="quiet_hours_have_two_ends",
                violation_error_message="Quiet hours begin and end at two different hours. Choose both, or neither.",
            )
        ]

    def __str__(self) -> str:
        return f"Mail of moderator {self.user_id}"

    @property
    def digest_hours(self) -> list[int]:
        return [int(hour) for hour in self.hours.split(",") if hour.strip()]


class Alarm(models.Model):
    """Whether moderators were told that a comment waits for too long, and one still does."""

    rang_at = models.DateTimeField(null=True, help_text="Empty: nothing waits for too long.")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_alarm")]

    def __str__(self) -> str:
        return f"Alarm, rang {self.rang_at}"
