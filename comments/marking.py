"""The words that made a check speak up, marked where they stand in a comment. For moderators' eyes; nothing is stored.

What is looked for and what it is looked for in are both folded, so that a phrase is found however it was typed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from types import ModuleType

from django.utils.safestring import SafeString, mark_safe

from .models import Comment, Rule, Verdict
from .screening import doctors, doses, emails, phones, rulebook, sales, streets
from .screening.folding import Text, fold, fold_with_places

_TAG = re.compile(r"(<[^>]*>)")
# What stands in brackets behind the marked words: colour alone says nothing.
CHECKS: dict[str, tuple[ModuleType, str]] = {
    "doctors": (doctors, "a name?"),
    "doses": (doses, "a dose?"),
    "emails": (emails, "an address?"),
    "phones": (phones, "a number?"),
    "sales": (sales, "an advert?"),
    "streets": (streets, "an address?"),
}
RULES = {
    "at_risk": (Rule.Action.RISK, "at risk?"),
    "rule_spam": (Rule.Action.SPAM, "a rule: spam?"),
    "nudge_rule": (Rule.Action.NUDGE, "a rule"),
    "rule_hold": (Rule.Action.HOLD, "a rule"),
}


@dataclass(frozen=True)
class Passage:
    words: str
    label: str


@dataclass(frozen=True)
class Marked:
    html: SafeString
    is_distressing: bool  # a rule says that nobody should read it unprepared


def marked(comment: Comment, found: list[Verdict]) -> Marked:
    """The comment's HTML with what the checks ``found`` in it marked and labelled."""
    text = Text(comment.body)
    passages, folds = [], False
    for verdict in found:
        if verdict.check_name in CHECKS:
            module, label = CHECKS[verdict.check_name]
            passages += [Passage(words, label) for words in module.passages(text)]
        elif verdict.reason in RULES:
            action, label = RULES[verdict.reason]
            for rule in rulebook.current().fitting(action, text):
                passages += [Passage(words, label) for words in rule.passages(text)]
                folds = folds or rule.folds
    return Marked(mark_safe(mark(comment.html, passages)), folds)  # our own marks in our own HTML


def mark(html: str, passages: list[Passage]) -> str:
    """``html`` as `rendering.render` makes it, each passage in ``<mark>`` with its label."""
    if not passages:
        return html
    parts = _TAG.split(html)  # texts at even places, tags at odd ones
    texts = [unescape(part) for part in parts[::2]]
    # A tag may part words that belong together ("<em>60</em> mg"), or two paragraphs.
    folded, places = fold_with_places("\n".join(texts))
    labels: dict[int, str] = {}
    for start, end, label in _places_of(passages, folded):
        labels.update(dict.fromkeys(range(places[start], places[end - 1] + 1), label))
    begin = 0
    for number, text in enumerate(texts):
        parts[2 * number] = "".join(_pieces(text, [labels.get(begin + i, "") for i in range(len(text))]))
        begin += len(text) + 1
    return "".join(parts)


def _places_of(passages: list[Passage], folded: str) -> Iterator[tuple[int, int, str]]:
    for words, label in {fold(passage.words): passage.label for passage in passages}.items():
        pattern = rf"(?:^| )({re.escape(words)})(?= |$)"
        for found in re.finditer(pattern, folded) if words else ():
            yield found.start(1), found.end(1), label


def _pieces(text: str, labels: list[str]) -> Iterator[str]:
    start = 0
    for place in range(1, len(text) + 1):
        if place < len(text) and labels[place] == labels[start]:
            continue
        words, label = escape(text[start:place], quote=False), labels[start]
        yield f"<mark>{words} <span>[{label}]</span></mark>" if label else words
        start = place
