"""The groups of a study, when it measured what, and the numbers as the source gives them."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual

from articles.citations import check_p
from articles.printed_numbers import PrintedNumberField, as_number

from .studies import Study


def number(text: str, *, help_text: str = "") -> PrintedNumberField:
    return PrintedNumberField(text, null=True, blank=True, help_text=help_text)


class Arm(models.Model):
    """One group of a trial."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="arms")
    name = models.CharField(max_length=120, help_text="Such as: Myofascial release.")
    randomised = models.PositiveIntegerField("people put into it", null=True, blank=True)
    analysed = models.PositiveIntegerField("people in the result", null=True, blank=True)
    is_comparison = models.BooleanField(
        "what it is compared with", default=False, help_text="Sham, usual care, waiting list …"
    )
    position = models.PositiveSmallIntegerField("place", default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "group"
        constraints = [
            models.UniqueConstraint(fields=["study", "name"], name="one_arm_per_name"),
            models.CheckConstraint(
                condition=Q(analysed__lte=F("randomised")),
                name="arm_analysed_of_randomised",
                violation_error_message="There cannot be more people in the result than were put into the group.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TimePoint(models.Model):
    """When was measured, counted from the start."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="times")
    label = models.CharField("in words", max_length=60, help_text="Such as: after 20 weeks.")
    weeks = models.SmallIntegerField(
        "weeks since the start",
        null=True,
        blank=True,
        help_text="0 is the start. Empty where it is not reported.",
    )

    class Meta:
        ordering = [F("weeks").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["study", "label"], name="one_time_per_label"),
            models.CheckConstraint(
                condition=Q(weeks__gte=0),
                name="time_after_the_start",
                violation_error_message="What is measured lies after the start: count the weeks from there.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Outcome(models.Model):
    class Better(models.TextChoices):
        LOWER = "lower", "Lower is better"
        HIGHER = "higher", "Higher is better"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="outcomes")
    name = models.CharField(max_length=80, help_text="In plain words: Pain.")
    measure = models.CharField(max_length=120, blank=True, help_text="The scale: McGill pain score.")
    unit = models.CharField(max_length=40, blank=True, help_text="Such as: points, minutes.")
    better = models.CharField("direction", max_length=10, choices=Better.choices)
    scale_low = number("the scale begins at")
    scale_high = number("and ends at")
    position = models.PositiveSmallIntegerField("place", default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=LessThan(as_number("scale_low"), as_number("scale_high")),
                name="outcome_scale_goes_up",
                violation_error_message="A scale ends higher than it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.measure})" if self.measure else self.name


class ResultManager(models.Manager["Result"]):
    """A number without its group and time says nothing: they always come along."""

    def get_queryset(self) -> models.QuerySet["Result"]:
        return super().get_queryset().select_related("arm", "against", "time")


class Result(models.Model):
    """One line of numbers as the source gives it: of one group, or the difference between two."""

    class Kind(models.TextChoices):
        VALUE = "value", "Value in a group"
        DIFFERENCE = "difference", "Difference between groups"
        STANDARDISED = "standardised", "Standardised difference"
        RATIO = "ratio", "Ratio"

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="results")
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.VALUE)
    time = models.ForeignKey(TimePoint, on_delete=models.RESTRICT, related_name="+", verbose_name="when")
    arm = models.ForeignKey(
        Arm, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="group"
    )
    against = models.ForeignKey(Arm, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    estimate = number("value")
    sd = number("spread (SD)")
    low = number("interval from", help_text="The 95 % interval.")
    high = number("to")
    p = models.CharField("P", max_length=12, blank=True, validators=[check_p], help_text="Such as: < 0.05.")
    words = models.CharField(
        "in words",
        max_length=200,
        blank=True,
        help_text="Where the source gives words and no number: improved.",
    )

    objects = ResultManager()

    class Meta:
        ordering = ["outcome", F("time__weeks").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=GreaterThanOrEqual(as_number("sd"), Decimal(0)),
                name="result_sd_not_negative",
                violation_error_message="A spread (SD) is never below zero.",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__isnull=False, high__isnull=False),
                name="result_interval_has_two_ends",
                violation_error_message="An interval has two ends: give both, or neither.",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(as_number("low"), as_number("high")),
                name="result_interval_goes_up",
                violation_error_message="The interval ends lower than it begins. Swap its ends.",
            ),
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(as_number("low"), as_number("estimate")))
                & Q(LessThanOrEqual(as_number("estimate"), as_number("high"))),
                name="result_interval_holds_value",
                violation_error_message="The value lies outside its own interval.",
            ),
            models.CheckConstraint(
                condition=Q(kind="value", arm__isnull=False, against__isnull=True)
                | (~Q(kind="value") & Q(arm__isnull=True, against__isnull=True))
                | (~Q(kind="value") & Q(arm__isnull=False, against__isnull=False)),
                name="result_names_its_groups",
                violation_error_message=(
                    "A value belongs to one group. A difference names both groups, or none in a review."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(arm=F("against")),
                name="result_of_two_groups",
                violation_error_message="A group cannot be compared with itself.",
            ),
            models.CheckConstraint(
                condition=Q(estimate__isnull=False) | Q(low__isnull=False) | ~Q(p="") | ~Q(words=""),
                name="result_says_something",
                violation_error_message="Give a value, an interval, a P, or words. Leave out what is not reported.",
            ),
            models.UniqueConstraint(
                fields=["outcome", "time", "arm"],
                condition=Q(kind="value"),
                name="one_value_per_arm_and_time",
                violation_error_message="This group has a value for that time already.",
            ),
            models.UniqueConstraint(
                fields=["outcome", "time", "kind", "arm", "against"],
                condition=Q(against__isnull=False),
                name="one_difference_per_pair_and_time",
                violation_error_message="That difference is there already.",
            ),
            models.UniqueConstraint(
                fields=["outcome", "time", "kind"],
                condition=Q(arm__isnull=True),
                name="one_pooled_result_per_time",
                violation_error_message="That difference is there already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.time}"

    def clean(self) -> None:
        """What two rows say together, which no constraint can see."""
        if self.kind != self.Kind.VALUE or self.estimate is None or self.outcome_id is None:
            return
        low, high = self.outcome.scale_low, self.outcome.scale_high
        if (low is not None and self.estimate < low) or (high is not None and self.estimate > high):
            raise ValidationError({"estimate": "The value lies outside the scale of this outcome."})

    @property
    def no_difference(self) -> Decimal | None:
        """Where the line of “no difference” stands; a value in a group has none."""
        return {"value": None, "ratio": Decimal(1)}.get(self.kind, Decimal(0))
