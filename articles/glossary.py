"""Hard words and their plain explanations: kept by verbs, explained where they first stand in a text.

Marked when a page is made, never in what is stored, so that a better explanation is on every page at once.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import transaction

from fibroblog import pages
from fibroblog.safety import make_plain

from .models import GlossaryTerm

WORD = re.compile(r"\w+")
# Links and headings have a purpose of their own, a table's heads no room; tags and entities are no words.
UNTOUCHED = re.compile(r"<(a|h2|h3|code|pre|th)\b.*?</\1>|<[^>]*>|&#?\w+;", re.DOTALL)


@transaction.atomic
def save_term(term: GlossaryTerm) -> GlossaryTerm:
    make_plain(term, "word", "explanation", "other_forms")
    term.save()
    _moved()
    return term


@transaction.atomic
def delete_terms(terms: Iterable[GlossaryTerm]) -> None:
    for term in terms:
        term.delete()
    _moved()


def _moved() -> None:
    """Any post may hold the word."""
    pages.all_posts_changed()
    pages.changed(site=True, words=True)


class Entry(NamedTuple):
    """A term, ready to be looked for: its forms in small letters, each with the words that it is made of."""

    term: GlossaryTerm
    forms: list[tuple[str, set[str]]]

    @classmethod
    def of(cls, term: GlossaryTerm) -> "Entry":
        forms = sorted((form.lower() for form in term.forms), key=len, reverse=True)
        return cls(term, [(form, set(WORD.findall(form))) for form in forms])

    def first_place(self, text: str, words: set[str], taken: bytearray) -> tuple[int, int] | None:
        """Where it first stands in a text of small letters, which is made of ``words``, and nothing else is marked."""
        first = None
        for form, made_of in self.forms:
            if not made_of <= words:  # most are not in most texts, and need no search
                continue
            for start in _each(form, text):
                if first and first[0] <= start:
                    break
                if not any(taken[start : start + len(form)]):
                    first = (start, start + len(form))
                    break
        return first


def _each(form: str, text: str) -> Iterator[int]:
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start
        start = text.find(form, end)


_kept: tuple[int, list[Entry]] | None = None


def entries() -> list[Entry]:
    """The glossary as of now, the longest words first; made anew in a process when a term changed."""
    global _kept
    version = pages.version_of(pages.WORDS)  # read first: a term that changes meanwhile is found next time
    if _kept is None or _kept[0] != version:
        made = [Entry.of(term) for term in GlossaryTerm.objects.all()]
        _kept = (version, sorted(made, key=lambda entry: -max(len(form) for form, _ in entry.forms)))
    return _kept[1]


def forget() -> None:
    """Read anew next time. For tests, whose databases forget what this process remembers."""
    global _kept
    _kept = None


def explain(html: str, entries: Iterable[Entry]) -> tuple[str, list[GlossaryTerm]]:
    """The text with the first occurrence of each word as a button, and the words found.

    The button opens the element ``word-<id>`` by itself, without a script; the page has to hold one for each word
    found. ``html`` is what our own sanitiser or escaping made.
    """
    text = UNTOUCHED.sub(_blank, html)
    small = text.lower()
    if len(small) != len(text):  # a letter like "İ" has a longer small form: then capitals are not looked for
        small = text
    words = set(WORD.findall(small))
    taken = bytearray(len(small))
    found: list[tuple[int, int, GlossaryTerm]] = []
    for entry in entries:
        if place := entry.first_place(small, words, taken):
            start, end = place
            taken[start:end] = b"\1" * (end - start)
            found.append((start, end, entry.term))
    return _marked(html, sorted(found, key=lambda one: one[0])), [term for *_, term in found]


def _marked(html: str, places: list[tuple[int, int, GlossaryTerm]]) -> str:
    pieces, last = [], 0
    for start, end, term in places:
        pieces += [html[last:start], _button(html[start:end], term)]
        last = end
    return "".join([*pieces, html[last:]])


def _blank(found: re.Match[str]) -> str:
    return "\0" * len(found[0])


def _button(word: str, term: GlossaryTerm) -> str:
    """``word`` is a piece of safe HTML already, and the id a number."""
    return f'<button type="button" class="word" popovertarget="word-{int(term.pk)}">{word}</button>'
