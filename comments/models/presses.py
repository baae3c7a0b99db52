"""An answer for those who cannot type today: "This helped" on a post, "With you" on a comment."""

from django.db import models
from django.utils import timezone

from .comments import Comment


class Press(models.Model):
    """One press by one browser. The worker folds new ones into the number that readers see."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="presses")
    comment = models.ForeignKey(
        Comment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="presses",
        help_text="Empty: the post itself.",
    )
    browser = models.CharField(max_length=64, help_text="Hash of a random key in the browser's cookie.")
    counted = models.BooleanField(default=False, help_text="Folded into the number that readers see.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "browser"], condition=models.Q(comment=None), name="one_press_per_post"
            ),
            models.UniqueConstraint(
                fields=["comment", "browser"],
                condition=models.Q(comment__isnull=False),
                name="one_press_per_comment",
            ),
        ]
        indexes = [
            # The worker: what is not counted yet.
            models.Index(fields=["id"], condition=models.Q(counted=False), name="press_new"),
        ]

    def __str__(self) -> str:
        return f"Press {self.pk}"
