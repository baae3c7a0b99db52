"""What moderators tell each other about a comment or a person. No visitor ever reads it. The log knows that a note
on a person was written, and no word of it."""

from django.contrib.auth.models import User
from django.db import transaction

from . import log, outbox
from .models import Comment, Commenter, Decision, Remark

Kind = Remark.Kind


class RemarkRefused(Exception):
    """Nothing was kept; the text says why, for the moderator."""


@transaction.atomic
def add(comment: Comment, text: str, *, kind: Kind = Kind.NOTE, by: User) -> Remark:
    """Kept with the comment, and gone with its words. A second opinion answers the question of somebody else; raises
    RemarkRefused."""
    if not text.strip():
        raise RemarkRefused("Write the note first.")
    current = Comment.objects.select_for_update().get(pk=comment.pk)
    if not current.body:
        raise RemarkRefused("The words of this comment are deleted. There is nothing left to note.")
    asked = asks(list(Remark.objects.filter(comment=comment)))
    if kind == Kind.OPINION and asked is None:
        raise RemarkRefused("Nobody asks for a second opinion here.")
    if kind == Kind.OPINION and asked is not None and asked.by_id == by.pk:
        raise RemarkRefused("You asked for the second opinion: somebody else gives it.")
    if kind == Kind.QUESTION and asked is not None:
        raise RemarkRefused("A second opinion is asked for already.")
    remark = Remark.objects.create(comment=comment, kind=kind, text=text.strip(), by=by)
    if kind == Kind.QUESTION:
        outbox.tell_of_question(remark, by=by)
    return remark


@transaction.atomic
def note_on_person(person: Commenter, text: str, *, by: User) -> Remark:
    """Kept with the person, and gone with them."""
    remark = Remark.objects.create(commenter=person, text=text.strip(), by=by)
    log.note(Decision.What.PERSON, by=by, to="note written", about=person.pk)
    return remark


def asks(remarks: list[Remark]) -> Remark | None:
    """The question for a second opinion that nobody answered yet, among the remarks on one comment, oldest first."""
    asked = None
    for remark in remarks:
        if remark.kind == Kind.QUESTION:
            asked = remark
        elif remark.kind == Kind.OPINION:
            asked = None
    return asked
