"""Covering a piece of somebody's private data in a comment. What was covered is kept nowhere, so there is no undo."""

import re
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from fibroblog import limits, pages

from . import appeals, documents, learning, log, moderation, people, reports
from .models import Appeal, Comment, Confirmation, Decision, Note, Remark, Report, Revision
from .moderation import Seen
from .posting import hash_text
from .reasons import Reason
from .rendering import render_kept
from .states import State

COVER = "[left out]"
_NAME = limits.NAME_MAX_LENGTH
_SHORTEST = 2  # letters; a single one would cover half of the text


class MaskRefused(Exception):
    """Nothing was covered; the text says why, for the moderator."""


def masked(text: str, piece: str) -> str:
    """The text with the piece covered wherever it stands, in capitals or not."""

    def cover(found: re.Match[str]) -> str:
        return COVER

    # What is covered already is found first, so that nothing is covered within it.
    return re.sub(f"{re.escape(COVER)}|{re.escape(piece.strip())}", cover, text, flags=re.IGNORECASE)


def preview(comment: Comment, piece: str) -> tuple[str, str]:
    """The name, and the HTML of the text, as they would become. Raises MaskRefused."""
    _check(comment, piece)
    return masked(comment.name, piece)[:_NAME], render_kept(masked(comment.body, piece))


def _check(comment: Comment, piece: str) -> None:
    if len(piece.strip()) < _SHORTEST:
        raise MaskRefused("Enter the words to cover, at least two letters of them.")
    if all(masked(text, piece) == text for text in (comment.body, comment.name)):
        raise MaskRefused("These words do not stand in the comment. Copy them exactly as they are written.")


@transaction.atomic
def mask(comment: Comment, piece: str, *, by: User, seen: Seen) -> Comment:
    """Cover the piece in the comment's text and name, and in all that is kept with it. Its state stays, its text is a
    new one, but not one of its writer.

    Raises MaskRefused, MoveRefused when the comment changed since it was ``seen``, and AppealRefused for who made the
    decision that its writer asks about: until then the text is frozen for them.
    """
    moderation.lock_threads([comment])
    appeal = Appeal.objects.open_on(comment)
    if appeal is not None:
        appeals.check(appeal, by=by)
    same = Comment.objects.filter(pk=comment.pk, state=seen.state, revision=seen.revision)
    _check(comment, piece)
    body, name = masked(comment.body, piece), masked(comment.name, piece)[:_NAME]
    if name != comment.name:
        people.forget_name(comment)
    changed = same.update(
        body=body, name=name, html=render_kept(body), text_hash=hash_text(body), revision=seen.revision + 1
    )
    if not changed:
        raise moderation.MoveRefused(moderation.what_happened(comment))
    comment.refresh_from_db()
    _cover_what_hangs_on(comment, piece)
    comment.verdicts.filter(revision=seen.revision).update(revision=comment.revision)
    comment.assessments.filter(revision=seen.revision).update(revision=comment.revision)
    reports.after_mask(comment, by=by)
    learning.forget_soon()
    log.note(
        Decision.What.TEXT,
        by=by,
        comment=comment,
        was=seen.revision,
        to=comment.revision,
        reason=Reason.MASKED,
    )
    if comment.state == State.APPROVED:
        documents.update(comment)
        pages.changed(discussion=comment.article_id)
    return comment


def _cover_what_hangs_on(comment: Comment, piece: str) -> None:
    kept: list[tuple[Iterable[Model], str]] = [
        (Revision.objects.filter(comment=comment), "body"),
        (Note.objects.filter(comment=comment), "text"),
        (Remark.objects.filter(comment=comment), "text"),
        (Appeal.objects.filter(comment=comment), "words"),
        (Appeal.objects.filter(comment=comment), "answer"),
        (Report.objects.filter(case__comment=comment), "note"),
        (Confirmation.objects.filter(comment=comment), "name"),
    ]
    for rows, field in kept:
        for row in rows:
            _cover(row, field, piece)
    # What the checks found holds for the rest of the text. Their details quote it in an order and a spelling of their
    # own, so nothing but a count stays.
    details = comment.verdicts.exclude(detail="").exclude(detail__regex=r"^[0-9]{1,3}$")
    details.update(detail=COVER)


def _cover(row: Model, field: str, piece: str) -> None:
    text = getattr(row, field)
    covered = masked(text, piece)
    if covered != text:
        limit = getattr(row._meta.get_field(field), "max_length", None)
        setattr(row, field, covered[:limit])
        row.save(update_fields=[field])
