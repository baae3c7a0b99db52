"""The index is told of every change here, in the transaction of that change. Nothing else writes to it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection, transaction
from django.db.models import F

from .backends import Row, backend
from .models import IndexedDocument, IndexedStem, IndexedTrigram, IndexedWord, Kind
from .spelling import has_trigrams, trigrams
from .words import stem, words_of

BATCH = 500
# Any number that nothing else locks.
LOCK = 5_261_990


@dataclass(frozen=True)
class Document:
    """What can be found of a post or comment. A match in ``title`` counts most, then in ``head``, then in ``body``."""

    kind: Kind
    key: int
    article: int
    at: datetime
    title: str
    head: str
    body: str


def hold() -> None:
    """One writer of the index at a time. Whoever changes several things in one transaction calls this before the
    first page stamp moves, so that nobody waits in a circle. (SQLite has one writer anyway.)"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def put(documents: Iterable[Document]) -> int:
    """Take these in, or what has become of them; returns how many."""
    hold()
    vocabulary = _Vocabulary()
    count = 0
    documents = iter(documents)
    while batch := list(islice(documents, BATCH)):
        _store(batch, vocabulary)
        count += len(batch)
    vocabulary.settle()
    return count


@transaction.atomic
def drop(kind: Kind, keys: Iterable[int]) -> None:
    """These are no longer found, and words that only they held are forgotten."""
    hold()
    _remove(list(IndexedDocument.objects.filter(kind=kind, key__in=list(keys))))


@transaction.atomic
def drop_with_comments(articles: Iterable[int]) -> None:
    """For posts that are deleted."""
    hold()
    _remove(list(IndexedDocument.objects.filter(article__in=list(articles))))


@transaction.atomic
def empty() -> None:
    hold()
    backend().empty()
    for model in (IndexedTrigram, IndexedWord, IndexedStem, IndexedDocument):
        rows = model._default_manager.all()
        rows._raw_delete(rows.db)  # quick: not one by one


def _remove(rows: list[IndexedDocument]) -> None:
    vocabulary = _Vocabulary()
    for row in rows:
        vocabulary.take_back(row)
    ids = [row.pk for row in rows]
    backend().remove(ids)
    IndexedDocument.objects.filter(pk__in=ids).delete()
    vocabulary.settle()


def _store(batch: list[Document], vocabulary: "_Vocabulary") -> None:
    keys = [document.key for document in batch]
    kinds = {document.kind for document in batch}  # without them the database would read all documents
    stored = IndexedDocument.objects.filter(kind__in=kinds, key__in=keys)
    known = {(row.kind, row.key): row for row in stored}
    parts = [[words_of(part) for part in (one.title, one.head, one.body)] for one in batch]
    vocabulary.learn({word for texts in parts for text in texts for word in text})
    rows = []
    for document, texts in zip(batch, parts, strict=True):
        row = known.get((document.kind, document.key)) or IndexedDocument(
            kind=document.kind, key=document.key
        )
        if row.pk:
            vocabulary.take_back(row)
        row.article, row.at = document.article, document.at
        row.words = vocabulary.note({word for text in texts for word in text})
        rows.append(row)
    IndexedDocument.objects.bulk_create([row for row in rows if not row.pk])
    old = [row for row in rows if (row.kind, row.key) in known]
    IndexedDocument.objects.bulk_update(old, ["article", "at", "words"])
    backend().write(
        Row(row.pk, row.kind, *([vocabulary.stems[word] for word in text] for text in texts))
        for row, texts in zip(rows, parts, strict=True)
    )


def _learn_trigrams(words: list[IndexedWord]) -> None:
    rows = [
        (three, len(word.word), word.pk)
        for word in words
        if has_trigrams(word.word)
        for three in sorted(trigrams(word.word))
    ]
    table = IndexedTrigram._meta.db_table
    with connection.cursor() as cursor:  # ten for each word: a queryset takes many times as long
        cursor.executemany(f"INSERT INTO {table} (trigram, length, word_id) VALUES (%s, %s, %s)", rows)  # noqa: S608


class _Vocabulary:
    """The words of all documents, how many hold each, and the numbers that stand for them."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.stems: dict[str, int] = {}
        self.change: Counter[int] = Counter()

    def learn(self, words: set[str]) -> None:
        """Give a number to each word that has none yet."""
        new = words - self.ids.keys()
        self._remember(new)
        new -= self.ids.keys()
        if not new:
            return
        stems = {word: stem(word) for word in new}
        known = dict(IndexedStem.objects.filter(stem__in=set(stems.values())).values_list("stem", "pk"))
        missing = sorted(set(stems.values()) - known.keys())
        known |= {
            row.stem: row.pk
            for row in IndexedStem.objects.bulk_create(IndexedStem(stem=one) for one in missing)
        }
        rows = IndexedWord.objects.bulk_create(
            IndexedWord(word=word, stem_id=known[stems[word]]) for word in sorted(new)
        )
        _learn_trigrams(rows)
        for row in rows:
            self.ids[row.word], self.stems[row.word] = row.pk, row.stem_id

    def _remember(self, words: set[str]) -> None:
        for word, pk, stem_id in IndexedWord.objects.filter(word__in=words).values_list(
            "word", "pk", "stem_id"
        ):
            self.ids[word], self.stems[word] = pk, stem_id

    def note(self, words: set[str]) -> str:
        """Another document holds these."""
        ids = sorted(self.ids[word] for word in words)
        self.change.update(ids)
        return " ".join(map(str, ids))

    def take_back(self, row: IndexedDocument) -> None:
        self.change.subtract(map(int, row.words.split()))

    def settle(self) -> None:
        """Write the counts, and forget the words that no document holds any more."""
        by_change = defaultdict(list)
        for pk, change in self.change.items():
            by_change[change].append(pk)
        for change, ids in by_change.items():
            for start in range(0, len(ids), BATCH) if change else ():
                some = IndexedWord.objects.filter(pk__in=ids[start : start + BATCH])
                some.update(documents=F("documents") + change)
        less = [pk for pk, change in self.change.items() if change < 0]
        if less:
            IndexedWord.objects.filter(pk__in=less, documents__lte=0).delete()
            IndexedStem.objects.filter(words=None).delete()
