"""The log of everything that moderation changes, but for the states of comments: those `moderation.move` writes.

Called inside the transaction of the change. No text, name or address of a visitor goes in here.
"""

from django.contrib.auth.models import User

from .models import Comment, Decision


def note(
    what: Decision.What,
    *,
    by: User | None,
    was: object = "",
    to: object = "",
    comment: Comment | None = None,
    about: int | None = None,
    reason: str = "",
) -> Decision:
    """``was`` and ``to`` are words or numbers that say enough by themselves; ``about`` is an id where the thing is no
    comment; ``by=None`` is the system or the writer."""
    return Decision.log.create(
        what=what,
        about=about,
        comment=comment,
        by=by,
        was=str(was),
        to=str(to),
        reason=reason,
        revision=comment.revision if comment else 0,
    )
