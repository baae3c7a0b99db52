"""How many comments come from one network address, from its wider network, and from everybody, within one window.

The check only looks, so that a comment is one write to the disk; whoever stores it counts it (`count`) in the same
transaction.
"""

from django.db import connection

from fibroblog import limits, rates

from .verdicts import PASS, Outcome, Submission, Verdict


def check(submission: Submission) -> Verdict:
    limited = _limited(submission)
    counted = rates.counted([(name, who) for name, who, _, _ in limited])
    return next(
        (_refusal(reason) for name, who, most, reason in limited if counted.get((name, who), 0) >= most), PASS
    )


def count(submission: Submission) -> Verdict:
    """Count it. A refusal when others came first meanwhile; then nothing of this may be stored.

    The last step of the transaction. PostgreSQL looks at foreign keys at its end, and may wait there for somebody who
    waits for these counters: so it has to look before.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()
    for name, who, most, reason in _limited(submission):
        if rates.count(name, who) > most:
            return _refusal(reason)
    return PASS


def _limited(submission: Submission) -> list[tuple[str, str, int, str]]:
    """What is counted, of whom, how many are taken, and what is said of more; in the order in which they are locked."""
    if not submission.network:
        return []
    near = submission.neighbourhood
    return [
        ("comment", submission.network, limits.COMMENTS_PER_ADDRESS, "too_many_from_you"),
        *([("comment-near", near, limits.COMMENTS_PER_NETWORK, "too_many_near_you")] if near else []),
        ("comment", "", limits.COMMENTS_PER_SITE, "too_many_in_all"),
    ]


def _refusal(reason: str) -> Verdict:
    return Verdict(Outcome.REFUSE, reason)
