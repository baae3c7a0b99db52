"""Whose comments were good for long enough that the site may let them appear at once, where it wants that."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from comments.models import Comment
from comments.states import State
from fibroblog import limits

BAD = [State.DECLINED, State.SPAM, State.REMOVED]


def is_trusted(commenter: int | None) -> bool:
    """A confirmed person with some approved comments, and none declined, binned or removed lately."""
    if commenter is None:
        return False
    since = timezone.now() - timedelta(days=limits.TRUST_DAYS)
    bad = Q(state__in=BAD, decisions__to__in=BAD, decisions__at__gte=since)
    record = Comment.objects.filter(commenter=commenter).aggregate(
        good=Count("pk", filter=Q(state=State.APPROVED), distinct=True),
        bad=Count("pk", filter=bad, distinct=True),
    )
    return bool(record["good"] >= limits.TRUST_APPROVED and not record["bad"])
