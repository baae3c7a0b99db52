"""Was an answer true? Pure: it knows moments, pages and words, and neither the site nor a clock.

Each comment and title holds a word of its own, so that what a page shows can be told as a set of words. An answer is
right if it equals a state of the page that could be read at some moment between question and answer.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

WORD = re.compile(r"zq\d+qz")
Shown = frozenset[str]
GONE: Shown = frozenset({"gone"})  # what an unpublished post shows: it is not found
# What only the writer of a waiting comment may see.
OF_WRITERS = ("Waiting for approval", "keep this code")
PRIVATE: Shown = frozenset({"a writer's own"})


class Answer(NamedTuple):
    page: str
    asked: int  # nanoseconds of the one clock that all processes share
    answered: int
    shown: Shown


@dataclass
class History:
    """What a page showed, change after change. While a change is made, both states may be read."""

    states: list[Shown]
    begun: list[int] = field(default_factory=lambda: [0])  # when each could be read first
    ended: list[int] = field(default_factory=list)  # when each could be read last; the newest has no end

    def change(self, shown: Shown, begun: int, done: int) -> None:
        """A change to ``shown`` was committed at some moment between the two."""
        self.states.append(shown)
        self.begun.append(begun)
        self.ended.append(done)

    @property
    def now(self) -> Shown:
        return self.states[-1]

    def possible(self, asked: int, answered: int) -> list[Shown]:
        return self.states[bisect_left(self.ended, asked) : bisect_right(self.begun, answered)]


@dataclass
class Verdict:
    answers: int = 0
    stale: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)


def judge(histories: dict[str, History], answers: Iterable[Answer]) -> Verdict:
    """A wrong answer is private when it shows what was never public; mixed when each of its words was there, and each
    that it lacks was not, at some moment between question and answer, but not all at one moment; else stale."""
    public = frozenset(word for history in histories.values() for state in history.states for word in state)
    verdict = Verdict()
    for answer in answers:
        verdict.answers += 1
        possible = histories[answer.page].possible(answer.asked, answer.answered)
        if answer.shown in possible:
            continue
        found = _kind(verdict, answer.shown, possible, public)
        wrong = min((answer.shown ^ state for state in possible), key=len)
        found.append(
            f"{answer.page} differed in {sorted(wrong)} from each of {len(possible)} possible states"
        )
    return verdict


def _kind(verdict: Verdict, shown: Shown, possible: list[Shown], public: Shown) -> list[str]:
    if not shown <= public:
        return verdict.private
    once, always = frozenset.union(*possible), frozenset.intersection(*possible)
    return verdict.mixed if always <= shown <= once else verdict.stale


def words_of(status: int, page: str, *, whole: bool) -> Shown:
    """The words of an answer. Of a post (not ``whole``) those of its title and discussion: between them stand links to
    other posts, which have titles of their own."""
    if any(words in page for words in OF_WRITERS):
        return PRIVATE
    if status != 200:
        return GONE
    if whole:
        return frozenset(WORD.findall(page))
    title = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    return frozenset(WORD.findall((title[1] if title else "") + page.partition('id="comments"')[2]))
