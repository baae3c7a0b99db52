"""How many comments come from one network address, from its wider network, and from everybody, within one window."""

from django.db import transaction

from fibroblog import limits, rates

from .verdicts import PASS, Outcome, Submission, Verdict


@transaction.atomic  # one write to the disk instead of three
def check(submission: Submission) -> Verdict:
    if not submission.network:
        return PASS
    if rates.count("comment", submission.network) > limits.COMMENTS_PER_ADDRESS:
        return Verdict(Outcome.REFUSE, "too_many_from_you")
    neighbourhood = submission.neighbourhood
    if neighbourhood and rates.count("comment-near", neighbourhood) > limits.COMMENTS_PER_NETWORK:
        return Verdict(Outcome.REFUSE, "too_many_near_you")
    if rates.count("comment") > limits.COMMENTS_PER_SITE:
        return Verdict(Outcome.REFUSE, "too_many_in_all")
    return PASS
