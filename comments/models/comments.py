"""Comments, their earlier texts, and what the checks found in them.

A comment comes in through `posting` and changes its state through `moderation`, nowhere else.
"""

from django.contrib.auth.models import User
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from comments.querysets import CommentQuerySet
from comments.states import State
from fibroblog import limits

# Without letters and digits that look alike: people type these from paper.
ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"


def new_public_id() -> str:
    return get_random_string(9, ALPHABET)


class Comment(models.Model):
    class Badge(models.TextChoices):
        NONE = "", "None"
        EDITOR = "editor", "Editor"
        MODERATOR = "moderator", "Moderator"

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    root = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="thread",
        help_text="Empty: it is one.",
    )
    name = models.CharField(max_length=limits.NAME_MAX_LENGTH)
    email = models.EmailField(blank=True)
    body = models.TextField(help_text="As typed.")
    html = models.TextField(help_text="As rendered from the body when it was stored.")
    badge = models.CharField(max_length=10, choices=Badge.choices, default=Badge.NONE, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    revision = models.PositiveIntegerField(default=1, help_text="Counts the texts this comment has had.")
    in_thread = models.BooleanField(
        default=False,
        help_text="It has a place in the public thread: visible, or a tombstone above visible replies.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    owner = models.CharField(
        max_length=64, blank=True, help_text="Hash of the writer's key; the key is in a cookie."
    )
    network = models.CharField(max_length=64, blank=True, help_text="Keyed hash; dropped after some weeks.")
    text_hash = models.CharField(max_length=64, blank=True, help_text="Of the text without case and spaces.")
    digest = models.CharField(max_length=64, help_text="The same text by the same sender in the same place.")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    commenter = models.ForeignKey(
        "comments.Commenter",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
        help_text="The person who wrote it, once they confirmed that they did.",
    )
    follows = models.BooleanField(
        default=False, help_text="Its writer asked to follow the discussion; holds once they confirmed."
    )
    at_risk = models.BooleanField(
        default=False, help_text="Someone may be at risk: only a person decides, one by one."
    )
    is_locked = models.BooleanField(default=False, help_text="It and what stands below take no more replies.")
    shown_at = models.DateTimeField(null=True, blank=True, help_text="When readers could see it first.")
    with_you = models.PositiveIntegerField(default=0, help_text="Presses of “With you”, as counted last.")

    objects = CommentQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_comment", "Can decide on comments")]
        constraints = [
            # A double click, a resend or a reload finds the stored one.
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(state__in=[State.PENDING, State.APPROVED]),
                name="one_comment_per_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None, root=None)
                | models.Q(parent__isnull=False, root__isnull=False),
                name="reply_has_parent_and_root",
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="comment_state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state=State.APPROVED) | models.Q(in_thread=True),
                name="approved_is_in_thread",
            ),
        ]
        indexes = [
            # The article page: its roots, oldest first.
            models.Index(
                fields=["article", "id"], condition=models.Q(root=None, in_thread=True), name="comment_roots"
            ),
            # The article page: the replies of its roots.
            models.Index(fields=["root", "id"], condition=models.Q(in_thread=True), name="comment_replies"),
            # The queue: what waits, people at risk first, then oldest first.
            models.Index(fields=["state", "-at_risk", "created_at"], name="comment_queue"),
            # A person's own page, and their history for moderators.
            models.Index(fields=["commenter", "created_at"], name="comment_commenter"),
            # The writer's own, on the article page.
            models.Index(fields=["owner", "article"], name="comment_owner"),
            # Posting: the same once more. (SQLite takes no conditional index, such as the constraint's, for "state IN".)
            models.Index(fields=["digest"], name="comment_digest"),
            # Screening: what came from one network lately.
            models.Index(fields=["network", "created_at"], name="comment_network"),
            # Screening: the same text from somebody else.
            models.Index(fields=["text_hash", "created_at"], name="comment_text"),
            # The feed of all comments: those shown last.
            models.Index(
                fields=["-shown_at", "-id"], condition=models.Q(state="approved"), name="comment_news"
            ),
            # Home: how many are visible, by post. The article page and its feed: those shown last.
            models.Index(
                fields=["article", "shown_at"], condition=models.Q(state="approved"), name="comment_shown"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        """Needs the article at hand: its address is part of this one."""
        return reverse("comment", args=[self.article.slug, self.public_id])

    def has_text_of(self, revision: int) -> bool:
        """Whether its writer changed nothing since that revision. Covering private words makes a new revision, too, but
        keeps no earlier text."""
        return revision <= self.revision and not self.revisions.filter(number__gte=revision).exists()

    @staticmethod
    def root_for(parent: "Comment | None") -> int | None:
        """The id of the thread that a reply to ``parent`` belongs to."""
        return (parent.root_id or parent.pk) if parent else None


class Revision(models.Model):
    """A text that a comment had before it was edited."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="one_row_per_revision")]

    def __str__(self) -> str:
        return f"Revision {self.number}"


class Verdict(models.Model):
    """What one screening check found in one revision of a comment. Checks that found nothing leave no row."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="verdicts")
    revision = models.PositiveIntegerField()
    check_name = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.outcome}: {self.reason}"
