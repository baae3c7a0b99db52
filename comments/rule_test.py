"""What a rule would have done to comments that people decided on: to try it before it is used. Reads only."""

import time
from dataclasses import dataclass

from fibroblog import limits

from .models import Comment, Decision, Rule
from .reasons import Reason
from .screening.folding import Text
from .screening.rulebook import ready
from .states import State

DECIDED = (State.APPROVED, State.DECLINED, State.SPAM, State.REMOVED)
EXCERPTS = 10


@dataclass(frozen=True)
class Row:
    state: State
    looked_at: int
    caught: int
    excerpts: list[Comment]  # the newest


@dataclass(frozen=True)
class Outcome:
    rows: list[Row]
    seconds: float

    @property
    def looked_at(self) -> int:
        return sum(row.looked_at for row in self.rows)

    @property
    def caught(self) -> int:
        return sum(row.caught for row in self.rows)

    @property
    def milliseconds(self) -> int:
        return round(self.seconds * 1000)


def run(rule: Rule) -> Outcome:
    """Look for the rule, saved or not, in the comments decided last. Raises BadRule."""
    looked_for = ready(rule)
    comments = _decided_last(limits.RULE_TEST_COMMENTS)
    start = time.perf_counter()
    caught = [
        comment
        for comment in comments
        if looked_for.is_in(Text(comment.body)) or looked_for.is_in(Text(comment.name))
    ]
    seconds = time.perf_counter() - start
    rows = []
    for state in DECIDED:
        here = [comment for comment in caught if comment.state == state]
        total = sum(comment.state == state for comment in comments)
        rows.append(Row(state, total, len(here), here[:EXCERPTS]))
    return Outcome(rows, seconds)


def _decided_last(count: int) -> list[Comment]:
    """Visitors' comments that stand as somebody decided, the last decision first."""
    decided = Decision.objects.filter(to__in=DECIDED).exclude(reason=Reason.STAFF).order_by("-pk")
    # A comment may have been decided on more than once.
    newest = dict.fromkeys(decided.values_list("comment_id", flat=True)[: count * 3])
    found = Comment.objects.filter(pk__in=newest, state__in=DECIDED).in_bulk()
    return [found[pk] for pk in newest if pk in found][:count]
