"""Text brought into one form, so that a phrase is found however it is typed.

Only for looking: what is stored and shown is never folded.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

# "don't", "don’t" and "dont" are one word. Zero-width characters and soft hyphens hide words from nobody but programs.
_HIDDEN = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_NOTHING = re.compile(f"['’‘‛ʼ´`\u0300-\u036f{_HIDDEN}]")
_NO_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower-case words without accents and apostrophes, one space between them."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return _NO_WORD.sub(" ", _NOTHING.sub("", text.casefold())).strip()


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place in ``text`` that it came from."""
    folded, places = [" "], [0]
    for place, letter in enumerate(text):
        if _NOTHING.match(letter):
            continue
        for one in fold(letter) or " ":
            if one != " " or folded[-1] != " ":
                folded.append(one)
                places.append(place)
    return "".join(folded[1:]), places[1:]


@dataclass(frozen=True)
class Text:
    """A text as typed, and folded once for all checks that ask for it."""

    typed: str

    @cached_property
    def visible(self) -> str:
        """As typed, but for characters that nobody sees and letters that only look different."""
        return (
            self.typed
            if self.typed.isascii()
            else _INVISIBLE.sub("", unicodedata.normalize("NFKC", self.typed))
        )

    @cached_property
    def folded(self) -> str:
        return fold(self.typed)
