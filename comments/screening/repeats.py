"""The same text elsewhere lately, without regard to case and spaces."""

from datetime import timedelta

from django.utils import timezone

from comments.models import Comment
from fibroblog import limits

from .verdicts import PASS, Submission, Verdict, hold


def check(submission: Submission) -> Verdict:
    since = timezone.now() - timedelta(days=limits.COMMENT_REPEAT_DAYS)
    same = Comment.objects.filter(text_hash=submission.text_hash, created_at__gte=since).exclude(
        pk=submission.edits or 0
    )
    earlier = same.order_by("-created_at").values_list("public_id", flat=True).first()
    return hold("same_text", earlier) if earlier else PASS
