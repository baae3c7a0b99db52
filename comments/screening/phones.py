"""Somebody's phone number."""

import re
from collections.abc import Iterator

import re2

from .folding import Text
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
    return nudge("nudge_phone") if any(any(passages(text)) for text in submission.readable) else PASS


def passages(text: Text) -> Iterator[str]:
    if sum(map(text.typed.count, "0123456789")) < _FEWEST_DIGITS:
        return
    words = _ADDRESS.sub(" ", text.typed)
    for pattern in (_INTERNATIONAL, _NATIONAL, _AMERICAN, _AFTER_A_WORD):
        for found in pattern.finditer(words):
            if sum(letter.isdigit() for letter in found.group()) >= _FEWEST_DIGITS:
                yield found.group()
