"""A small spam score that says why: naive Bayes over the words of a text (Graham 2002, weighted as Robinson 2003).

Pure: what it knows goes in, a judgement comes out. `learning` trains it from the site's own decisions.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .screening.folding import fold

WEIGHTIEST = 15  # words that decide; a long text must not be judged by its length
TOLD = 5  # words that a moderator is told
LEAST_TEXTS = 20  # of each kind, before it says anything
LEAST_SEEN = 2  # a word of one text only is not kept: it says little, and may be somebody's name
SPAM_FROM = 0.9  # ham held in error is worse than spam missed
LINK = re.compile(r"https?://(?:www\.)?([^\s/]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Knowledge:
    """In how many texts of each kind a word stood: ``words[word] == (spam, ham)``."""

    spam: int
    ham: int
    words: dict[str, tuple[int, int]]

    @property
    def is_enough(self) -> bool:
        return min(self.spam, self.ham) >= LEAST_TEXTS


@dataclass(frozen=True)
class Judgement:
    score: float  # 0: like what was approved, 1: like spam
    words: list[str]  # those that weigh most for it, the weightiest first; at most TOLD

    @property
    def is_spam(self) -> bool:
        return self.score >= SPAM_FROM

    @property
    def percent(self) -> int:
        return round(self.score * 100)


def words_of(text: str) -> set[str]:
    """Each word once, folded; of a link its host, too."""
    words = {word for word in fold(LINK.sub(" ", text)).split() if 2 < len(word) < 26}
    return words | {host.casefold() for host in LINK.findall(text)}


def learn(texts: Iterable[tuple[str, bool]]) -> Knowledge:
    """From texts and whether each is spam."""
    seen: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    count = {True: 0, False: 0}
    for text, is_spam in texts:
        seen[is_spam].update(words_of(text))
        count[is_spam] += 1
    both = {word: (seen[True][word], seen[False][word]) for word in {*seen[True], *seen[False]}}
    kept = {word: pair for word, pair in sorted(both.items()) if sum(pair) >= LEAST_SEEN}
    return Knowledge(count[True], count[False], kept)


def judge(text: str, knowledge: Knowledge) -> Judgement | None:
    """None: it knows too little to say anything."""
    if not knowledge.is_enough:
        return None
    weights = {word: _weight(knowledge, word) for word in words_of(text) if word in knowledge.words}
    heaviest = sorted(weights, key=lambda word: (-abs(weights[word]), word))[:WEIGHTIEST]
    total = sum(weights[word] for word in heaviest)
    same_way = [word for word in heaviest if weights[word] * total > 0]
    return Judgement(1 / (1 + math.exp(-total)), same_way[:TOLD])


def _weight(knowledge: Knowledge, word: str) -> float:
    """Log odds of spam; a word seen seldom pulls little."""
    spam, ham = knowledge.words[word]
    in_spam, in_ham = spam / knowledge.spam, ham / knowledge.ham
    seen = spam + ham
    chance = (0.5 + seen * in_spam / (in_spam + in_ham)) / (1 + seen)
    return math.log(chance / (1 - chance))
