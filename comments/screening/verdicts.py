"""What a check is given and what it answers."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105  # nothing found
    HOLD = "hold"  # a person should look at this
    SPAM = "spam"  # goes to the spam folder, where a person can still find it
    REFUSE = "refuse"  # not taken in now; the writer keeps the text and is told what to do


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    reason: str = ""  # machine-readable; comments/screening/words.py has the sentence
    detail: str = ""
    check: str = ""  # filled in by the pipeline


PASS = Verdict(Outcome.PASS)


def hold(reason: str, detail: object = "") -> Verdict:
    return Verdict(Outcome.HOLD, reason, str(detail))


@dataclass(frozen=True)
class Submission:
    """One text on its way in, new or edited."""

    article: int
    name: str
    body: str
    html: str
    text_hash: str
    network: str = ""  # keyed hash; empty for the staff
    owner: str = ""  # hash of the browser's key
    seconds: float | None = None  # spent on the form, as measured by its script; None: not measured
    trap: str = ""  # what stands in the field that people leave empty
    origin_known: bool = True  # whether the browser said which page sent the form
    signed: bool = True  # whether the form carried the article's signature
    edits: int | None = None  # the comment being edited, by id
