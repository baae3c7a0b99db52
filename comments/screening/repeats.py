"""The same text elsewhere lately, without regard to case and spaces."""

from datetime import timedelta

from django.utils import timezone

from comments.models import Comment
from fibroblog import limits

from .verdicts import PASS, Submission, Verdict, hold


def check(submission: Submission) -> Verdict:
    since = timezone.now() - timedelta(days=limits.COMMENT_REPEAT_DAYS)
    same = Comment.objects.filter(text_hash=submission.text_hash, created_at__gte=since)
    if submission.edits:
        same = same.exclude(pk=submission.edits)
    earlier = next(iter(same.order_by("-created_at").values_list("public_id", flat=True)[:1]), None)
    return hold("same_text", earlier) if earlier else PASS
