"""What changed from one text of a comment to the next, word by word. Pure."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_WORDS = re.compile(r"\s*\S+\s*")
_AROUND = 12  # unchanged words shown before and after a change
_LONGEST = 3_000  # words of either text: comparing takes time with the square of it


def difference(before: str, after: str) -> SafeString:
    """Both texts in one, as HTML: ``<del>`` what went, ``<ins>`` what came, long unchanged parts cut short."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _LONGEST:
        return mark_safe(f"<del>{escape(before)}</del> <ins>{escape(after)}</ins>")  # escaped
    return mark_safe("".join(_parts(old, new)))  # escaped word by word


def _parts(old: list[str], new: list[str]) -> Iterator[str]:
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (what, i, j, start, end) in enumerate(steps):
        if what == "equal":
            yield escape(_shortened(old[i:j], is_first=number == 0, is_last=number == len(steps) - 1))
            continue
        if i < j:
            yield f"<del>{escape(''.join(old[i:j]))}</del>"
        if start < end:
            yield f"<ins>{escape(''.join(new[start:end]))}</ins>"


def _shortened(words: list[str], *, is_first: bool, is_last: bool) -> str:
    head = [] if is_first else words[:_AROUND]
    tail = [] if is_last else words[-_AROUND:]
    if len(words) <= len(head) + len(tail) + _AROUND:
        return "".join(words)
    return f"{''.join(head)} … {''.join(tail)}"
