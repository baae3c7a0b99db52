"""A field that people are told to leave empty. Robots fill in everything."""

from .verdicts import PASS, Outcome, Submission, Verdict


def check(submission: Submission) -> Verdict:
    return Verdict(Outcome.SPAM, "trap") if submission.trap else PASS
