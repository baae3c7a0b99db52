"""Links in a moderator's mail that decide on one comment: for that moderator, one decision, one text, and not for long.

The link itself is the authority, so that it works on a phone where nobody is signed in. Where that would be too little
(somebody may be at risk, the moderator has a second step to take) there are none, and older ones lead to the card.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.urls import reverse

from fibroblog import limits, twostep

from . import tokens
from .models import Comment, Decision, DeskMail
from .moderators import is_moderator
from .querysets import DecisionQuerySet
from .states import State
from .tokens import Action, BadToken

DECIDES = {"approve": (Action.DESK_APPROVE, State.APPROVED), "spam": (Action.DESK_SPAM, State.SPAM)}


@dataclass(frozen=True)
class Errand:
    """What a link was made for."""

    moderator: User
    comment: Comment
    revision: int
    to: State


def are_enough_from(moderator: User) -> bool:
    """Whether such a link stands for this moderator, who need not sign in."""
    return not twostep.is_asked_of(moderator)


def are_enough_for(comment: Comment) -> bool:
    """Whether this comment may be decided on by such a link."""
    return not comment.at_risk


def show_words_to(moderator: User, *, signed_in: bool) -> bool:
    """Whether the page behind a link may show the comment. It holds no more than the mail that the link came in, where
    nobody is signed in: scanners and whoever else sees that mail can follow it."""
    return signed_in or DeskMail.objects.filter(user=moderator, with_text=True).exists()


def to_decide(comment: Comment, do: str, *, by: User) -> str:
    action, _ = DECIDES[do]
    holds = timedelta(hours=limits.DESK_LINK_HOURS)
    token = tokens.sign(action, about=comment.pk, revision=comment.revision, holds=holds, whose=only_for(by))
    return reverse("decide-by-mail", args=[do, by.pk, token])


def errand_of(do: str, moderator: int, token: str) -> Errand | None:
    """None: the link was changed, is too old, or its moderator is none any more."""
    by = User.objects.filter(pk=moderator).first()
    if do not in DECIDES or by is None:
        return None
    action, to = DECIDES[do]
    try:
        link = tokens.read(action, token, whose=only_for(by))
    except BadToken:
        return None
    comment = Comment.objects.for_queue().filter(pk=link.about).first()
    return Errand(by, comment, link.revision, to) if comment is not None and is_moderator(by) else None


def is_used(errand: Errand) -> bool:
    """Whether this moderator made this very decision once. Taken back, it is not made again by an old link."""
    return _decisions(errand).exists()


def is_done(errand: Errand) -> bool:
    """Whether they made it, and it is the last word."""
    latest = Decision.objects.latest_of(errand.comment)
    return latest is not None and _decisions(errand).filter(pk=latest.pk).exists()


def _decisions(errand: Errand) -> DecisionQuerySet:
    made = Decision.objects.for_comment(errand.comment)
    return made.filter(by=errand.moderator, to=errand.to, revision=errand.revision)


def only_for(moderator: User) -> str:
    """What binds a link to its moderator. A new password makes every link that was sent before useless."""
    return f"{moderator.pk}:{moderator.get_session_auth_hash()}"
