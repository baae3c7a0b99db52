"""What a post makes of a study: two judgements from fixed lists, and the words and numbers that stand beside them."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from articles import verdicts
from articles.querysets import WeighingQuerySet

from .studies import Study


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
    def tag(self) -> str:
        """The verdict for a list of posts."""
        return "The study was retracted" if self.study.is_retracted else self.verdict

    @property
    def absolute(self) -> str:
        return verdicts.absolute(self.better_with, self.better_without, self.out_of)
