"""More links than a reader's comment usually has."""

from fibroblog import limits

from .verdicts import PASS, Submission, Verdict, hold


def check(submission: Submission) -> Verdict:
    count = submission.html.count("<a ")
    return hold("links", count) if count > limits.COMMENT_MAX_LINKS else PASS
