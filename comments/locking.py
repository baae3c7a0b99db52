"""One change at a time in a thread. Whoever decides, judges or asks for another look takes this lock first, so that what
one of them checked still holds when another writes. Nothing is changed here."""

from collections.abc import Iterable

from .models import Comment


def lock_threads(comments: Iterable[Comment]) -> None:
    """So that tombstones come out right, and no judgement lands between a check and its decision. (SQLite has one
    writer anyway.)

    Whoever changes several comments in one transaction calls this first, for all of them: everybody locks threads, then
    people, then the search's index, then page stamps, and threads in the order of their age, so nobody waits in a
    circle.
    """
    roots = {comment.root_id or comment.pk for comment in comments}
    if not roots:
        return
    locked = Comment.objects.select_for_update().filter(pk__in=roots).order_by("pk")
    list(locked.values_list("pk", flat=True))
