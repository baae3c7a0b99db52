"""The only code that changes a comment's state, so that the log has no gaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from fibroblog import limits, pages

from .models import Comment, Decision, Discussion, Note, Revision
from .reasons import Reason
from .states import ALLOWED_MOVES, State


class MoveRefused(Exception):
    """The comment stays as it is; the text says why, for the person who decided."""


@dataclass(frozen=True)
class Seen:
    """What somebody had before them when they decided."""

    state: State
    revision: int

    @classmethod
    def of(cls, comment: Comment) -> Self:
        return cls(State(comment.state), comment.revision)


@transaction.atomic
def move(
    comment: Comment,
    to: State,
    *,
    by: User | None,
    seen: Seen,
    reason: str = "",
    note: str = "",
    undoes: Decision | None = None,
) -> Decision:
    """Move a comment to a new state and log it.

    ``seen`` is the state and text revision that the decider had before them; ``by=None`` is the system or the writer.
    Raises MoveRefused when the move is not allowed or the comment changed since.
    """
    if to not in ALLOWED_MOVES[seen.state]:
        raise MoveRefused(f"A comment cannot go from “{seen.state.label}” to “{to.label}”.")
    _lock_thread(comment)
    if to == State.APPROVED:
        _check_parent(comment)
    # Compare and set: of two moderators who click at the same moment one succeeds, and nobody
    # decides on a text that changed under their eyes.
    place = {"in_thread": True} if to == State.APPROVED else {}
    same = Comment.objects.filter(pk=comment.pk, state=seen.state, revision=seen.revision)
    try:
        with transaction.atomic():
            moved = same.update(state=to, **place)
    except IntegrityError:
        raise MoveRefused("The same text by the same writer stands here already.") from None
    if not moved:
        raise MoveRefused(what_happened(comment))
    decision = Decision.objects.create(
        comment=comment, by=by, was=seen.state, to=to, reason=reason, revision=seen.revision, undoes=undoes
    )
    if note:
        Note.objects.create(decision=decision, comment=comment, text=note)
    comment.state = to
    _settle(comment)
    pages.changed(article=comment.article_id, site=State.APPROVED in {seen.state, to})
    return decision


@transaction.atomic
def undo(decision: Decision, *, by: User) -> Decision:
    """Take a decision back by a new log entry. Only the last decision on a comment, and not after the undo time."""
    comment = decision.comment
    if comment is None or timezone.now() - decision.at > timedelta(days=limits.UNDO_DAYS):
        raise MoveRefused(f"Decisions can be undone for {limits.UNDO_DAYS} days.")
    latest = Decision.objects.latest_of(comment)
    if latest is None or latest.pk != decision.pk:
        raise MoveRefused(what_happened(comment))
    seen = Seen(State(decision.to), decision.revision)
    return move(comment, State(decision.was), by=by, seen=seen, undoes=decision)


@transaction.atomic
def withdraw(comment: Comment) -> Decision:
    """Its writer takes the comment back: the words, the name and the address go for good."""
    comment.refresh_from_db()  # a moderator's decision in the meantime is no hindrance
    decision = move(comment, State.WITHDRAWN, by=None, seen=Seen.of(comment), reason=Reason.WRITER)
    Revision.objects.filter(comment=comment).delete()
    Note.objects.filter(comment=comment).delete()
    comment.verdicts.all().delete()
    Comment.objects.filter(pk=comment.pk).update(
        name="", email="", body="", html="", text_hash="", network="", digest=""
    )
    comment.refresh_from_db()
    return decision


@transaction.atomic
def set_discussion(discussion: Discussion) -> Discussion:
    """Open or close a discussion, now or after some days."""
    discussion.save()
    pages.changed(article=discussion.article_id, site=True)
    return discussion


@transaction.atomic
def reset_discussions(discussions: Iterable[Discussion]) -> None:
    """Back to the ordinary: open, without an end."""
    for discussion in discussions:
        article = discussion.article_id
        discussion.delete()
        pages.changed(article=article, site=True)


def what_happened(comment: Comment) -> str:
    """Who did what to the comment last, for somebody who came second."""
    latest = Decision.objects.latest_of(comment)
    current = Comment.objects.filter(pk=comment.pk).first()
    if current is None:
        return "This comment was deleted meanwhile."
    if latest is None or current.revision != latest.revision:
        return "Its writer changed this comment meanwhile. Please read it again."
    return f"{_who(latest)} changed this to “{State(latest.to).label}” {_when(latest)}."


def _who(decision: Decision) -> str:
    if decision.by:
        return decision.by.get_username()
    return "Its writer" if decision.reason == Reason.WRITER else "The system"


def _when(decision: Decision) -> str:
    minutes = int((timezone.now() - decision.at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes > 90:
        return f"on {timezone.localtime(decision.at):%-d %B, %H:%M}"
    return f"{minutes} minute{'s' if minutes > 1 else ''} ago"


def _lock_thread(comment: Comment) -> None:
    """One change at a time in a thread, so that its tombstones come out right. (SQLite has one writer anyway.)"""
    root = comment.root_id or comment.pk
    Comment.objects.select_for_update().filter(pk=root).values_list("pk", flat=True).first()


def _check_parent(comment: Comment) -> None:
    if comment.parent_id is None:
        return
    state = Comment.objects.filter(pk=comment.parent_id).values_list("state", flat=True).get()
    if state == State.PENDING:
        raise MoveRefused("This answers a comment that still waits. Decide on that one first.")
    if state != State.APPROVED:
        raise MoveRefused("This answers a comment that is not shown, so it cannot be shown either.")


def _settle(comment: Comment) -> None:
    """From the comment upwards: visible ones and those above visible ones have a place in the thread."""
    pk: int | None = comment.pk
    while pk is not None:
        row = Comment.objects.only("state", "in_thread", "parent_id").get(pk=pk)
        place = row.state == State.APPROVED or Comment.objects.filter(parent=pk, in_thread=True).exists()
        if row.in_thread == place and pk != comment.pk:
            break
        if row.in_thread != place:
            Comment.objects.filter(pk=pk).update(in_thread=place)
        pk = row.parent_id
