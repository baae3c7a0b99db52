"""Why a comment was not published: the codes that stand in the log, and the words that belong to them.

Moderators edit what they pick from (`RefusalReason`); the system's own reasons are fixed here.
"""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import models, transaction

from fibroblog import pages

from . import log
from .models import Decision, RefusalReason, SavedReply


class Reason(models.TextChoices):
    """What the code itself gives as a reason. Not offered to moderators."""

    ROBOT = "robot", "The robot trap was filled in"
    WRITER = "writer", "Withdrawn by its writer"
    EDITED = "edited", "Changed by its writer"
    STAFF = "staff", "Written by the staff"
    TRUSTED = "trusted", "Their comments were approved before"
    RULE = "rule", "A rule says spam"
    AKISMET = "akismet", "Akismet says spam"
    EXPIRED = "expired", "Waited too long for a decision"
    MASKED = "masked", "Something private was covered"
    BLOCKED = "blocked", "Its writer was blocked"
    APPEAL = "appeal", "Its writer asked for another look"


def offered() -> models.QuerySet[RefusalReason]:
    """What moderators pick from, in their own order."""
    return RefusalReason.objects.filter(is_active=True)


def labels() -> dict[str, str]:
    """The words for each code in the log, for those who moderate; codes that went out of use too."""
    return {**dict(Reason.choices), **dict(RefusalReason.objects.values_list("code", "label"))}


def sentences() -> dict[str, str]:
    """By code: what the writer is told."""
    return dict(RefusalReason.objects.values_list("code", "sentence"))


def told(decision: Decision) -> str:
    """All that the writer is told of why: the reason's sentence and the moderator's own words."""
    known = hasattr(decision, "sentence")  # it came with `with_refusal()`
    sentence = getattr(decision, "sentence", "") if known else sentences().get(decision.reason)
    note = getattr(decision, "note", None)
    return _joined(sentence or "", note.text if note else "")


def told_by(reason: RefusalReason, note: str) -> str:
    """The same before the decision is made."""
    return _joined(reason.sentence, note)


def _joined(sentence: str, note: str) -> str:
    return f"{sentence} {note}".strip()


@transaction.atomic
def save_reason(reason: RefusalReason, *, by: User | None = None) -> RefusalReason:
    was = RefusalReason.objects.filter(pk=reason.pk).first()
    reason.save()
    log.note(
        Decision.What.REASON,
        by=by,
        about=reason.pk,
        was=_all_of(was),
        to=_all_of(reason),
        reason=reason.code,
    )
    # Writers read the sentence on the post.
    pages.changed(site=True)
    return reason


@transaction.atomic
def save_reply(reply: SavedReply, *, by: User | None = None) -> SavedReply:
    was = SavedReply.objects.filter(pk=reply.pk).first()
    reply.save()
    log.note(Decision.What.REASON, by=by, about=reply.pk, was=_all_of(was), to=_all_of(reply))
    return reply


@transaction.atomic
def delete_replies(replies: Iterable[SavedReply], *, by: User | None = None) -> None:
    for reply in replies:
        log.note(Decision.What.REASON, by=by, about=reply.pk, was=_all_of(reply))
        reply.delete()


def _all_of(row: RefusalReason | SavedReply | None) -> str:
    if row is None:
        return ""
    if isinstance(row, SavedReply):
        return f"{row.title}: {row.text}"
    return f"{row.label}: {row.sentence}{'' if row.is_active else ' (not in use)'}"
