"""A journal's later word on a study."""

from django.db import models
from django.utils.dateformat import format as date

from articles.citations import check_doi, doi_link
from articles.querysets import NoticeQuerySet

from .studies import Study


class Notice(models.Model):
    """A journal's later word on a study: taken back, corrected, doubted. For editors it is a task until looked at."""

    class Kind(models.TextChoices):
        RETRACTION = "retraction", "Retracted"
        PARTIAL = "partial", "Retracted in part"
        WITHDRAWAL = "withdrawal", "Withdrawn"
        CONCERN = "concern", "Expression of concern"
        CORRECTION = "correction", "Corrected"
        OTHER = "other", "Another notice"

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

    @property
    def takes_back(self) -> bool:
        return self.kind in {self.Kind.RETRACTION, self.Kind.WITHDRAWAL}

    @property
    def is_grave(self) -> bool:
        """Whether it stays above the post after an editor has looked at it."""
        return self.takes_back or self.kind in {self.Kind.PARTIAL, self.Kind.CONCERN}

    @property
    def sentence(self) -> str:
        return SENTENCES[self.Kind(self.kind)].format(
            study=f"“{self.study.title}”", on=f" on {date(self.dated, 'j F Y')}" if self.dated else ""
        )

    @property
    def link(self) -> str:
        return doi_link(self.doi) if self.doi else ""


SENTENCES = {
    Notice.Kind.RETRACTION: "The journal took the study {study} back{on}. Please do not rely on its results.",
    Notice.Kind.PARTIAL: (
        "The journal took a part of the study {study} back{on}. Please read its notice before you rely on the rest."
    ),
    Notice.Kind.WITHDRAWAL: "The study {study} was withdrawn{on}. Please do not rely on its results.",
    Notice.Kind.CONCERN: (
        "The journal has doubts about the study {study}, and said so{on}. Please be careful with its results."
    ),
    Notice.Kind.CORRECTION: "The journal corrected the study {study}{on}.",
    Notice.Kind.OTHER: "The journal published a notice about the study {study}{on}.",
}
