"""Who looks at a comment: said by the moderator, seen by the others. It hinders nobody and ends by itself."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from fibroblog import limits

from . import log, outbox
from .models import Claim, Comment, Decision


class ClaimRefused(Exception):
    """Nothing changed; the text says why, for the moderator."""


@transaction.atomic
def claim(comment: Comment, *, by: User) -> Claim:
    """For ``CLAIM_MINUTES`` from now; the same person again makes it longer. Raises ClaimRefused where somebody else
    looks at it."""
    _lock(comment)
    others = Claim.objects.running().filter(comment=comment).exclude(by=by).select_related("by").first()
    if others is not None:
        raise ClaimRefused(f"{others.by.get_username()} is looking at this already.")
    until = timezone.now() + timedelta(minutes=limits.CLAIM_MINUTES)
    return _put(comment, by=by, until=until, handed_by=None)


@transaction.atomic
def hand_over(comment: Comment, *, to: User, by: User) -> Claim:
    """Ask somebody else to look at it; for ``HANDED_DAYS`` it stands among theirs, whoever had it before."""
    if to == by:
        raise ClaimRefused("Choose somebody else. To look at it yourself, there is a button.")
    _lock(comment)
    before = Claim.objects.on(comment)
    handed = _put(comment, by=to, until=timezone.now() + timedelta(days=limits.HANDED_DAYS), handed_by=by)
    if before is None or (before.by_id, before.handed_by_id) != (to.pk, by.pk):
        log.note(Decision.What.HANDED, by=by, comment=comment, to=to.get_username())
        outbox.tell_of_handing(handed)
    return handed


def release(comment: Comment, *, by: User) -> None:
    """Whoever looks at it lets it go, or it is decided."""
    Claim.objects.filter(comment=comment, by=by).delete()


def after_move(comment: Comment) -> None:
    """A decision ends what anybody meant to do about it."""
    Claim.objects.filter(comment=comment).delete()


def forget_old() -> None:
    Claim.objects.filter(until__lte=timezone.now()).delete()


def _lock(comment: Comment) -> None:
    """One at a time: of two moderators who claim it at the same moment, the second is told."""
    list(Comment.objects.select_for_update().filter(pk=comment.pk).values_list("pk"))


def _put(comment: Comment, *, by: User, until: datetime, handed_by: User | None) -> Claim:
    claim, _ = Claim.objects.update_or_create(
        comment=comment, defaults={"by": by, "until": until, "handed_by": handed_by}
    )
    return claim
