"""Somebody's phone number."""

import re

import re2

from .verdicts import PASS, Submission, Verdict, nudge

_ADDRESS = re.compile(r"https?://\S+|\bdoi:\s?\S+|\b10\.\d{4}\S+", re.IGNORECASE)
_INTERNATIONAL = re2.compile(r"(?:^|[^\w.])(?:\+|00|\(\+)\d[\d ().\-/]{6,18}\d")
_NATIONAL = re2.compile(r"(?:^|[^\w.,/+-])\(?0\d{1,5}\)?[ .\-/]?\d[\d .\-/]{4,12}\d(?:[^\w]|$)")
_AMERICAN = re2.compile(r"(?:^|[^\w.-])(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]?\d{3}[ .-]\d{4}(?:[^\w-]|$)")
_AFTER_A_WORD = re2.compile(
    r"(?i)\b(?:call|ring|text|phone|whatsapp|tel|telephone|mobile|cell|number is)\b[^\d\n]{0,20}\d[\d ().\-/]{4,16}\d"
)
_FEWEST_DIGITS = 7  # 999, 116 123 and other short numbers help people


def check(submission: Submission) -> Verdict:
    return nudge("nudge_phone") if any(_is_in(text.typed) for text in submission.readable) else PASS


def _is_in(words: str) -> bool:
    if sum(map(words.count, "0123456789")) < _FEWEST_DIGITS:
        return False
    text = _ADDRESS.sub(" ", words)
    for pattern in (_INTERNATIONAL, _NATIONAL, _AMERICAN, _AFTER_A_WORD):
        found = pattern.search(text)
        if found and sum(letter.isdigit() for letter in found.group(0)) >= _FEWEST_DIGITS:
            return True
    return False
