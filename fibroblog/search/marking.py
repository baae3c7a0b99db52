"""A few words around each match, the matches marked. Pure; everything that comes in is escaped."""

from collections.abc import Collection

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .words import spans, stem

AROUND = 220  # letters shown
BEFORE = 60  # of these before the first match


def marked(text: str, stems: Collection[str]) -> SafeString:
    """The whole text, escaped, with the words of these stems marked."""
    pieces, last = [], 0
    for start, end, word in spans(text):
        if stem(word) in stems:
            pieces.append((text[last:start], text[start:end]))
            last = end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[last:])


def snippet(text: str, stems: Collection[str]) -> SafeString:
    """The part of the text with most of the words, cut between words."""
    text = " ".join(text.split())
    found = [(start, stem(word)) for start, _, word in spans(text) if stem(word) in stems]
    best, most = 0, 0
    for place, (start, _) in enumerate(found[:50]):  # a match later than that is no better
        near = len({one for at, one in found[place : place + 20] if at < start + AROUND - BEFORE})
        if near > most:
            best, most = start, near
    begin = _after_space(text, max(0, best - BEFORE))
    end = begin + AROUND
    if end < len(text):
        end = text.rfind(" ", begin + AROUND // 2, end) if " " in text[begin + AROUND // 2 : end] else end
    before, after = "… " if begin else "", " …" if end < len(text) else ""
    return format_html("{}{}{}", before, marked(text[begin:end], stems), after)


def _after_space(text: str, place: int) -> int:
    space = text.find(" ", place, place + BEFORE)
    return space + 1 if place and space >= 0 else place
