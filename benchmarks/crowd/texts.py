"""Words of the crowd: a short list of our own and words made of syllables, which nobody takes for somebody's story.

The n-th word stands there about 1/n times as often as the first: as in real texts a few words stand everywhere and
most are rare. The same seed gives the same words.
"""

import itertools
import math
import random

_COMMON = (
    "pain sleep fibromyalgia tired study people help doctor morning night walk water warm massage stretch release "
    "trial group weeks muscle fascia therapy exercise fatigue flare rest breathing medicine stress quality life"
)
_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi wo zu kra stel mun dor fin"
COMMON = _COMMON.split()  # most common first
SYLLABLES = _SYLLABLES.split()
RARE = 20_000
TAPE = 200_000  # words
USUAL, SPREAD = 26, 1.0  # words of a comment: half have fewer; log-normal
USUAL_OF_POST, SPREAD_OF_POST = 350, 0.5
MOST, MOST_OF_POST = 620, 2_500  # the first makes at most 5,000 characters
PARAGRAPH = 70  # words


class Texts:
    """One long tape of words; each text is a piece of it. To draw every word anew would take most of the time."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(f"{seed} words")
        made = ("".join(parts) for size in (3, 4) for parts in itertools.product(SYLLABLES, repeat=size))
        known = [*COMMON, *itertools.islice(made, RARE)]
        weights = list(itertools.accumulate(1 / (place + 3) for place in range(len(known))))
        words = chance.choices(known, cum_weights=weights, k=TAPE)
        place = chance.randint(5, 14)
        while place < TAPE:
            words[place - 1] += "."
            words[place] = words[place].capitalize()
            place += chance.randint(5, 14)
        self._tape = " ".join(words)
        self._ends = list(itertools.accumulate(len(word) + 1 for word in words))

    def piece(self, start: int, count: int) -> str:
        """``count`` words from the place on, as a sentence or several."""
        text = self._tape[self._ends[start] : self._ends[start + count] - 1]
        return f"{text[0].upper()}{text[1:].rstrip('.')}."

    def paragraphs(self, start: int, count: int) -> list[str]:
        pieces = range(0, count, PARAGRAPH)
        return [self.piece(start + at, min(PARAGRAPH, count - at)) for at in pieces]


def somewhere(chance: random.Random) -> int:
    """A place on the tape from which even the longest text finds room."""
    return int(chance.random() * (TAPE - MOST_OF_POST - 1))


def length(chance: random.Random) -> int:
    """Words of a comment: from a single one up."""
    return min(MOST, max(1, round(chance.lognormvariate(math.log(USUAL), SPREAD))))


def length_of_post(chance: random.Random) -> int:
    return min(MOST_OF_POST, round(chance.lognormvariate(math.log(USUAL_OF_POST), SPREAD_OF_POST)))
