"""A text that reads like what moderators called spam before: a hint with its words, and a reason to wait, no more.

Never asked about somebody who may be at risk (see ASKED_LAST). What is known is read once in a process and again when
it changed, as with the rules (`rulebook`).
"""

from comments import learner
from comments.learner import Knowledge
from comments.learner_file import read
from comments.models import Comment, Learnt
from fibroblog import pages, policy

from .verdicts import PASS, Submission, Verdict, hold

REASON = "reads_like_spam"

_kept: tuple[int, Knowledge] | None = None


def check(submission: Submission) -> Verdict:
    judgement = learner.judge(submission.body, current())
    if judgement is None or not judgement.is_spam or _is_of_somebody_at_risk(submission):
        return PASS
    return hold(REASON, f"{judgement.percent} %; weightiest words: {', '.join(judgement.words)}")


def _is_of_somebody_at_risk(submission: Submission) -> bool:
    """The text before the change said so, and the comment still waits for a person's care."""
    return submission.edits is not None and Comment.objects.filter(pk=submission.edits, at_risk=True).exists()


def current() -> Knowledge:
    """What is known now; nothing where the policy does not want the hint."""
    global _kept
    version = pages.version_of(pages.LEARNT)  # read first: what changes meanwhile is found next time
    if _kept is None or _kept[0] != version:
        _kept = (version, _look_up())
    return _kept[1]


def forget() -> None:
    """Read anew next time. For tests, whose databases forget what this process remembers."""
    global _kept
    _kept = None


def _look_up() -> Knowledge:
    learnt = Learnt.objects.filter(pk=1).first()
    if learnt is None or not policy.current().learner_hint:
        return Knowledge()
    return read(learnt.counts) + read(learnt.imported)
