"""Telling others what to take: "take 60 mg", "you should go up to 300 mg". One's own dose is a story, not advice."""

import re
from collections.abc import Iterator

import re2

from .folding import Text, fold
from .verdicts import PASS, Submission, Verdict, nudge

_NUMBER = r"(?:\d+(?: \d+)?|half an?|an?|one|two|three|four|five|six|eight|ten|a few|some|more)"
_UNIT = (
    r"(?:mg|mgs|mcg|ug|µg|μg|g|gr|grams?|milligrams?|micrograms?|ml|mls|millilit(?:re|er)s?|iu|units?|tablets?|tabs?"
    r"|capsules?|caps|pills?|drops?|puffs?|patch(?:es)?|sachets?|doses?)"
)
_DOSE = rf"{_NUMBER} ?{_UNIT}"
# Between the order and the dose: a few words, none of which makes it a story of somebody.
_WORDS = r"(?:[^ ]+ ){0,7}?"
_VERB = (
    r"(?:take|taking|try|trying|use|start|begin|increase|raise|up|double|triple|halve|add|go|switch|drop|reduce|cut|lower"
    r"|stop|swallow|have|get|stick|stay|move|aim|do|skip)"
)
_EASING = r"(?:(?:\d+|please|just|so|then|and|but|or|ok|okay|well|maybe|simply|always|never|dont|do not|only|first|also|now|definitely) )*"
_MUST = (
    r"(?:should|shouldnt|could|must|mustnt|need to|ought to|have to|might want to|may want to|want to|had better|better"
    r"|would be better|gotta|got to|can safely|can easily|will want to|will need|need)"
)
_PATTERNS = [
    # "Take 60 mg." "Just go up to 120 mg."
    re2.compile(rf"^{_EASING}{_VERB} (?P<between>{_WORDS}){_DOSE}(?: |$)"),
    # "You should take …", "people with fibro need …"
    re2.compile(
        rf"(?:^| )(?:you|u|ya|youd|one|people|everyone|everybody|anyone|anybody|they|she|he) (?:[^ ]+ ){{0,3}}?"
        rf"{_MUST} (?P<between>(?:[^ ]+ ){{0,9}}?){_DOSE}(?: |$)"
    ),
    # "If you take …", "then you take …"
    re2.compile(
        rf"^{_EASING}(?:if |when |that )?you {_EASING}{_VERB} (?P<between>(?:[^ ]+ ){{0,5}}?){_DOSE}(?: |$)"
    ),
    # "I would take …", "I recommend …", "my advice is …"
    re2.compile(
        rf"(?:^| )(?:i|we|id|wed|ill) (?:(?:would|can|do|really|strongly|highly|always|definitely) )*"
        rf"(?:recommend|suggest|advise|try|go for|go with|say) (?P<between>{_WORDS}){_DOSE}(?: |$)"
    ),
    re2.compile(
        rf"(?:^| )(?:id|i would|if i were you i(?: would)?) take (?P<between>{_WORDS}){_DOSE}(?: |$)"
    ),
    re2.compile(
        rf"(?:^| )(?:my advice|best|safe|right|ideal|recommended) (?P<between>{_WORDS}){_DOSE}(?: |$)"
    ),
    re2.compile(
        rf"(?:^| ){_DOSE} (?P<between>{_WORDS})(?:is what you need|you need|is enough for you|will help you|will cure|is safe)(?: |$)"
    ),
]
_CLAUSES = re.compile(r"[.!?;:()\n–—…,]+(?!\d)")
_STORY = {"i", "im", "ive", "me", "was", "were", "am", "he", "she", "his", "hers"}
_QUESTION = re.compile(
    r"(?:do|does|did|can|could|would|should|have|has|are|is|what|how|when|why|who|which|where) "
)


_ANY_DOSE = re2.compile(rf"(?:^| ){_DOSE}(?: |$)")


def check(submission: Submission) -> Verdict:
    if not _ANY_DOSE.search(submission.text.folded):
        return PASS
    return nudge("nudge_dosing") if any(passages(submission.text)) else PASS


def passages(text: Text) -> Iterator[str]:
    return (words for words in map(_advice_in, _clauses(text.typed)) if words)


def _clauses(text: str) -> list[str]:
    return [clause for clause in (fold(part) for part in _CLAUSES.split(text)) if clause]


def _advice_in(clause: str) -> str:
    """The words that tell what to take; empty: none do."""
    if not _ANY_DOSE.search(clause) or _QUESTION.match(clause):
        return ""
    for pattern in _PATTERNS:
        found = pattern.search(clause)
        if found and not _STORY.intersection(found["between"].split()):
            return str(found.group())
    return ""
