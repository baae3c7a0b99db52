"""A small spam score that says why: naive Bayes over the words of a text (Graham 2002, weighted as Robinson 2003).

Pure: what it knows goes in, a judgement comes out. `learning` trains it from the site's own decisions.
"""

import heapq
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .screening.folding import fold

WEIGHTIEST = 15  # words that decide; a long text must not be judged by its length
TOLD = 5  # words that a moderator is told
LEAST_TEXTS = 20  # of each kind, before it says anything
LEAST_SEEN = 2  # a word of one text only is not kept: it says little, and may be somebody's name
MOST_WORDS = 10_000  # kept; of more those that stood in most texts
LONGEST_WORD, LONGEST_HOST = 25, 60  # letters
SPAM_FROM = 0.9  # ham held in error is worse than spam missed
FOLDS = 5
LINK = re.compile(r"https?://(?:www\.)*([a-z0-9.-]+)", re.IGNORECASE | re.ASCII)

Words = frozenset[str]


@dataclass(frozen=True)
class Knowledge:
    """In how many texts of each kind a word stood: ``words[word] == (spam, ham)``."""

    spam: int = 0
    ham: int = 0
    words: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_enough(self) -> bool:
        return min(self.spam, self.ham) >= LEAST_TEXTS

    def __add__(self, other: "Knowledge") -> "Knowledge":
        both = {
            word: (spam + more_spam, ham + more_ham)
            for word in self.words.keys() | other.words.keys()
            for (spam, ham), (more_spam, more_ham) in [
                (self.words.get(word, (0, 0)), other.words.get(word, (0, 0)))
            ]
        }
        return Knowledge(self.spam + other.spam, self.ham + other.ham, _worth_keeping(both))


@dataclass(frozen=True)
class Judgement:
    score: float  # 0: like what was approved, 1: like spam
    words: list[str]  # those that weigh most for it, the weightiest first; at most TOLD

    @property
    def is_spam(self) -> bool:
        return self.score >= SPAM_FROM

    @property
    def percent(self) -> int:
        """Nothing is certain."""
        return min(max(round(self.score * 100), 1), 99)


@dataclass(frozen=True)
class Trial:
    """What it would have said of texts that it had not seen."""

    ham: int = 0
    ham_held: int = 0  # in error
    spam: int = 0
    spam_held: int = 0

    @property
    def tried(self) -> int:
        return self.ham + self.spam

    @property
    def held(self) -> int:
        return self.ham_held + self.spam_held

    @property
    def precision(self) -> float | None:
        """Of what it called spam, how much was."""
        return self.spam_held / self.held if self.held else None

    @property
    def recall(self) -> float | None:
        """Of the spam, how much it called so."""
        return self.spam_held / self.spam if self.spam else None


class _Tally:
    """Counts while it learns, also of words of one text only."""

    def __init__(self, rows: Iterable[tuple[Words, bool]] = ()) -> None:
        self.texts = {True: 0, False: 0}
        self.words: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for words, is_spam in rows:
            self.add(words, is_spam=is_spam)

    def add(self, words: Words, *, is_spam: bool) -> None:
        self.texts[is_spam] += 1
        self.words[is_spam].update(words)

    def knowledge(self) -> Knowledge:
        spam, ham = self.words[True], self.words[False]
        both = {word: (spam[word], ham[word]) for word in spam.keys() | ham.keys()}
        return Knowledge(self.texts[True], self.texts[False], _worth_keeping(both))

    def without(self, other: "_Tally") -> Knowledge:
        """What is known without the texts of the other, and only of their words: enough to judge them."""
        both = {
            word: (
                self.words[True][word] - other.words[True][word],
                self.words[False][word] - other.words[False][word],
            )
            for word in other.words[True].keys() | other.words[False].keys()
        }
        spam, ham = (self.texts[is_spam] - other.texts[is_spam] for is_spam in (True, False))
        return Knowledge(spam, ham, _worth_keeping(both))


def words_of(text: str) -> Words:
    """Each word once, folded; of a link its host, too. No numbers: they say little, and may be somebody's telephone."""
    words = {word for word in fold(LINK.sub(" ", text)).split() if 2 < len(word) <= LONGEST_WORD}
    hosts = {host.casefold() for host in LINK.findall(text) if len(host) <= LONGEST_HOST}
    return frozenset({word for word in words if not word.isnumeric()} | hosts)


def learn(texts: Iterable[tuple[str, bool]]) -> Knowledge:
    """From texts and whether each is spam."""
    return study(texts, tried=0)[0]


def study(texts: Iterable[tuple[str, bool]], *, tried: int) -> tuple[Knowledge, Trial]:
    """Learn, and try how well that goes: of the first ``tried`` texts each fifth is judged by what the others taught.

    Texts are read once, one at a time.
    """
    tally = _Tally()
    kept: list[tuple[Words, bool]] = []
    for text, is_spam in texts:
        words = words_of(text)
        tally.add(words, is_spam=is_spam)
        if len(kept) < tried:
            kept.append((words, is_spam))
    answers = Counter[tuple[bool, bool]]()
    for number in range(FOLDS):
        unseen = kept[number::FOLDS]
        known = tally.without(_Tally(unseen))
        for words, is_spam in unseen:
            judgement = _judge(words, known)
            if judgement is not None:
                answers[is_spam, judgement.is_spam] += 1
    trial = Trial(
        ham=answers[False, False] + answers[False, True],
        ham_held=answers[False, True],
        spam=answers[True, False] + answers[True, True],
        spam_held=answers[True, True],
    )
    return tally.knowledge(), trial


def judge(text: str, knowledge: Knowledge) -> Judgement | None:
    """None: it knows too little to say anything."""
    return _judge(words_of(text), knowledge)


def weightiest(knowledge: Knowledge, most: int) -> tuple[list[str], list[str]]:
    """The words that speak most for spam, and those that speak most against it."""
    if not knowledge.is_enough:
        return [], []
    weights = {word: _weight(knowledge, word) for word in knowledge.words}
    ordered = sorted(weights, key=lambda word: (-weights[word], word))
    for_spam = [word for word in ordered[:most] if weights[word] > 0]
    against = [word for word in ordered[::-1][:most] if weights[word] < 0]
    return for_spam, against


def _judge(words: Words, knowledge: Knowledge) -> Judgement | None:
    if not knowledge.is_enough:
        return None
    weights = {word: _weight(knowledge, word) for word in words if word in knowledge.words}
    heaviest = heapq.nsmallest(WEIGHTIEST, weights, key=lambda word: (-abs(weights[word]), word))
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


def _worth_keeping(words: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    seen = {word: pair for word, pair in words.items() if sum(pair) >= LEAST_SEEN}
    if len(seen) <= MOST_WORDS:
        return seen
    return {word: seen[word] for word in sorted(seen, key=lambda word: (-sum(seen[word]), word))[:MOST_WORDS]}
