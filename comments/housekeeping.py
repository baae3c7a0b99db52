"""What is forgotten after some time."""

from datetime import timedelta

from django.utils import timezone

from .models import Comment


def forget_networks(*, older_than: timedelta) -> int:
    """Drop the hashes of writers' network addresses; returns of how many comments."""
    old = Comment.objects.filter(created_at__lt=timezone.now() - older_than).exclude(network="")
    return old.update(network="")
