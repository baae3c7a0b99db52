"""What Akismet says, where the site has a key: asked last, and of nobody who may be at risk."""

from comments import akismet

from .verdicts import PASS, Outcome, Submission, Verdict, hold

UNREACHABLE = "akismet_unreachable"
SPAM = "akismet_spam"


def check(submission: Submission) -> Verdict:
    # Without an address there was no visit: an import asks no third party.
    if not akismet.is_on() or not submission.address:
        return PASS
    try:
        is_spam = akismet.is_spam(
            name=submission.name,
            email=submission.email,
            body=submission.body,
            address=submission.address,
            agent=submission.agent,
        )
    except akismet.Unreachable:
        return hold(UNREACHABLE)
    return Verdict(Outcome.SPAM, SPAM) if is_spam else PASS
