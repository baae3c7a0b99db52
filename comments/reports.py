"""What readers report, and what becomes of it: one case per comment and text, however many report it.

Nothing here changes a comment: that is `moderation`, which tells this module when a comment leaves public view.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fibroblog.addresses import normal

from . import log, outbox, people
from .models import Case, Comment, Decision, Report
from .states import State


class NotShown(Exception):
    """The comment left public view meanwhile; nothing was stored."""


class LookRefused(Exception):
    """The case stays as it is; the text says why, for the moderator."""


@transaction.atomic
def report(comment: Comment, *, reason: str, note: str = "", email: str = "", network: str = "") -> Report:
    """Keep what a reader says against the text that stands there now. Raises NotShown.

    The same once more from the same network is one report. Whoever leaves an address is asked to confirm it, and then
    hears what became of an open case.
    """
    shown = _locked(comment.pk)
    if shown is None or shown.state != State.APPROVED:
        raise NotShown
    case, _ = Case.objects.get_or_create(comment=shown, revision=shown.revision)
    about_me = reason == Report.Reason.ABOUT_ME
    # "Looked at, stays" holds, but for one thing that the moderator could not know: that somebody finds themselves
    # in the text. The first who says so opens the case again; having been told once, the next look is final.
    is_news = about_me and not case.about_me
    if case.outcome == Case.Outcome.GONE or (case.outcome == Case.Outcome.STAYS and is_news):
        case.outcome, case.opened_at, case.closed_at, case.by = Case.Outcome.OPEN, timezone.now(), None, None
    case.about_me = case.about_me or about_me
    case.save(update_fields=["outcome", "opened_at", "closed_at", "by", "about_me"])
    stored = _said_before(case, reason=reason, note=note, email=email, network=network)
    if stored is None:
        stored = Report.objects.create(case=case, reason=reason, note=note, network=network)
        if email and case.outcome == Case.Outcome.OPEN:
            people.ask_to_confirm(email=email, name="", network=network, report=stored)
    stored.case = case
    return stored


def _said_before(case: Case, *, reason: str, note: str, email: str, network: str) -> Report | None:
    """The report that this one repeats. Many people share one network: other words or an address are somebody else's."""
    if not network:
        return None
    same = case.reports.filter(reason=reason, network=network)
    if note:
        same = same.filter(note=note)
    if email:
        email = normal(email)
        same = same.filter(Q(confirmations__email=email) | Q(commenter__email=email))
    return same.first()


@transaction.atomic
def stays(case: Case, *, by: User, reports_seen: int) -> Case:
    """A moderator looked at the text and lets it stand. Raises LookRefused when there is more or less to decide now.

    ``reports_seen`` is how many reports the moderator had before them.
    """
    _locked(case.comment_id)
    case.refresh_from_db()
    if case.outcome == Case.Outcome.STAYS:
        raise LookRefused(f"{case.by or 'Somebody'} looked at this meanwhile and let it stay.")
    if case.outcome == Case.Outcome.GONE:
        raise LookRefused("This text is no longer shown. Please look at the comment again.")
    if case.reports.count() != reports_seen:
        raise LookRefused("Another report came in meanwhile. Please read it first.")
    return _close(case, Case.Outcome.STAYS, by=by)


def after_move(comment: Comment, *, was: State, to: State, revision: int, by: User | None) -> None:
    """Keep the cases in step with what readers see, in the transaction of the move."""
    cases = Case.objects.filter(comment=comment)
    if was == State.APPROVED:
        for case in cases.filter(outcome=Case.Outcome.OPEN):
            _close(case, Case.Outcome.GONE, by=by)
    if to == State.APPROVED:
        # The same text is back, by an undo or a second thought: what was said against it has no answer yet.
        cases.filter(outcome=Case.Outcome.GONE, revision=revision).update(
            outcome=Case.Outcome.OPEN, closed_at=None, by=None
        )


def after_mask(comment: Comment, *, by: User) -> None:
    """What readers reported stood in a text that nobody can read any longer."""
    for case in Case.objects.filter(comment=comment, outcome=Case.Outcome.OPEN):
        _close(case, Case.Outcome.GONE, by=by)


def forget_words(comment: Comment) -> None:
    """A report may quote what the comment's writer took back."""
    Report.objects.filter(case__comment=comment).update(note="")


def _close(case: Case, outcome: Case.Outcome, *, by: User | None) -> Case:
    case.outcome, case.by, case.closed_at = outcome, by, timezone.now()
    case.save(update_fields=["outcome", "by", "closed_at"])
    log.note(
        Decision.What.REPORT, by=by, was=Case.Outcome.OPEN, to=outcome, comment=case.comment, about=case.pk
    )
    outbox.tell_reporters(case)
    return case


def _locked(comment_id: int) -> Comment | None:
    """The comment as it is now; reports, looks and moves of one comment come one after the other."""
    return Comment.objects.select_for_update().filter(pk=comment_id).first()
