"""Studies, their groups, outcomes and numbers, and how a post weighs them: fields and constraints, no behaviour.

Empty means “not reported where we read it”: nothing is ever filled in that the source does not say. Whatever changes
a row goes through `evidence` or `notices`.
"""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from . import verdicts
from .citations import check_doi, check_p, check_pmid, check_registry, check_year, cite, link_to
from .querysets import NoticeQuerySet, StudyQuerySet, WeighingQuerySet

FIRST_YEAR = 1800
LAST_YEAR = 2100  # what the database keeps out; the form knows today


def number(text: str, *, help_text: str = "") -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(
        text, max_digits=12, decimal_places=4, null=True, blank=True, help_text=help_text
    )


class Study(models.Model):
    class Design(models.TextChoices):
        RANDOMISED = "randomised", "Randomised trial"
        CONTROLLED = "controlled", "Trial without randomisation"
        BEFORE_AFTER = "before_after", "Before and after, one group"
        COHORT = "cohort", "Cohort study"
        CASE_CONTROL = "case_control", "Case-control study"
        SURVEY = "survey", "Survey at one moment"
        CASES = "cases", "Description of cases"
        INTERVIEWS = "interviews", "Interviews"
        REVIEW = "review", "Systematic review"

    class Blinding(models.TextChoices):
        OPEN = "open", "Everybody knew who got what"
        ASSESSORS = "assessors", "Those who measured did not know who got what"
        PARTICIPANTS = "participants", "Those who took part did not know what they got"
        DOUBLE = "double", "Neither those who took part nor those who measured knew"

    class Source(models.TextChoices):
        SUMMARY = "summary", "The public summary"
        PAPER = "paper", "The whole paper"

    title = models.CharField(max_length=400)
    authors = models.CharField(
        max_length=1000, blank=True, help_text="Like this: Surname AB, Surname CD. As the paper lists them."
    )
    journal = models.CharField("journal or place", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True, validators=[check_year])
    volume = models.CharField(max_length=20, blank=True)
    issue = models.CharField(max_length=20, blank=True)
    pages = models.CharField("pages or article number", max_length=40, blank=True)
    doi = models.CharField(
        "DOI",
        max_length=200,
        blank=True,
        validators=[check_doi],
        help_text="Such as 10.1177/0269215511399476. A link to doi.org is shortened by itself.",
    )
    pmid = models.CharField("PubMed number", max_length=10, blank=True, validators=[check_pmid])
    registry = models.CharField(
        "registry number",
        max_length=40,
        blank=True,
        validators=[check_registry],
        help_text="Where the trial was announced beforehand, such as NCT01234567 or ISRCTN12345678.",
    )
    url = models.URLField("address", blank=True, help_text="Only where there is no DOI.")
    design = models.CharField(max_length=20, choices=Design.choices)
    design_note = models.CharField(
        "more about the design", max_length=200, blank=True, help_text="Such as: two groups, sham-controlled."
    )
    blinding = models.CharField("who knew", max_length=20, choices=Blinding.choices, blank=True)
    source = models.CharField(
        "what we read",
        max_length=10,
        choices=Source.choices,
        default=Source.SUMMARY,
        help_text="Readers are told, because a summary leaves much out.",
    )
    participants = models.PositiveIntegerField(
        "people in all",
        null=True,
        blank=True,
        help_text="As the paper states it. The groups below have to add up to it.",
    )
    studies_found = models.PositiveSmallIntegerField("studies in the review", null=True, blank=True)
    studies_pooled = models.PositiveSmallIntegerField("of these, added up", null=True, blank=True)
    diagnosed = models.CharField(
        "how diagnosed",
        max_length=300,
        blank=True,
        help_text="Such as: by the criteria of 1990, by a doctor.",
    )
    intervention = models.CharField(
        "what was tested", max_length=400, blank=True, help_text="With the dose: what, how often, how long."
    )
    comparison = models.CharField("compared with", max_length=400, blank=True)
    treatment_weeks = models.PositiveSmallIntegerField("weeks of treatment", null=True, blank=True)
    harms = models.TextField(
        "harms reported", blank=True, help_text="Empty means: not reported where we read it. Not: none."
    )
    funding = models.CharField("who paid", max_length=400, blank=True)
    asked_at = models.DateTimeField(
        null=True, editable=False, help_text="When Crossref was last asked for retractions and corrections."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords(excluded_fields=["asked_at"])
    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "title"]
        verbose_name_plural = "studies"
        constraints = [
            models.UniqueConstraint(
                fields=["doi"],
                condition=~Q(doi=""),
                name="one_study_per_doi",
                violation_error_message="A study with this DOI is there already. One study can serve several posts.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="study_year_is_sane",
                violation_error_message="That year cannot be right.",
            ),
            models.CheckConstraint(
                condition=Q(studies_pooled__lte=F("studies_found")),
                name="study_pooled_of_found",
                violation_error_message="A review cannot add up more studies than it found.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def citation(self) -> str:
        return cite(self)

    @property
    def link(self) -> str:
        """Where the study can be read; empty when we know no address."""
        return link_to(self)


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
                condition=Q(scale_low__lt=F("scale_high")),
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
                condition=Q(sd__gte=0),
                name="result_sd_not_negative",
                violation_error_message="A spread (SD) is never below zero.",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__isnull=False, high__isnull=False),
                name="result_interval_has_two_ends",
                violation_error_message="An interval has two ends: give both, or neither.",
            ),
            models.CheckConstraint(
                condition=Q(low__lte=F("high")),
                name="result_interval_goes_up",
                violation_error_message="The interval ends lower than it begins. Swap its ends.",
            ),
            models.CheckConstraint(
                condition=Q(estimate__gte=F("low"), estimate__lte=F("high")),
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

    @property
    def no_difference(self) -> Decimal | None:
        """Where the line of “no difference” stands; a value in a group has none."""
        return {"value": None, "ratio": Decimal(1)}.get(self.kind, Decimal(0))


class Weighing(models.Model):
    """What one post makes of one study."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="weighings")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="weighings")
    is_main = models.BooleanField(
        "the study that this post is about", default=False, help_text="The others are the wider evidence."
    )
    position = models.PositiveSmallIntegerField("place", default=1)
    size = models.CharField("how much it helps", max_length=10, choices=verdicts.Size.choices, blank=True)
    certainty = models.CharField(
        "how sure we can be", max_length=10, choices=verdicts.Certainty.choices, blank=True
    )
    why = models.CharField(
        "why no surer",
        max_length=300,
        blank=True,
        help_text="One plain sentence: it is small, it is one trial …",
    )
    happened = models.TextField(
        "what happened",
        blank=True,
        help_text="One to three plain sentences, with the numbers that are known.",
    )
    better_with = models.PositiveSmallIntegerField("better with it", null=True, blank=True)
    better_without = models.PositiveSmallIntegerField("better without it", null=True, blank=True)
    out_of = models.PositiveSmallIntegerField(
        "out of", choices=[(10, "10"), (100, "100"), (1000, "1,000")], null=True, blank=True
    )

    history = HistoricalRecords()
    objects = WeighingQuerySet.as_manager()

    class Meta:
        ordering = ["-is_main", "position", "pk"]
        verbose_name = "weighed study"
        verbose_name_plural = "weighed studies"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "study"],
                name="one_weighing_per_study",
                violation_error_message="This post weighs that study already.",
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(is_main=True),
                name="one_main_study_per_article",
                violation_error_message="A post is about one study; the others are the wider evidence.",
            ),
            models.CheckConstraint(
                condition=Q(better_with__isnull=True, better_without__isnull=True, out_of__isnull=True)
                | Q(better_with__isnull=False, better_without__isnull=False, out_of__isnull=False),
                name="weighing_numbers_on_both_sides",
                violation_error_message="Give the people who got better on both sides, out of the same number; or none.",
            ),
            models.CheckConstraint(
                condition=Q(better_with__lte=F("out_of"), better_without__lte=F("out_of")),
                name="weighing_numbers_within",
                violation_error_message="There cannot be more people better than there are people.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.study)

    @property
    def verdict(self) -> str:
        return verdicts.words(self.size, self.certainty)

    @property
    def absolute(self) -> str:
        return verdicts.absolute(self.better_with, self.better_without, self.out_of)


class Notice(models.Model):
    """A journal's later word on a study: taken back, corrected, doubted. For editors it is a task until looked at."""

    class Kind(models.TextChoices):
        RETRACTION = "retraction", "Retracted"
        WITHDRAWAL = "withdrawal", "Withdrawn"
        CONCERN = "concern", "Expression of concern"
        CORRECTION = "correction", "Corrected"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    doi = models.CharField("DOI of the notice", max_length=200, blank=True, validators=[check_doi])
    dated = models.DateField("date of the notice", null=True, blank=True)
    found_at = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(null=True, editable=False)
    looked_by = models.ForeignKey(
        "auth.User", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name = "notice about a study"
        verbose_name_plural = "notices about studies"
        constraints = [
            models.UniqueConstraint(
                fields=["study", "kind", "doi"],
                name="one_notice_per_study",
                violation_error_message="This notice is there already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.study}"
