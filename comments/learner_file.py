"""What the learner knows as JSON: as it stands in the database, and in the file that one exports and imports.

The file comes from anywhere, so it is believed nothing.
"""

import json
from typing import Any

from .learner import LEAST_SEEN, LONGEST_HOST, MOST_WORDS, Knowledge, words_of

FORMAT = "fibroblog-learner-1"
MOST_BYTES = 2 * 1024 * 1024
MOST_TEXTS = 10_000_000  # of a kind


class BadFile(Exception):
    """Nothing was imported; the text says why."""


def written(knowledge: Knowledge) -> dict[str, Any]:
    words = {word: list(pair) for word, pair in sorted(knowledge.words.items())}
    return {"spam": knowledge.spam, "ham": knowledge.ham, "words": words}


def read(stored: dict[str, Any]) -> Knowledge:
    """Of what we wrote ourselves; nothing yet is no knowledge."""
    words = {word: (spam, ham) for word, (spam, ham) in stored.get("words", {}).items()}
    return Knowledge(stored.get("spam", 0), stored.get("ham", 0), words)


def as_file(knowledge: Knowledge) -> str:
    return json.dumps({"format": FORMAT, **written(knowledge)}, ensure_ascii=False, indent=0)


def from_file(content: bytes) -> Knowledge:
    """Raises BadFile."""
    if len(content) > MOST_BYTES:
        raise BadFile(f"This file is too large. It may have {MOST_BYTES // 1024 // 1024} MB.")
    try:
        said = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadFile("This file is not the JSON that “Export” gives.") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT or set(said) != {
        "format", "spam", "ham", "words"
    }:  # fmt: skip
        raise BadFile("This file does not come from the export of a learner like this one.")
    spam, ham, words = said["spam"], said["ham"], said["words"]
    if not (_is_count(spam, MOST_TEXTS) and _is_count(ham, MOST_TEXTS)):
        raise BadFile("The file does not say properly how many texts were learnt.")
    if not isinstance(words, dict) or len(words) > MOST_WORDS:
        raise BadFile(f"The file must have a list of at most {MOST_WORDS} words.")
    for place, (word, counts) in enumerate(words.items(), start=1):
        if not (_is_word(word) and _are_counts(counts, spam, ham)):
            # The word itself is not said: it may be anything.
            raise BadFile(f"Word number {place} of the file, or its count, cannot be right.")
    return read(said)


def _is_word(word: str) -> bool:
    """As `words_of` makes them."""
    return words_of(word) == {word} or (len(word) <= LONGEST_HOST and words_of(f"https://{word}") == {word})


def _are_counts(counts: object, spam: int, ham: int) -> bool:
    if not isinstance(counts, list) or len(counts) != 2:
        return False
    return _is_count(counts[0], spam) and _is_count(counts[1], ham) and sum(counts) >= LEAST_SEEN


def _is_count(number: object, most: int) -> bool:
    return type(number) is int and 0 <= number <= most
