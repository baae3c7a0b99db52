"""How many comments come from one network address, and from everybody, within one window."""

from fibroblog import limits, rates

from .verdicts import PASS, Outcome, Submission, Verdict


def check(submission: Submission) -> Verdict:
    if not submission.network:
        return PASS
    if rates.count("comment", submission.network) > limits.COMMENTS_PER_ADDRESS:
        return Verdict(Outcome.REFUSE, "too_many_from_you")
    if rates.count("comment") > limits.COMMENTS_PER_SITE:
        return Verdict(Outcome.REFUSE, "too_many_in_all")
    return PASS
