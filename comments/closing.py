"""Ending a talk: a part of a discussion that takes no more replies, or the whole of it."""

from django.contrib.auth.models import User
from django.db import transaction

from fibroblog import pages

from . import log, moderation
from .models import Comment, Decision, Discussion


@transaction.atomic
def lock(comment: Comment, *, by: User) -> None:
    """The comment and what stands below it take no more replies. Locked already: nothing happens."""
    _set(comment, by=by, locked=True)


@transaction.atomic
def unlock(comment: Comment, *, by: User) -> None:
    _set(comment, by=by, locked=False)


@transaction.atomic
def close_discussion(article: int, *, by: User) -> Discussion:
    """No more comments on the post (by id)."""
    return _set_status(article, Discussion.Status.CLOSED, by=by)


@transaction.atomic
def open_discussion(article: int, *, by: User) -> Discussion:
    """Open again, also where it had closed by itself: then it stays open."""
    return _set_status(article, Discussion.Status.OPEN, by=by)


def is_locked(comment: Comment) -> bool:
    """Whether no reply may stand below it any more."""
    return comment.is_locked or Comment.objects.ancestors_of(comment).filter(is_locked=True).exists()


def _set(comment: Comment, *, by: User, locked: bool) -> None:
    moderation.lock_threads([comment])
    if not Comment.objects.filter(pk=comment.pk, is_locked=not locked).update(is_locked=locked):
        return
    words = ("open", "locked")
    log.note(Decision.What.THREAD, by=by, comment=comment, was=words[not locked], to=words[locked])
    pages.changed(discussion=comment.article_id)


def _set_status(article: int, status: Discussion.Status, *, by: User) -> Discussion:
    discussion, _ = Discussion.objects.get_or_create(article_id=article)
    if status == Discussion.Status.OPEN and not discussion.is_open:
        discussion.closes_after_days = None
    discussion.status = status
    return moderation.set_discussion(discussion, by=by)
