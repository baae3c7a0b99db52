"""A sender whose comments were declined or binned more than once lately."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from comments.models import Comment
from comments.states import State
from fibroblog import limits

from .verdicts import PASS, Submission, Verdict, hold

BAD = [State.DECLINED, State.SPAM]


def check(submission: Submission) -> Verdict:
    sender = _sender(submission)
    if sender is None:
        return PASS
    found = Comment.objects.filter(sender, state__in=BAD)
    if submission.edits:
        found = found.exclude(pk=submission.edits)
    if len(found.values_list("pk")[: limits.DECLINES_TO_HOLD]) < limits.DECLINES_TO_HOLD:
        return PASS  # as nearly always, without asking when
    since = timezone.now() - timedelta(days=limits.DECLINED_DAYS)
    declined = found.filter(decisions__to__in=BAD, decisions__at__gte=since)
    count = declined.distinct().count()
    return hold("declined_lately", count) if count >= limits.DECLINES_TO_HOLD else PASS


def _sender(submission: Submission) -> Q | None:
    """The person, else the browser, else the network: the surest that is known."""
    if submission.commenter is not None:
        return Q(commenter=submission.commenter)
    if submission.owner:
        return Q(owner=submission.owner)
    return Q(network=submission.network) if submission.network else None
