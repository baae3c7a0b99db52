"""What moderators decided about a sender: that their comments wait, or that none are taken.

An address that is only typed proves nothing: somebody may type a neighbour's to have them refused, so it only waits.
Whoever may be at risk is never turned away: a moderator sees them.
"""

from django.utils import formats, timezone

from comments.models import Measure

from . import crisis
from .verdicts import PASS, Outcome, Submission, Verdict, hold
from .words import FOR_WRITERS


def check(submission: Submission) -> Verdict:
    if not Measure.objects.in_force().exists():
        return PASS  # mostly so, and on every comment's way
    measure = Measure.objects.in_force().of_submission(submission).strictest()
    if measure is not None and measure.kind != Measure.Kind.HOLD:
        at_risk = crisis.was_found([crisis.check(submission)])
        return hold("refused_but_at_risk") if at_risk else refusal(measure)
    if measure is not None:
        return hold("held_person")
    typed = submission.email and submission.commenter is None
    if typed and Measure.objects.in_force().against(email=submission.email).exists():
        return hold("typed_address_of_somebody")
    return PASS


def refusal(measure: Measure) -> Verdict:
    if measure.until is None:
        return Verdict(Outcome.REFUSE, "blocked")
    day = formats.date_format(timezone.localtime(measure.until), "j F Y")
    return Verdict(Outcome.REFUSE, "paused", says=FOR_WRITERS["paused"].format(day=day))


def refusal_of(*, owner: str, network: str) -> str:
    """The sentence for somebody who may not report now, known by browser and network; empty: they may."""
    measure = Measure.objects.in_force().against(owner=owner, network=network).strictest()
    if measure is None or measure.kind == Measure.Kind.HOLD:
        return ""
    verdict = refusal(measure)
    return verdict.says or FOR_WRITERS[verdict.reason]
