"""What a check is given and what it answers."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from .folding import Text
from .rulebook import Rulebook, current


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105  # nothing found
    HOLD = "hold"  # a person should look at this
    NUDGE = "nudge"  # the writer is asked once to think again; sent again, it goes in as something to look at
    SPAM = "spam"  # goes to the spam folder, where a person can still find it
    REFUSE = "refuse"  # not taken in now; the writer keeps the text and is told what to do


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    reason: str = ""  # machine-readable; comments/screening/words.py has the sentence
    detail: str = ""
    check: str = ""  # filled in by the pipeline
    says: str = ""  # what the writer reads, where the reason's own sentence does not do


PASS = Verdict(Outcome.PASS)


def hold(reason: str, detail: object = "") -> Verdict:
    return Verdict(Outcome.HOLD, reason, str(detail))


def nudge(reason: str) -> Verdict:
    return Verdict(Outcome.NUDGE, reason)


@dataclass(frozen=True)
class Submission:
    """One text on its way in: new, edited or imported.

    An import is a submission without a visit: no network, no seconds on the form, nobody to ask, so ``nudged``.
    """

    article: int
    name: str = field(repr=False)
    body: str = field(repr=False)
    html: str = field(repr=False)
    text_hash: str
    email: str = field(default="", repr=False)
    parent: int | None = None  # the comment that is answered, by id
    commenter: int | None = None  # the confirmed person, as the browser proved; never from a typed address
    browser_of: int | None = None  # whose browser it is, where they left their address out; for measures only
    network: str = ""  # keyed hash; empty for the staff and for imports
    neighbourhood: str = ""  # keyed hash of the wider network
    owner: str = ""  # hash of the key that the browser came with
    address: str = field(default="", repr=False)  # only to be passed on; never stored or logged
    agent: str = field(default="", repr=False)  # likewise
    seconds: float | None = None  # spent on the form, as measured by its script; None: not measured
    trap: str = field(default="", repr=False)  # what stands in the field that people leave empty
    origin_known: bool = True  # whether the browser said which page sent the form
    signed: bool = True  # whether the form carried the article's signature
    edits: int | None = None  # the comment being edited, by id
    nudged: bool = False  # the writer was asked to think again already, or cannot be asked

    @cached_property
    def text(self) -> Text:
        return Text(self.body)

    @cached_property
    def readable(self) -> tuple[Text, Text]:
        """All that readers would get to see: a name is words, too."""
        return self.text, Text(self.name)

    @cached_property
    def rulebook(self) -> Rulebook:
        return current()
