"""The only code that changes a comment's state, so that the log has no gaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from fibroblog import limits, pages

from . import appeals, care, claims, documents, learning, log, outbox, presses, reports
from .locking import lock_threads as lock_threads  # the other verbs lock by way of this module
from .models import Comment, Decision, Discussion, Note, Remark, Revision
from .reasons import Reason
from .states import ALLOWED_MOVES, State

REFUSED = {State.DECLINED, State.SPAM, State.REMOVED}
# What its writer may do without anybody deciding on the comment.
OF_THE_WRITER = {Reason.WRITER, Reason.EDITED}
FOR_A_PERSON = "Someone may be at risk: please decide on this one by itself."


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
    Raises MoveRefused when the move is not allowed or the comment changed since, and where the system would decide on
    somebody who may be at risk.
    """
    if to not in ALLOWED_MOVES[seen.state]:
        raise MoveRefused(f"A comment cannot go from “{seen.state.label}” to “{to.label}”.")
    lock_threads([comment])
    _check_words(comment, seen)
    _check_people(comment, seen, to=to, by=by, undoes=undoes)
    if to == State.APPROVED:
        _check_parent(comment)
    # Compare and set: of two moderators who click at the same moment one succeeds, and nobody
    # decides on a text that changed under their eyes.
    place = (
        {"in_thread": True, "shown_at": Coalesce("shown_at", Value(timezone.now()))}
        if to == State.APPROVED
        else {}
    )
    same = Comment.objects.filter(pk=comment.pk, state=seen.state, revision=seen.revision)
    if by is None and reason not in OF_THE_WRITER:
        if Comment.objects.filter(pk=comment.pk, at_risk=True).exists():
            raise MoveRefused(FOR_A_PERSON)
        same = same.filter(at_risk=False)
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
    reports.after_move(comment, was=seen.state, to=to, revision=seen.revision, by=by)
    appeals.after_move(comment, to=to, by=by)
    if by is not None:
        claims.after_move(comment)
    outbox.tell_writer(decision, comment)
    if to == State.APPROVED:
        outbox.tell_of_comment(comment)
    _change_pages(comment, was_public=State.APPROVED in {seen.state, to})
    return decision


def _change_pages(comment: Comment, *, was_public: bool) -> None:
    """``was_public``: readers see it now, or saw it before."""
    if was_public:
        documents.update(comment)
    pages.changed(discussion=comment.article_id, counts=was_public)


def move_several(
    chosen: Iterable[tuple[Comment, Seen]], to: State, *, by: User
) -> tuple[int, list[tuple[Comment, str]]]:
    """The same decision on several comments, each by itself: how many it changed, and why not the others."""
    done, refused = 0, []
    for comment, seen in chosen:
        try:
            if Comment.objects.filter(pk=comment.pk, at_risk=True).exists():
                raise MoveRefused(FOR_A_PERSON)
            move(comment, to, by=by, seen=seen)
            done += 1
        except MoveRefused as why:
            refused.append((comment, str(why)))
    return done, refused


@transaction.atomic
def undo(decision: Decision, *, by: User) -> Decision:
    """Take a decision back by a new log entry. Only the last decision on a comment, and not after the undo time."""
    comment = decision.comment
    if comment is None or timezone.now() - decision.at > timedelta(days=limits.UNDO_DAYS):
        raise MoveRefused(f"Decisions can be undone for {limits.UNDO_DAYS} days.")
    latest = Decision.objects.latest_of(comment)
    if latest is None or latest.pk != decision.pk:
        raise MoveRefused(what_happened(comment))
    if decision.undoes_id is not None:  # it would bring back a refusal without its reason
        raise MoveRefused("This took a decision back already. Please decide anew.")
    # Words that were covered since are no reason to keep it: they stay covered.
    comment.refresh_from_db(fields=["revision"])
    revision = comment.revision if comment.has_text_of(decision.revision) else decision.revision
    seen = Seen(State(decision.to), revision)
    return move(comment, State(decision.was), by=by, seen=seen, undoes=decision)


@transaction.atomic
def withdraw(comment: Comment) -> Decision:
    """Its writer takes the comment back: the words, the name and the address go for good."""
    lock_threads([comment])
    comment.refresh_from_db()  # a moderator's decision in the meantime is no hindrance
    decision = move(comment, State.WITHDRAWN, by=None, seen=Seen.of(comment), reason=Reason.WRITER)
    _forget_words(comment)
    return decision


