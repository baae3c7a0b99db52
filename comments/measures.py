"""What moderators decide about a person: their comments always wait, they pause until a date, or they are blocked.

Whom a measure is about is taken from one of their comments. A confirmed person is known by their address wherever they
write under it, and for some days by their browser and network, so that leaving the address out does not help. A guest is
known by a browser's key and by their network, which others may share: so it ends by itself.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from fibroblog import limits, pages

from . import log, moderation, people
from .models import Comment, Decision, Measure
from .moderation import MoveRefused, Seen
from .reasons import Reason
from .states import State


class MeasureRefused(Exception):
    """Nothing was decided; the text says why, for the moderator."""


@transaction.atomic
def impose(
    comment: Comment, kind: Measure.Kind, *, why: str, until: datetime | None = None, by: User
) -> Measure:
    """Decide about the sender of a comment. A block also takes what waits of them to the spam folder, but for what needs
    a person's care. It takes the place of one of the same kind. Raises MeasureRefused."""
    whom = sender_of(comment)
    _check(comment, kind, why=why.strip(), until=until, known=any(whom.values()))
    waiting = list(blocked_with(comment)) if kind == Measure.Kind.BLOCK else []
    moderation.lock_threads(waiting)
    same = {"address": whom["address"]} if whom["address"] else whom
    for former in Measure.objects.in_force().filter(kind=kind, **same):
        end(former, by=by)
    measure = Measure.objects.create(kind=kind, **whom, until=until, why=why.strip(), by=by)
    log.note(Decision.What.PERSON, by=by, to=measure.in_words, comment=comment, about=measure.pk)
    # By posts, in the order of `pages.changed`: two blocks at once may meet on the same posts.
    for one in sorted(waiting, key=lambda one: pages.of_discussion(one.article_id)):
        with suppress(MoveRefused):  # decided meanwhile
            moderation.move(one, State.SPAM, by=by, seen=Seen.of(one), reason=Reason.BLOCKED)
    return measure


@transaction.atomic
def end(measure: Measure, *, by: User) -> None:
    """Before its time, or because it has none. Ended already: nothing happens."""
    running = Measure.objects.in_force().filter(pk=measure.pk)
    if running.update(ended_at=timezone.now(), ended_by=by):
        log.note(Decision.What.PERSON, by=by, was=measure.in_words, to="ended", about=measure.pk)


def sender_of(comment: Comment) -> dict[str, str]:
    """By what the sender of a comment is known again: ``address``, ``owner``, ``network``; empty where it is not known.

    An address that was only typed is nobody's.
    """
    person = comment.commenter
    return {
        "address": people.address_hash(person.email) if person else "",
        "owner": comment.owner,
        "network": comment.network,
    }


def against(comment: Comment) -> QuerySet[Measure]:
    """The measures in force against the sender of a comment, the strictest first."""
    email = comment.commenter.email if comment.commenter else ""
    network = "" if comment.commenter else comment.network
    return Measure.objects.in_force().against(email=email, owner=comment.owner, network=network)


def sent_by_same(comment: Comment) -> QuerySet[Comment]:
    """What the sender of a comment sent, as far as it is known, this one too; newest first."""
    if comment.commenter_id:
        same = Q(commenter=comment.commenter_id)
    else:
        same = Q(pk=comment.pk)
        if comment.owner:
            same |= Q(owner=comment.owner)
        if comment.network:
            same |= Q(network=comment.network, commenter=None)
    return Comment.objects.filter(same, by=None).order_by("-pk")


def blocked_with(comment: Comment) -> QuerySet[Comment]:
    """What a block of its sender takes to the spam folder."""
    return sent_by_same(comment).filter(state=State.PENDING, at_risk=False)


def _check(comment: Comment, kind: Measure.Kind, *, why: str, until: datetime | None, known: bool) -> None:
    now, longest = timezone.now(), timedelta(days=limits.GUEST_MEASURE_DAYS)
    if comment.by_id is not None:
        raise MeasureRefused("This was written by one of the people who run the blog.")
    if not known:
        raise MeasureRefused("Nothing is left by which the sender of this comment could be known again.")
    if not why:
        raise MeasureRefused("Say why, for the other moderators.")
    if until is not None and until <= now:
        raise MeasureRefused("Choose a day that is still to come.")
    if kind == Measure.Kind.PAUSE and until is None:
        raise MeasureRefused("A pause needs its last day.")
    if comment.commenter_id is None and (until is None or until > now + longest):
        raise MeasureRefused(
            f"A guest is known by a network that others may share. Choose a day within {limits.GUEST_MEASURE_DAYS} days."
        )
