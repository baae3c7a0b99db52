"""What is forgotten after some time."""

from datetime import timedelta

from django.utils import timezone

from .models import Case, Comment, Report


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
