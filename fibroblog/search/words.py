"""What counts as a word, and which words count as the same. Pure: no database, no request.

Both databases get the same words from here, so that both find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

LONGEST = 40  # letters; longer ones are cut, here and in what is looked for
MOST_WORDS = 8  # of one search
MOST_LETTERS = 200  # of one search
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|„([^“]*)“|«([^»]*)»')
_stemmer = snowballstemmer.stemmer("english")

# They stand in nearly every text: to look for them finds everything, and means nothing.
_SMALL = (
    "a about all also am an and any are as at be been but by can could did do does for from had has have he her his "
    "how i if in into is it its just ll me more my no not of on or our out re she so some than that the their them "
    "then there these they this to too up us ve was we were what when where which who will with would you your"
)
STOP = frozenset(_SMALL.split())


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Without capitals, accents and whatever is no letter or digit."""
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in word.lower() if letter.isalnum())[:LONGEST]


@lru_cache(maxsize=100_000)
def stem(folded: str) -> str:
    return str(_stemmer.stemWord(folded))[:LONGEST] or folded if folded.isascii() else folded


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each word begins and ends in the text, and the word folded; single letters and common words too."""
    for match in _WORD.finditer(text):
        if word := fold(match.group()):
            yield match.start(), match.end(), word


def words_of(text: str) -> list[str]:
    """The words that are worth finding, in their order."""
    # Not by way of `spans`: without the places it takes three quarters of the time.
    return [word for word in map(fold, _WORD.findall(text)) if counts(word)]


def counts(word: str) -> bool:
    return word not in STOP and (len(word) > 1 or word.isdecimal())


def asked_for(query: str) -> list[tuple[str, ...]]:
    """What a search asks for: single words, and phrases where there are quotes. Anything else is no mistake, but space."""
    query = query[:MOST_LETTERS]
    wanted: dict[tuple[str, ...], None] = {}
    left = MOST_WORDS
    phrases = [next(filter(None, match.groups()), "") for match in _QUOTED.finditer(query)]
    for phrase in [*map(words_of, phrases), *([word] for word in words_of(_QUOTED.sub(" ", query)))]:
        cut = tuple(phrase[:left])
        if cut and cut not in wanted:
            wanted[cut] = None
            left -= len(cut)
    return list(wanted)
