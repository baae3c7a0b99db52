"""Every signed link: it names its action, its object, the revision it was made for, and until when it holds.

Nothing here knows what an action does, and no link acts by itself: a page with a button posts it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.core.signing import BadSignature, Signer
from django.utils import timezone


class Action(StrEnum):
    CONFIRM = "confirm"  # object: a confirmation
    REFUSE = "refuse"  # object: a confirmation whose address never wants to hear from us
    OWN = "own"  # object: a commenter, to their private page
    WRITE = "write"  # object: a commenter, kept by their browser: "it is me again"
    CHANGE = "change"  # object: a comment that was returned to its writer
    APPEAL = "appeal"  # object: a decision that its writer wants looked at again
    STOP = "stop"  # object: a commenter
    STOP_DISCUSSION = "stop-discussion"  # object: a subscription
    STOP_AUTHOR = "stop-author"  # object: an author
    STOP_DESK = "stop-desk"  # object: a moderator who wants no mail about what waits
    STOP_ALARM = "stop-alarm"  # object: a moderator who wants no alarm
    DESK_APPROVE = "desk-approve"  # object: a comment; for one moderator alone, like the next
    DESK_SPAM = "desk-spam"


class BadToken(Exception):
    """The link was changed, is for something else, or is too old. It says nothing more."""


@dataclass(frozen=True)
class Link:
    """``about`` is the id of the action's object."""

    about: int
    revision: int


def sign(action: Action, *, about: int, revision: int, holds: timedelta, whose: str = "") -> str:
    """A token like ``12.1.1772540000.signature``, good for addresses. ``whose`` is whom alone it is for; the token
    does not say it."""
    until = int((timezone.now() + holds).timestamp())
    return _signer(action, whose).sign(f"{about}.{revision}.{until}")


def read(action: Action, token: str, *, whose: str = "") -> Link:
    """What a token says. Raises BadToken."""
    try:
        number, revision, until = _signer(action, whose).unsign(token).split(".")
    except (BadSignature, ValueError):
        raise BadToken from None
    if int(until) <= timezone.now().timestamp():
        raise BadToken
    return Link(about=int(number), revision=int(revision))


def _signer(action: Action, whose: str) -> Signer:
    return Signer(sep=".", salt=f"comments.tokens.{action}" + (f":{whose}" if whose else ""))
