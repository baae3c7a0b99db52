"""A study: who made it, where it stands, and what was done."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from articles.citations import check_doi, check_pmid, check_registry, check_year, cite, link_to, where, who
from articles.querysets import StudyQuerySet

if TYPE_CHECKING:
    from .notices import Notice

FIRST_YEAR = 1800
LAST_YEAR = 2100  # what the database keeps out; the form knows today


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
    analysed = models.PositiveIntegerField("people in the result", null=True, blank=True)
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
                condition=Q(analysed__lte=F("participants")),
                name="study_analysed_of_participants",
                violation_error_message="There cannot be more people in the result than took part.",
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
    def who(self) -> str:
        return who(self)

    @property
    def where(self) -> str:
        return where(self)

    @property
    def link(self) -> str:
        """Where the study can be read; empty when we know no address."""
        return link_to(self)

    @property
    def is_retracted(self) -> bool:
        return any(notice.takes_back for notice in self.notices.all())

    @property
    def warnings(self) -> "list[Notice]":
        """What every reader of a post about it is told first: what takes it back or doubts it, and what is new."""
        return [notice for notice in self.notices.all() if notice.is_grave or notice.looked_at is None]

    @property
    def settled_notices(self) -> "list[Notice]":
        """The rest: corrections that an editor has looked at."""
        return [notice for notice in self.notices.all() if not notice.is_grave and notice.looked_at]
