"""Books and other resources that posts recommend: one record each, however many posts name it."""

from django.db import models

from .articles import Article


class Resource(models.Model):
    class Kind(models.TextChoices):
        BOOK = "book", "Book"
        WEBSITE = "website", "Website"
        LEAFLET = "leaflet", "Leaflet"
        VIDEO = "video", "Video"
        ARTICLE = "article", "Article"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BOOK)
    title = models.CharField(max_length=200)
    authors = models.CharField(
        max_length=200, blank=True, help_text="As on the cover: “Ann Lee and Bo Berg”."
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="When it came out.")
    publisher = models.CharField(max_length=120, blank=True)
    isbn = models.CharField(
        "ISBN",
        max_length=13,
        blank=True,
        help_text="10 or 13 digits, with or without hyphens. Stored in its long form.",
    )
    link = models.CharField(
        blank=True,
        max_length=500,
        help_text="The plain https address, best of a library, publisher or the site itself. Nobody earns by it.",
    )
    note = models.CharField(max_length=200, blank=True, help_text="One sentence: what it is good for.")

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["isbn"],
                condition=~models.Q(isbn=""),
                name="one_resource_per_isbn",
                violation_error_message="A book with this ISBN is here already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_kind_display().lower()})"


class Recommendation(models.Model):
    """A post names a resource, in an order of its own."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="recommendations")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="recommendations")
    position = models.PositiveSmallIntegerField(default=0, help_text="The lowest stands first.")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "book or resource"
        verbose_name_plural = "books and resources"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "resource"],
                name="a_resource_once_per_article",
                violation_error_message="This post names it already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.resource)
