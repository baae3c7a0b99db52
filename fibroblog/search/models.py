"""The index's tables. Documents hold numbers of words, not words: a word that nobody shows any more leaves no trace.

Written by `index` only. The full-text columns beside these belong to `sqlite` and `postgres`.
"""

from django.db import models


class Kind(models.TextChoices):
    ARTICLE = "article", "Posts"
    COMMENT = "comment", "Comments"


class IndexedDocument(models.Model):
    """A post or comment that can be found."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.PositiveBigIntegerField(help_text="The id of the post or comment.")
    article = models.PositiveBigIntegerField(help_text="The id of the post that it is, or belongs to.")
    at = models.DateTimeField(help_text="Its date: for its year, and for the newest first.")
    words = models.TextField(help_text="The ids of its different words.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="indexed_once")]
        indexes = [
            # A post is deleted, with its comments.
            models.Index(fields=["article"], name="indexed_article"),
            # A common word: the newest that hold it.
            models.Index(fields=["kind", "id"], name="indexed_newest"),
            # A search within a year: between which two documents it lies.
            models.Index(fields=["kind", "at", "id"], name="indexed_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class IndexedStem(models.Model):
    """What the forms of a word share; its id stands for them in the full-text index, and is never used again."""

    stem = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.stem


class IndexedWord(models.Model):
    word = models.CharField(max_length=40, unique=True)
    stem = models.ForeignKey(IndexedStem, on_delete=models.CASCADE, related_name="words")
    documents = models.IntegerField(default=0, help_text="How many hold it.")

    def __str__(self) -> str:
        return self.word


class IndexedTrigram(models.Model):
    """Three letters of a word in a row: words that share many of them look alike."""

    trigram = models.CharField(max_length=3)
    length = models.PositiveSmallIntegerField(help_text="Of the word.")
    word = models.ForeignKey(IndexedWord, on_delete=models.CASCADE, related_name="trigrams")

    class Meta:
        indexes = [
            # A word that nobody wrote: which ones look like it?
            models.Index(fields=["trigram", "length", "word"], name="indexed_trigram"),
        ]

    def __str__(self) -> str:
        return self.trigram
