"""What a search finds: keys in order, never texts. Only what readers may see now, whatever the index holds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.db.models import Sum
from django.utils import timezone

from fibroblog import limits

from .backends import Group, Match, Scope, backend
from .models import IndexedStem, IndexedWord, Kind
from .spelling import beginning_with, nearest
from .words import asked_for, stem

RARE = 4  # a word that so many times more documents hold than its look-alike is what was meant, too

# The same rules as `visible()` of posts and of comments, which a test holds these against. Each asks for one row, and is
# no join: for a join that they think long, both databases first read a whole table.
VISIBLE = {
    Kind.ARTICLE: """(
        SELECT a.status = 'published' AND a.published_at <= %s FROM articles_article a WHERE a.id = d.key)""",
    Kind.COMMENT: """(
        SELECT c.state = 'approved' AND a.status = 'published' AND a.published_at <= %s
        FROM comments_comment c JOIN articles_article a ON a.id = c.article_id WHERE c.id = d.key)""",
}


@dataclass(frozen=True)
class Filters:
    kind: Kind | None = None
    tag: int | None = None  # the id of a topic
    year: int | None = None


@dataclass(frozen=True)
class Correction:
    """A word that nobody wrote, or hardly anybody, and what was looked for in its place, or as well."""

    typed: str
    meant: list[str]
    as_well: bool = False


@dataclass
class Results:
    hits: list[tuple[Kind, int]] = field(default_factory=list)  # best first: kind and id
    counts: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))  # in any kind
    corrections: list[Correction] = field(default_factory=list)
    stems: set[str] = field(default_factory=set)  # to mark
    words: list[str] = field(default_factory=list)  # that were looked for

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def is_cut(self) -> bool:
        """There may be more than were counted."""
        return any(count >= limits.SEARCH_RESULTS for count in self.counts.values())


def find(query: str, filters: Filters | None = None, *, order: Literal["best", "newest"] = "best") -> Results:
    """Posts and comments that hold everything that the query asks for; posts before comments, unless by date.

    Of each kind SEARCH_RESULTS are found at most: the newest that hold the words, and posts with the words in their
    titles. So a search for a word that stands everywhere costs no more than any other.
    """
    filters = filters or Filters()
    asked = _Asked(query)
    results = Results(stems=asked.stems, words=asked.words)
    if not asked.groups or not all(group.stems for group in asked.groups):
        return results
    found: list[tuple[Kind, Match]] = []
    for kind in Kind:
        matches = _matches(kind, asked.groups, filters)
        results.counts[kind] = len(matches)
        if filters.kind in {None, kind}:
            found += [(kind, match) for match in matches]
    if order == "newest":
        found.sort(key=lambda pair: (pair[1].at, pair[1].key), reverse=True)
    results.hits = [(kind, match.key) for kind, match in found]
    # A word that only hidden texts hold is not named.
    results.corrections = asked.corrections if results.total else []
    return results


def _matches(kind: Kind, groups: list[Group], filters: Filters) -> list[Match]:
    dates = None if filters.year is None else _year(filters.year)
    scope = Scope(kind, VISIBLE[kind], (timezone.now(),), tag=filters.tag, dates=dates)
    most = limits.SEARCH_RESULTS
    found = backend().matches(groups, scope, most=most, in_title=False)
    by_rank = sorted(sorted(found, key=lambda match: (match.at, match.key), reverse=True), key=_rank)
    if kind == Kind.ARTICLE and len(found) == most:
        titled = backend().matches(groups, scope, most=most, in_title=True)
        first = dict.fromkeys(match.key for match in sorted(titled, key=_rank))
        rest = [match for match in by_rank if match.key not in first]
        by_rank = [*sorted(titled, key=_rank), *rest][:most]
    return by_rank


def _rank(match: Match) -> float:
    return match.rank


def _year(year: int) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


class _Asked:
    """A query in the numbers of the index, words with typing errors replaced by what they look like."""

    def __init__(self, query: str) -> None:
        wanted = asked_for(query)
        self.words = [word for words in wanted for word in words]
        self.stems: set[str] = set()
        self.corrections: list[Correction] = []
        self.known = self._known()
        last = self.words[-1] if self.words else ""
        self.groups = [
            self._group_of_word(words[0], is_last=words[0] == last)
            if len(words) == 1
            else self._group_of_phrase(words)
            for words in wanted
        ]

    def _known(self) -> dict[str, tuple[int, int]]:
        """By stem: its number, and how many documents hold it (in any form)."""
        stems = IndexedStem.objects.filter(stem__in={stem(word) for word in self.words})
        rows = stems.annotate(documents=Sum("words__documents")).values_list("stem", "pk", "documents")
        return {one: (pk, documents or 0) for one, pk, documents in rows}

    def _group_of_phrase(self, words: tuple[str, ...]) -> Group:
        self.stems.update(map(stem, words))
        known = [self.known[stem(word)] for word in words if stem(word) in self.known]
        if len(known) < len(words):
            return Group((), is_phrase=True)
        return Group(
            tuple(number for number, _ in known),
            is_phrase=True,
            documents=min(documents for _, documents in known),
        )

    def _group_of_word(self, word: str, *, is_last: bool) -> Group:
        number, documents = self.known.get(stem(word), (0, 0))
        alike = self._alike(word, documents, is_last=is_last)
        if alike:
            meant = list(dict.fromkeys(other.word for other in alike))
            self.corrections.append(Correction(word, meant, as_well=bool(number)))
        self.stems |= {stem(other.word) for other in alike} | ({stem(word)} if number else set())
        numbers = [*([number] if number else []), *(other.stem_id for other in alike)]
        return Group(
            tuple(dict.fromkeys(numbers)), documents=documents + sum(other.documents for other in alike)
        )

    def _alike(self, word: str, documents: int, *, is_last: bool) -> list[IndexedWord]:
        if documents > RARE:
            return []
        if not documents:
            return nearest(word) or (beginning_with(word) if is_last else [])
        # A typing error that somebody else made, too.
        return [other for other in nearest(word) if other.documents >= RARE * documents][:1]