@transaction.atomic
def erase(comment: Comment) -> None:
    """Its writer has everything of the comment deleted, whatever was decided about it. It cannot come back."""
    lock_threads([comment])
    comment.refresh_from_db()
    if State.WITHDRAWN in ALLOWED_MOVES[State(comment.state)]:
        withdraw(comment)
    else:
        _forget_words(comment)


@transaction.atomic
def purge(comment: Comment, *, seen: Seen) -> bool:
    """Delete the words of a comment that was refused long ago, or that waits for anybody for long: the site's own
    housekeeping. Nothing happens, and the answer is False, where it changed since it was ``seen``, or where someone may
    be at risk and no person has decided.
    """
    lock_threads([comment])
    comment.refresh_from_db()
    undecided = seen.state in {State.PENDING, State.RETURNED}
    if Seen.of(comment) != seen or (undecided and comment.at_risk):
        return False
    if undecided:
        move(comment, State.WITHDRAWN, by=None, seen=seen, reason=Reason.EXPIRED)
    _forget_words(comment)
    return True


def _forget_words(comment: Comment) -> None:
    Revision.objects.filter(comment=comment).delete()
    Remark.objects.filter(comment=comment).delete()
    Note.objects.filter(comment=comment).delete()
    comment.verdicts.all().delete()
    outbox.pass_on_confirmations(comment)
    reports.forget_words(comment)
    appeals.forget_words(comment)
    if comment.body:
        learning.forget_soon()
    Comment.objects.filter(pk=comment.pk).update(
        name="", email="", body="", html="", text_hash="", network="", digest="", at_risk=False, follows=False
    )
    comment.refresh_from_db()


@transaction.atomic
def set_discussion(discussion: Discussion, *, by: User | None = None) -> Discussion:
    """Open or close a discussion, now or after some days."""
    was = Discussion.objects.filter(pk=discussion.pk).first()
    discussion.save()
    _log_discussion(discussion.article_id, was=was, to=discussion, by=by)
    pages.changed(discussion=discussion.article_id)
    return discussion


@transaction.atomic
def reset_discussions(discussions: Iterable[Discussion], *, by: User | None = None) -> None:
    """Back to the ordinary: open, without an end."""
    for discussion in discussions:
        article = discussion.article_id
        _log_discussion(article, was=discussion, to=None, by=by)
        discussion.delete()
        presses.count_again(article)
        pages.changed(discussion=article)


def _log_discussion(article: int, *, was: Discussion | None, to: Discussion | None, by: User | None) -> None:
    words = [one.in_words if one else Discussion().in_words for one in (was, to)]
    if words[0] != words[1]:
        log.note(Decision.What.DISCUSSION, by=by, about=article, was=words[0], to=words[1])


def what_happened(comment: Comment) -> str:
    """Who did what to the comment last, for somebody who came second."""
    latest = Decision.objects.latest_of(comment)
    current = Comment.objects.filter(pk=comment.pk).first()
    if current is None:
        return "This comment was deleted meanwhile."
    if latest is None or current.revision != latest.revision:
        changed = Decision.log.filter(what=Decision.What.TEXT).latest_of(comment)
        if changed is not None and changed.reason == Reason.MASKED:
            return f"{_who(changed)} covered private words in it {_when(changed)}. Please read it again."
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


def _check_words(comment: Comment, seen: Seen) -> None:
    """What was erased cannot be brought back by taking a decision back."""
    if seen.state in REFUSED and Comment.objects.filter(pk=comment.pk, body="").exists():
        raise MoveRefused("The words of this comment are deleted for good. There is nothing left to show.")


def _check_people(
    comment: Comment, seen: Seen, *, to: State, by: User | None, undoes: Decision | None
) -> None:
    """Who may be at risk is decided on with care, an appeal by somebody else."""
    # What is visible was judged when it was let through, and what goes back to the queue is judged there.
    decides = by is not None and seen.state != State.APPROVED and to != State.PENDING
    try:
        appeals.check_move(comment, to=to, by=by, takes_back=undoes is not None)
        if decides:
            care.check(comment)
    except (care.CareNeeded, appeals.AppealRefused) as refused:
        raise MoveRefused(str(refused)) from None


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
