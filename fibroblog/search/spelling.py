"""Words that look like one that nobody wrote: candidates that share letters, then the fewest typing errors."""

from django.db.models import Count

from .models import IndexedWord
from .words import LONGEST

SHORTEST = 4  # letters; shorter words are too much alike
LONG = 8  # letters; from here on two errors are forgiven
CANDIDATES = 40
SUGGESTED = 3  # words that are equally near


def trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def has_trigrams(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def distance(one: str, other: str, *, most: int) -> int:
    """How many letters were changed, left out, added or swapped with their neighbour; ``most`` + 1 for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, counterpart in enumerate(other, start=1):
            steps = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != counterpart))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == counterpart
            current.append(min(steps, before[column - 2] + 1) if swapped else steps)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return last[-1]


def nearest(word: str) -> list[IndexedWord]:
    """The words with the fewest errors between, those that most documents hold first; empty when none is near."""
    if not has_trigrams(word):
        return []
    most = 2 if len(word) >= LONG else 1
    alike = (
        IndexedWord.objects.filter(
            trigrams__trigram__in=trigrams(word),
            trigrams__length__range=(len(word) - most, len(word) + most),
        )
        .annotate(shared=Count("trigrams"))
        .order_by("-shared", "-documents", "word")[:CANDIDATES]
    )
    near: list[tuple[int, IndexedWord]] = [
        (distance(word, other.word, most=most), other) for other in alike if other.word != word
    ]
    least = min((errors for errors, _ in near), default=most + 1)
    if least > most:
        return []
    found = [other for errors, other in near if errors == least]
    return sorted(found, key=lambda other: (-other.documents, other.word))[:SUGGESTED]


def beginning_with(word: str) -> list[IndexedWord]:
    """Words that go on where this one ends, as when the last letters were not typed."""
    if not SHORTEST <= len(word) < LONGEST or not word.isascii():
        return []
    longer = IndexedWord.objects.filter(word__gt=word, word__lt=f"{word}\N{COMBINING GRAPHEME JOINER}")
    return list(longer.filter(word__startswith=word).order_by("-documents", "word")[:SUGGESTED])
