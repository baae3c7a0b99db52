"""Somebody's e-mail address, also where it is spelt out."""

from collections.abc import Iterator

import re2

from .folding import Text
from .verdicts import PASS, Submission, Verdict, nudge

_WRITTEN = re2.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[\w-]{2,}")
_SPELT = re2.compile(
    r"(?i)\b[\w.+-]+ ?(?: at |\(at\)|\[at\]|\{at\}) ?[\w-]+ ?(?: dot |\(dot\)|\[dot\]|\{dot\}|\.) ?(?:com|org|net|info|eu|uk|co|de|fr|es|it|nl|ie|us|ca|au)\b"
)


def check(submission: Submission) -> Verdict:
    return nudge("nudge_email") if any(any(passages(text)) for text in submission.readable) else PASS


def passages(text: Text) -> Iterator[str]:
    for pattern in (_WRITTEN, _SPELT):
        yield from (found.group() for found in pattern.finditer(text.typed))
