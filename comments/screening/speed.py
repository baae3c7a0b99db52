"""Less time on the form than anyone needs to write. Measured by script: without one, nothing is known."""

from fibroblog import limits

from .verdicts import PASS, Submission, Verdict, hold


def check(submission: Submission) -> Verdict:
    seconds = submission.seconds
    if seconds is None or seconds >= limits.COMMENT_MIN_SECONDS:
        return PASS
    return hold("too_fast", f"{max(0.0, seconds):.1f}")
