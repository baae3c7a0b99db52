"""Words that say that someone may be at risk.

They lift a comment to the top of the queue and show help lines; they never publish, decline or bin it.
"""

from django.db import DatabaseError

from comments.models import Rule

from . import rulebook
from .folding import Text
from .verdicts import PASS, Submission, Verdict, hold

REASON = "at_risk"


def check(submission: Submission) -> Verdict:
    for text in submission.readable:
        for rule in submission.rulebook.found(Rule.Action.RISK, text):
            return hold(REASON, rule.label)
    return PASS


def is_in(*texts: str) -> bool:
    """For pages that answer somebody: before any refusal, whatever became of the form, with a database or without."""
    try:
        rules = rulebook.current()
    except DatabaseError:
        rules = rulebook.last_known() or rulebook.Rulebook([])
    return any(rules.found(Rule.Action.RISK, Text(text)) for text in texts)


def was_found(verdicts: list[Verdict]) -> bool:
    return any(verdict.reason == REASON for verdict in verdicts)
