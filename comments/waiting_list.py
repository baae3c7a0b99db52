"""What waits, with what a moderator decided just now still in its place: read by ids, so that the last page of a
hundred thousand comes as fast as the first. Reads only.
"""

from datetime import datetime
from functools import cached_property

from .finding import Finding
from .models import Comment
from .querysets import CommentQuerySet
from .states import State

Place = tuple[bool, datetime, int]  # who may be at risk first, then the oldest


class WaitingList:
    """For a Paginator. One OR over both kinds would sort everything that waits, for every page."""

    def __init__(
        self, comments: CommentQuerySet, *, decided: list[int], finding: Finding | None = None
    ) -> None:
        """``decided``: ids of some comments, of which those that wait no more keep their place."""
        self._comments = comments
        looked_for = (finding or Finding()).among(Comment.objects.all())
        self._waiting = looked_for.waiting().order_by("-at_risk", "created_at", "pk")
        settled = looked_for.filter(pk__in=decided).exclude(state=State.PENDING)
        self._settled = _places(settled)

    @cached_property
    def waiting(self) -> int:
        """How many wait of those looked for."""
        return self._waiting.count()

    def count(self) -> int:
        return self.waiting + len(self._settled)

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, wanted: slice) -> list[Comment]:
        start, end = wanted.start or 0, wanted.stop
        # At most all of the settled stand before the page, so no waiting one can have moved further than that.
        first = max(0, start - len(self._settled))
        waiting = _places(self._waiting[first:end])
        settled = [place for place in self._settled if not first or place > waiting[0]]
        before = first + len(self._settled) - len(settled)
        page = [pk for _, _, pk in sorted(waiting + settled)[start - before : end - before]]
        rows = {comment.pk: comment for comment in self._comments.filter(pk__in=page)}
        return [rows[pk] for pk in page if pk in rows]


def _places(comments: CommentQuerySet) -> list[Place]:
    rows = comments.values_list("at_risk", "created_at", "pk")
    return [(not at_risk, created_at, pk) for at_risk, created_at, pk in rows]
