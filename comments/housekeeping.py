"""What is forgotten after some time."""

from datetime import timedelta

from django.db.models import Max, Q
from django.utils import timezone

from fibroblog import limits

from . import moderation
from .models import Case, Comment, Measure, Report
from .querysets import CommentQuerySet
from .states import State

REFUSED = [State.DECLINED, State.SPAM, State.REMOVED]


def forget_refused(*, older_than: timedelta) -> int:
    """Delete the words of comments whose refusal, the last decision on them, is so long ago; returns how many."""
    before = timezone.now() - older_than
    # An open appeal needs the words.
    refused = Comment.objects.filter(state__in=REFUSED).exclude(body="").exclude(appeals__outcome="open")
    return _purge(refused.annotate(decided_at=Max("decisions__at")).filter(decided_at__lt=before))


def forget_waiting(*, older_than: timedelta) -> int:
    """Withdraw comments on which nobody decided for so long, words and all; returns how many."""
    before = timezone.now() - older_than
    # What came back changed, or whose refusal was taken back, waits since then.
    waiting = Comment.objects.waiting().filter(created_at__lt=before, at_risk=False)
    waiting = waiting.filter(Q(edited_at=None) | Q(edited_at__lt=before))
    waiting = waiting.annotate(decided_at=Max("decisions__at"))
    return _purge(waiting.filter(Q(decided_at=None) | Q(decided_at__lt=before)))


def forget_returned(*, older_than: timedelta) -> int:
    """Withdraw what was returned to writers who never came back, words and all; returns how many."""
    before = timezone.now() - older_than
    returned = Comment.objects.filter(state=State.RETURNED, at_risk=False)
    return _purge(returned.annotate(decided_at=Max("decisions__at")).filter(decided_at__lt=before))


def forget_unanswered_appeals(*, older_than: timedelta) -> int:
    """Where nobody answered an appeal for so long, be it that there is nobody else, the refused words go; returns how
    many."""
    asked = Q(appeals__outcome="open", appeals__asked_at__lt=timezone.now() - older_than)
    return _purge(Comment.objects.filter(asked, state__in=REFUSED).exclude(body=""))


def forget_measures() -> None:
    """Measures that ended go after the days that hashes of networks are kept; the log still says that there was one.
    A person's network goes as soon as it is held against nobody any longer."""
    now = timezone.now()
    ended = now - timedelta(days=limits.NETWORK_DAYS)
    Measure.objects.filter(Q(ended_at__lt=ended) | Q(until__lt=ended)).delete()
    lately = now - timedelta(days=limits.GUEST_MEASURE_DAYS)
    Measure.objects.filter(made_at__lte=lately).exclude(address="").exclude(network="").update(network="")


def _purge(comments: CommentQuerySet) -> int:
    # One by one: each locks its own thread only, and a worker that is stopped has done its work so far.
    found = list(comments)
    return sum(moderation.purge(comment, seen=moderation.Seen.of(comment)) for comment in found)


def forget_networks(*, older_than: timedelta) -> int:
    """Drop the hashes of the network addresses of writers and reporters; returns how many."""
    before = timezone.now() - older_than
    written = Comment.objects.filter(created_at__lt=before).exclude(network="")
    reported = Report.objects.filter(created_at__lt=before).exclude(network="")
    return written.update(network="") + reported.update(network="")


def forget_report_notes(*, older_than: timedelta) -> int:
    """Drop what reporters wrote once their case has been closed for so long; returns how many."""
    closed = Case.objects.filter(closed_at__lt=timezone.now() - older_than)
    return Report.objects.filter(case__in=closed).exclude(note="").update(note="")
