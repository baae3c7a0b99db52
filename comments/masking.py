"""Covering a piece of somebody's private data in a comment. What was covered is kept nowhere, so there is no undo."""

import re

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from fibroblog import pages

from . import documents, learning, log, moderation, reports
from .models import Comment, Decision, Note, Report, Revision
from .moderation import Seen
from .posting import hash_text
from .reasons import Reason
from .rendering import render
from .states import State

COVER = "[left out]"
_SHORTEST = 2  # letters; a single one would cover half of the text


class MaskRefused(Exception):
    """Nothing was covered; the text says why, for the moderator."""


def masked(text: str, piece: str) -> str:
    """The text with the piece covered wherever it stands, in capitals or not. Raises MaskRefused."""
    piece = piece.strip()
    if len(piece) < _SHORTEST:
        raise MaskRefused("Enter the words to cover, at least two letters of them.")
    covered, count = re.subn(re.escape(piece), COVER, text, flags=re.IGNORECASE)
    if not count:
        raise MaskRefused("These words do not stand in the comment. Copy them exactly as they are written.")
    return covered


@transaction.atomic
def mask(comment: Comment, piece: str, *, by: User, seen: Seen) -> Comment:
    """Cover the piece in the comment's text and in all that is kept of it. Its state stays, its text is a new one.

    Raises MaskRefused, and MoveRefused when the comment changed since it was ``seen``.
    """
    moderation.lock_threads([comment])
    same = Comment.objects.filter(pk=comment.pk, state=seen.state, revision=seen.revision)
    body = masked(comment.body, piece)
    changed = same.update(
        body=body,
        html=render(body),
        text_hash=hash_text(body),
        revision=seen.revision + 1,
        edited_at=timezone.now(),
    )
    if not changed:
        raise moderation.MoveRefused(moderation.what_happened(comment))
    comment.refresh_from_db()
    for model in (Revision, Note):
        for row in model._default_manager.filter(comment=comment):
            _cover(row, "body" if model is Revision else "text", piece)
    for report in Report.objects.filter(case__comment=comment):
        _cover(report, "note", piece)
    # What the checks found holds for the rest of the text; their details may quote what is covered now.
    verdicts = comment.verdicts.filter(revision=seen.revision)
    verdicts.filter(detail__icontains=piece.strip()).update(detail=COVER)
    verdicts.update(revision=comment.revision)
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
        pages.changed(article=comment.article_id, site=True)
    return comment


def _cover(row: Revision | Note | Report, field: str, piece: str) -> None:
    text = getattr(row, field)
    covered = re.sub(re.escape(piece.strip()), COVER, text, flags=re.IGNORECASE)
    if covered != text:
        limit = getattr(row._meta.get_field(field), "max_length", None)
        setattr(row, field, covered[:limit])
        row.save(update_fields=[field])
