"""Where the writer of a decided comment goes from here: signed addresses, good on any device."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from fibroblog import limits

from . import tokens
from .models import Appeal, Comment, Decision
from .states import State
from .tokens import Action, BadToken

TOLD_AND_REFUSED = {State.DECLINED, State.REMOVED}  # of spam nobody is told


def to_change(comment: Comment) -> str:
    """To change a returned comment; of no use any more once that is done."""
    holds = timedelta(days=limits.CHANGE_LINK_DAYS)
    token = tokens.sign(Action.CHANGE, about=comment.pk, revision=comment.revision, holds=holds)
    return f"{reverse('edit-comment', args=[comment.article.slug, comment.public_id])}?change={token}"


def may_change(comment: Comment, token: str) -> bool:
    """Whether a link `to_change` was made for this very text, or for what it was before private words were covered."""
    try:
        link = tokens.read(Action.CHANGE, token)
    except BadToken:
        return False
    return link.about == comment.pk and comment.has_text_of(link.revision)


def can_appeal(comment: Comment, decision: Decision | None) -> bool:
    """Whether the writer may ask for another look at this, the last decision on the comment."""
    return (
        decision is not None
        and decision.by_id is not None
        and decision.to == comment.state
        and comment.state in TOLD_AND_REFUSED
        and comment.body != ""
        and decision.at > timezone.now() - timedelta(days=limits.APPEAL_DAYS)
        and not Appeal.objects.filter(decision=decision).exists()
    )


def to_appeal(comment: Comment, decision: Decision) -> str:
    """To ask for another look at a decision."""
    holds = timedelta(days=limits.APPEAL_DAYS)
    token = tokens.sign(Action.APPEAL, about=decision.pk, revision=decision.revision, holds=holds)
    return reverse("appeal", args=[comment.article.slug, comment.public_id, token])


def appealed_by(comment: Comment, token: str) -> Decision | None:
    """The decision on this comment that a link `to_appeal` is about."""
    try:
        link = tokens.read(Action.APPEAL, token)
    except BadToken:
        return None
    return Decision.objects.filter(pk=link.about, comment=comment, revision=link.revision).first()
