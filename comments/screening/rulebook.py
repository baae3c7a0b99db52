"""The moderators' rules, ready to be looked for: compiled once in a process, and again when one changed.

Whether that is so is read from the database each time, so that the very next comment meets a new rule on any worker.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import re2

from comments.models import Rule
from fibroblog import pages

from .folding import Text, fold

logger = logging.getLogger(__name__)

# Matching takes time in proportion to the text, whatever the pattern; this bounds what one pattern may cost to hold.
_OPTIONS = re2.Options()
_OPTIONS.max_mem = 1 << 20
_OPTIONS.log_errors = False
_SHORTEST_STEM = 3


class BadRule(Exception):
    """The rule cannot be used; the text says why, for who wrote it."""


@dataclass(frozen=True)
class Ready:
    """One rule, compiled."""

    label: str  # for moderators: the words, or what a pattern's note says of it first
    says: str
    is_phrase: bool
    source: str
    pattern: Any

    folds: bool

    def is_in(self, text: Text) -> bool:
        return any(self.passages(text))

    def passages(self, text: Text) -> Iterator[str]:
        words = text.folded if self.is_phrase else text.visible
        return (found.group() for found in self.pattern.finditer(words))


def ready(rule: Rule) -> Ready:
    """Raises BadRule."""
    is_phrase = rule.form == Rule.Form.PHRASE
    source = _phrase(rule.text) if is_phrase else f"(?i){rule.text}"
    try:
        pattern = re2.compile(source, _OPTIONS)
    except re2.error as error:
        why = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise BadRule(f"This pattern cannot be read: {why}.") from None
    if pattern.search("") is not None:
        raise BadRule("This pattern fits every text, even an empty one.")
    label = rule.text if is_phrase else rule.note.partition(". ")[0] or "a pattern without a note"
    return Ready(label, rule.says, is_phrase, source, pattern, rule.folds)


def _phrase(text: str) -> str:
    """Whole words, one after the other; a star at a word's end stands for any ending."""
    words = []
    for word in text.split():
        stem = fold(word.rstrip("*"))
        if "*" in word.rstrip("*") or (word.endswith("*") and len(stem) < _SHORTEST_STEM):
            raise BadRule(
                f"A star goes at the end of a word of at least {_SHORTEST_STEM} letters, like “sad*”. "
                "For more than that write a pattern."
            )
        if stem:
            words.append(re2.escape(stem) + (r"[^ ]*" if word.endswith("*") else ""))
    if not words:
        raise BadRule("Write at least one word.")
    return f"(?:^| ){' '.join(words)}(?: |$)"


class _Sieve:
    """Several rules at once: nearly every text holds none of them, and that is known after one look."""

    def __init__(self, rules: list[Ready]) -> None:
        self.rules = rules
        options = re2.Options()
        options.max_mem = 32 << 20
        options.log_errors = False
        try:
            self.any = re2.compile("|".join(f"(?:{rule.source})" for rule in rules), options)
        except re2.error:  # too many for one pattern: then one by one
            self.any = None

    def found_in(self, text: str, whole: Text) -> list[Ready]:
        if not self.rules or (self.any is not None and self.any.search(text) is None):
            return []
        return [rule for rule in self.rules if rule.is_in(whole)]


class Rulebook:
    def __init__(self, rules: Iterable[Rule]) -> None:
        usable: dict[str, list[Ready]] = {action: [] for action in Rule.Action.values}
        self.broken: set[str] = set()
        languages = set()
        for rule in rules:
            try:
                usable[rule.action].append(ready(rule))
            except BadRule:  # it was fine when it was saved
                logger.error("Rule %s cannot be used", rule.pk)
                self.broken.add(rule.action)
            if rule.action == Rule.Action.RISK:
                languages.add(rule.language)
        self.risk_languages = frozenset(languages)
        self._phrases = {a: _Sieve([rule for rule in all_ if rule.is_phrase]) for a, all_ in usable.items()}
        self._patterns = {
            a: _Sieve([rule for rule in all_ if not rule.is_phrase]) for a, all_ in usable.items()
        }

    def fitting(self, action: Rule.Action, text: Text) -> list[Ready]:
        return [
            *self._phrases[action].found_in(text.folded, text),
            *self._patterns[action].found_in(text.visible, text),
        ]

    def found(self, action: Rule.Action, text: Text) -> list[Ready]:
        """The rules that fit. Raises BadRule where none fits and one could not be tried."""
        fit = self.fitting(action, text)
        if not fit and action in self.broken:
            raise BadRule
        return fit


_kept: tuple[int, Rulebook] | None = None


def current() -> Rulebook:
    """The rules in use, as of now."""
    global _kept
    version = pages.version_of(pages.RULES)  # read first: a rule that changes meanwhile is found next time
    if _kept is None or _kept[0] != version:
        _kept = (version, Rulebook(Rule.objects.filter(is_active=True)))
    return _kept[1]


def last_known() -> Rulebook | None:
    """Without the database: what this process knew last."""
    return _kept[1] if _kept else None


def forget() -> None:
    """Compile anew next time. For tests, whose databases forget what this process remembers."""
    global _kept
    _kept = None
