"""Somebody's e-mail address, also where it is spelt out."""

import re2

from .verdicts import PASS, Submission, Verdict, nudge

_WRITTEN = re2.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[\w-]{2,}")
_SPELT = re2.compile(
    r"(?i)\b[\w.+-]+ ?(?: at |\(at\)|\[at\]|\{at\}) ?[\w-]+ ?(?: dot |\(dot\)|\[dot\]|\{dot\}|\.) ?(?:com|org|net|info|eu|uk|co|de|fr|es|it|nl|ie|us|ca|au)\b"
)


def check(submission: Submission) -> Verdict:
    found = any(_WRITTEN.search(text.typed) or _SPELT.search(text.typed) for text in submission.readable)
    return nudge("nudge_email") if found else PASS
