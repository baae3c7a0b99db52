"""Stamps of the public pages, the rules, the learner's knowledge and the words: whoever changes one says so here, in
the same transaction.

Nothing else may write a stamp, and no stamp moves outside a verb.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import connections, transaction
from django.db.models import F, Max, Sum
from django.utils import timezone

from . import page_folder, replicas
from .models import Stamp

SITE = "site"
COUNTS = "counts"
RULES = "rules"
LEARNT = "learnt"
WORDS = "words"


def changed(
    *,
    article: int | None = None,
    articles: Iterable[int] = (),
    discussion: int | None = None,
    discussions: Iterable[int] = (),
    counts: bool = False,
    site: bool = False,
    rules: bool = False,
    learnt: bool = False,
    words: bool = False,
) -> None:
    """Move the stamps of the given posts and discussions (both by the post's id), of the numbers of comments that
    listings show, of the whole site where its frame or its listings change, of the rules and the learner's knowledge
    that comments are screened by, and of the words that are explained."""
    names = {of_article(pk) for pk in (article, *articles) if pk is not None}
    names |= {of_discussion(pk) for pk in (discussion, *discussions) if pk is not None}
    if counts:
        names.add(COUNTS)
    if site:
        names.add(SITE)
    if rules:
        names.add(RULES)
    if learnt:
        names.add(LEARNT)
    if words:
        names.add(WORDS)
    if not names:
        return
    now = timezone.now()
    with transaction.atomic():
        # In one order everywhere, so that two transactions cannot wait for each other.
        for name in sorted(names):
            _move(name, now)
        # Last: from here to the end of the transaction the stamps are locked, so that no page can come back.
        page_folder.take_away()


def _move(name: str, now: datetime) -> None:
    stamp = Stamp.objects.filter(name=name)
    if stamp.update(version=F("version") + 1, moved_at=now):
        return
    _, made = Stamp.objects.get_or_create(name=name, defaults={"moved_at": now})
    if not made:  # somebody else wrote it down just now: our own move has to be seen beside theirs
        stamp.update(version=F("version") + 1, moved_at=now)


def begin(names: Iterable[str]) -> None:
    """Write down stamps that never moved, as they are read without it, so that there is something to lock."""
    Stamp.objects.bulk_create(
        [Stamp(name=name, version=0, moved_at=datetime.fromtimestamp(0, tz=UTC)) for name in sorted(names)],
        ignore_conflicts=True,
    )


def of_article(pk: int) -> str:
    """The stamp of a post itself, without what is said below it."""
    return f"article:{pk}"


def of_discussion(pk: int) -> str:
    """The stamp of what is said below the post with this id."""
    return f"discussion:{pk}"


def all_posts_changed() -> None:
    """Move the stamp of every post: what changed may stand in any of them."""
    stamps = Stamp.objects.filter(name__startswith="article:")
    with transaction.atomic():
        # Locked in the order of `changed`.
        list(stamps.select_for_update().order_by("name").values_list("pk", flat=True))
        stamps.update(version=F("version") + 1, moved_at=timezone.now())
        page_folder.take_away()


def version_of(name: str) -> int:
    # Asked for every comment: a queryset takes ten times as long. From where its rows are read, too: a version of the
    # primary with rows of a replica would be remembered wrongly.
    with connections[replicas.for_reading()].cursor() as cursor:
        cursor.execute("SELECT version FROM fibroblog_stamp WHERE name = %s", [name])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def total() -> int:
    """How often any stamp moved: changes with every change of anything public."""
    return Stamp.objects.aggregate(all=Sum("version"))["all"] or 0


def last_moved(name: str | None = None) -> datetime | None:
    """When the stamp last moved; of all stamps when no name is given."""
    stamps = Stamp.objects.filter(name=name) if name else Stamp.objects.all()
    moved: datetime | None = stamps.aggregate(at=Max("moved_at"))["at"]
    return moved
