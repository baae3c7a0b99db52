"""The states of a comment, and which moves between them exist. Data only."""

from django.db import models


class State(models.TextChoices):
    PENDING = "pending", "Waiting for approval"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    SPAM = "spam", "Spam"
    RETURNED = "returned", "Returned to its writer"
    REMOVED = "removed", "Removed"
    WITHDRAWN = "withdrawn", "Withdrawn by its writer"


ALLOWED_MOVES: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.APPROVED, State.DECLINED, State.SPAM, State.RETURNED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.PENDING, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.PENDING, State.REMOVED, State.SPAM, State.WITHDRAWN}),
    State.DECLINED: frozenset({State.PENDING, State.APPROVED}),
    State.SPAM: frozenset({State.PENDING, State.APPROVED}),
    State.REMOVED: frozenset({State.PENDING, State.APPROVED}),
    State.WITHDRAWN: frozenset(),
}
