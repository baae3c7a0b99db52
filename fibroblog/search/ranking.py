"""Which of the documents found holds the words best, by BM25 over these few. Pure: numbers in, numbers out."""

from math import log2

from .backends import Group

# A word in the title or the head is as much as so many in the body.
IN_TITLE, IN_HEAD = 12.0, 4.0
# The usual constants: how soon more of a word adds little, and how much a long text counts against its words.
SOON, LENGTH = 1.2, 0.75

Texts = tuple[str, str, str]  # title, head and body as numbers with spaces between


def ranks(groups: list[Group], documents: list[Texts]) -> list[float]:
    """One for each document; less is better. All of them hold all groups."""
    if not documents:
        return []
    lengths = [sum(map(len, texts)) for texts in documents]
    usual = sum(lengths) / len(lengths) or 1
    wanted = [(wanted_of(group), (SOON + 1) / log2(2 + group.documents)) for group in groups]
    return [
        _rank(texts, wanted, SOON * (1 - LENGTH + LENGTH * length / usual))
        for texts, length in zip(documents, lengths, strict=True)
    ]


def wanted_of(group: Group) -> list[str]:
    """What to look for in a text with a space at both ends."""
    if group.is_phrase:
        return [f" {' '.join(map(str, group.stems))} "]
    return [f" {stem} " for stem in group.stems]


def _rank(texts: Texts, wanted: list[tuple[list[str], float]], enough: float) -> float:
    """A number that follows itself counts once: said twice in a row it is no more at home here."""
    title, head, body = (f" {text} " for text in texts)
    rank = 0.0
    for ones, weight in wanted:
        often = sum(IN_TITLE * title.count(one) + IN_HEAD * head.count(one) + body.count(one) for one in ones)
        rank -= weight * often / (often + enough)
    return rank
