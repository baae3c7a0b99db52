"""Hard words and what they mean. Whatever changes a row goes through `articles.glossary`."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse


class GlossaryTerm(models.Model):
    """A hard word and what it means, explained where it first stands in a post."""

    word = models.CharField(max_length=60)
    explanation = models.CharField(max_length=300, help_text="What it means, in one or two plain sentences.")
    other_forms = models.TextField(
        blank=True,
        max_length=600,
        help_text="Other spellings and plurals, one a line: “randomized”, “trials”.",
    )

    class Meta:
        ordering = [Lower("word")]
        verbose_name = "explained word"
        constraints = [
            models.UniqueConstraint(
                Lower("word"),
                name="one_explanation_per_word",
                violation_error_message="This word is explained already.",
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def get_absolute_url(self) -> str:
        return f"{reverse('words')}#word-{self.pk}"

    @property
    def forms(self) -> list[str]:
        return [line.strip() for line in (self.word, *self.other_forms.splitlines()) if line.strip()]
