"""A refused writer asks for another look: the text stays as it is, and somebody else decides.

Nothing here changes a comment's state: that is `moderation`, which asks here first and tells what became of it.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from . import care, log, outbox
from .locking import lock_threads
from .models import Appeal, Comment, Decision
from .states import State
from .writer_links import TOLD_AND_REFUSED, can_appeal


class AppealRefused(Exception):
    """Nothing was stored; the text says why, for who asked."""


@transaction.atomic
def ask(comment: Comment, decision: Decision, *, words: str, at_risk: bool = False) -> Appeal:
    """Raises AppealRefused. The same click again finds the appeal that is there."""
    lock_threads([comment])
    comment = Comment.objects.get(pk=comment.pk)
    asked = Appeal.objects.filter(decision=decision).first()
    if asked is not None:
        return asked
    if not can_appeal(comment, Decision.objects.latest_of(comment)):
        raise AppealRefused("This decision can no longer be looked at again.")
    appeal = Appeal.objects.create(comment=comment, decision=decision, words=words)
    log.note(Decision.What.APPEAL, by=None, comment=comment, about=appeal.pk, to=Appeal.Outcome.OPEN)
    if at_risk:
        Comment.objects.filter(pk=comment.pk).update(at_risk=True)
        outbox.tell_moderators_of_risk(comment, appeal)
    return appeal


@transaction.atomic
def let_stand(appeal: Appeal, *, by: User, answer: str) -> Appeal:
    """Another moderator looked, and the decision stands. Raises AppealRefused."""
    lock_threads([appeal.comment])
    appeal.refresh_from_db()
    check(appeal, by=by)
    if appeal.outcome != Appeal.Outcome.OPEN:
        who = appeal.by.get_username() if appeal.by else "Its writer"
        raise AppealRefused(f"{who} decided this meanwhile: {appeal.get_outcome_display()}.")
    try:
        care.check(appeal.comment)
    except care.CareNeeded as lacks:
        raise AppealRefused(str(lacks)) from None
    return _close(appeal, Appeal.Outcome.STANDS, by=by, answer=answer)


def check(appeal: Appeal, *, by: User) -> None:
    """Raises AppealRefused for who made the decision that is asked about."""
    if appeal.decision.by_id == by.pk:
        raise AppealRefused("You made this decision. Somebody else has to look at it again.")


def check_move(comment: Comment, *, to: State, by: User | None, takes_back: bool) -> None:
    """Raises AppealRefused where an appeal is open, and the first decider would decide it, or the decision that it is
    about would be taken back as if nobody had asked: then they could make it once more."""
    appeal = Appeal.objects.open_on(comment)
    if appeal is None:
        return
    if by is not None:
        check(appeal, by=by)
    if takes_back or to == State.PENDING:
        raise AppealRefused(
            "Its writer asked for another look meanwhile. Approve it, or let the decision stand."
        )


def after_move(comment: Comment, *, to: State, by: User | None) -> None:
    """Close the appeal that the move answers, in the same transaction."""
    appeal = Appeal.objects.open_on(comment)
    if appeal is not None and to not in TOLD_AND_REFUSED:
        dropped = to == State.WITHDRAWN
        _close(appeal, Appeal.Outcome.DROPPED if dropped else Appeal.Outcome.CHANGED, by=by)


def forget_words(comment: Comment) -> None:
    """The comment's words are erased: what its writer said about it goes too, and there is nothing left to decide."""
    for appeal in Appeal.objects.filter(comment=comment, outcome=Appeal.Outcome.OPEN):
        _close(appeal, Appeal.Outcome.DROPPED, by=None)
    Appeal.objects.filter(comment=comment).update(words="", answer="")


def _close(appeal: Appeal, outcome: Appeal.Outcome, *, by: User | None, answer: str = "") -> Appeal:
    appeal.outcome, appeal.by, appeal.answer, appeal.closed_at = outcome, by, answer, timezone.now()
    appeal.save(update_fields=["outcome", "by", "answer", "closed_at"])
    log.note(
        Decision.What.APPEAL,
        by=by,
        comment=appeal.comment,
        about=appeal.pk,
        was=Appeal.Outcome.OPEN,
        to=outcome,
    )
    if outcome == Appeal.Outcome.STANDS:
        outbox.tell_of_appeal(appeal)
    return appeal
