"""Somebody's street and number, or a postcode that says as much."""

from collections.abc import Iterator

import re2

from .folding import Text
from .verdicts import PASS, Submission, Verdict, nudge

_NAME = r"\p{Lu}[\p{L}'’.-]+"
_ADDRESSES = [
    re2.compile(
        rf"\b\d{{1,5}}[a-zA-Z]?,? (?:{_NAME} ){{1,3}}(?:[Ss]treet|[Rr]oad|[Aa]venue|[Ll]ane|[Cc]lose|[Cc]ourt|[Cc]rescent"
        r"|[Tt]errace|[Pp]lace|[Ss]quare|[Bb]oulevard|Drive|Way|Gardens|Grove|Mews|St|Rd|Ave|Ln|Blvd|Cres)\b"
    ),
    re2.compile(r"\b\p{Lu}[\p{L}-]+(?:straße|strasse|str\.|gasse|weg|allee|laan|straat) \d{1,4}\b"),
    re2.compile(r"\b\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|chemin|impasse) (?:\p{L}|d')"),
    re2.compile(r"\b(?:[Cc]alle|[Vv]ia|[Rr]ua|[Aa]venida) (?:\p{L}+ ){0,3}\p{Lu}\p{L}+,? (?:n[.º°]? ?)?\d{1,4}\b"),
    # British postcodes stand for a few houses. The letters after the digit leave out those of MG and ML.
    re2.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b"),
]  # fmt: skip


def check(submission: Submission) -> Verdict:
    return nudge("nudge_street") if any(passages(submission.text)) else PASS


def passages(text: Text) -> Iterator[str]:
    for pattern in _ADDRESSES:
        yield from (found.group() for found in pattern.finditer(text.typed))
