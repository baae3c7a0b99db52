"""The moderators' own words and patterns: spam folder, think again, or a second look."""

from comments.models import Rule

from .verdicts import PASS, Outcome, Submission, Verdict

# The first that fits counts.
ACTIONS = (
    (Rule.Action.SPAM, Outcome.SPAM, "rule_spam"),
    (Rule.Action.NUDGE, Outcome.NUDGE, "nudge_rule"),
    (Rule.Action.HOLD, Outcome.HOLD, "rule_hold"),
)


def check(submission: Submission) -> Verdict:
    for action, outcome, reason in ACTIONS:
        for text in submission.readable:
            for rule in submission.rulebook.found(action, text):
                return Verdict(outcome, reason, rule.label, says=rule.says)
    return PASS
