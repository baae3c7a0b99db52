"""What a search costs in a large blog: 10,000 posts and 100,000 comments, on SQLite and on a throw-away PostgreSQL.

The texts are made up of a list of words of our own, each half as often as the one before the last, as in real
texts a few words stand everywhere and most are rare. The same seed gives the same texts.
"""

import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

POSTS, COMMENTS = 10_000, 100_000
SEARCHES = 40  # of each kind
LIMIT = 30.0  # milliseconds, for 95 of 100 searches
# The common words, most common first; the rest are made of syllables.
COMMON = [
    "pain",
    "sleep",
    "fibromyalgia",
    "tired",
    "study",
    "people",
    "help",
    "doctor",
    "morning",
    "night",
    "walk",
    "water",
    "warm",
    "massage",
    "stretch",
    "release",
    "trial",
    "group",
    "weeks",
    "muscle",
    "fascia",
    "therapy",
    "exercise",
    "fatigue",
    "flare",
    "rest",
    "breathing",
    "medicine",
    "stress",
    "quality",
    "life",
]
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "wo",
    "zu",
    "kra",
    "stel",
    "mun",
    "dor",
    "fin",
]
RARE = 20_000

KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    "a common word": (("pain", "sleep", "people", "doctor"), ""),
    "a rare word": (("dorfinkra", "munstelzu", "krakrafo", "wozuvi"), ""),
    "two words": (("pain sleep", "massage night", "tired wozuvi", "therapy fatigue"), ""),
    "five common words": (("pain sleep tired study people",), ""),
    "a misspelt word": (("fibromialgia", "massagge", "excercise", "stertch"), ""),
    "a phrase": (('"pain sleep"', '"quality life"', '"muscle fascia"'), ""),
    "with a topic": (("sleep", "warm walk"), "&tag=bench-3"),
    "with a year": (("sleep", "warm walk"), "&year=2024"),
    "page 2": (("pain", "massage"), "&page=2"),
    "comments only": (("pain", "fascia night"), "&kind=comment"),
    "nothing of the kind": (("qqxxqqxx", "sleep qqxxqqxx"), ""),
}


def main() -> None:
    """In a process of its own, so that each database has settings of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fibroblog.settings"
    os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill()
    measure()


def measure_both() -> None:
    """On SQLite, and on PostgreSQL where its programs are."""
    run({})
    from fibroblog.launcher import postgres
    from fibroblog.launcher.processes import CannotGoOn, Signals

    try:
        with postgres.throw_away(Signals()) as url:
            run({"DATABASE_URL": url})
    except CannotGoOn as reason:
        print(f"Search on PostgreSQL was left out: {reason}")


def run(environment: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="fibroblog-bench-") as folder:
        surroundings = {**os.environ, "DATA_DIR": folder, **environment}
        if subprocess.run([sys.executable, "-m", "benchmarks.search"], env=surroundings).returncode:
            sys.exit("The search was not as quick, or not as good, as it must be.")


def words(chance: random.Random) -> Callable[[int], str]:
    """Sentences of so many words: the n-th word of the list stands there about 1/n times as often as the first."""
    made = ("".join(parts) for size in (3, 4) for parts in itertools.product(SYLLABLES, repeat=size))
    known = [*COMMON, *itertools.islice(made, RARE)]
    weights = list(itertools.accumulate(1 / (place + 3) for place in range(len(known))))
    return lambda count: " ".join(chance.choices(known, cum_weights=weights, k=count)).capitalize() + "."


def fill() -> None:
    from django.db import connection
    from django.utils import timezone

    from articles import documents as posts_told
    from articles.models import Article, Tag
    from comments import documents as comments_told
    from comments.models import Comment
    from comments.states import State
    from fibroblog.search import index

    chance = random.Random(7)
    sentence = words(chance)
    now = timezone.now()
    tags = Tag.objects.bulk_create(Tag(name=f"Topic {n}", slug=f"bench-{n}") for n in range(20))

    def posts() -> Iterator[Article]:
        for number in range(POSTS):
            text = sentence(300)
            yield Article(
                title="How fibromyalgia got its name" if number == POSTS // 2 else sentence(7),
                slug=f"post-{number}",
                finding=sentence(15),
                key_points=sentence(30),
                body=f"<p>{text}</p>",
                text=text,
                words=330,
                status=Article.Status.PUBLISHED,
                published_at=now - timedelta(hours=4 * (POSTS - number)),
            )

    def comments() -> Iterator[Comment]:
        for number in range(COMMENTS):
            body = sentence(chance.randint(10, 70))
            yield Comment(
                article_id=ids[chance.randrange(POSTS)],
                name=f"Reader {number % 900}",
                body=body,
                html=f"<p>{body}</p>",
                digest=f"bench-{number}",
                state=State.APPROVED,
                in_thread=True,
                created_at=now - timedelta(minutes=20 * (COMMENTS - number)),
            )

    ids = [post.pk for post in Article.objects.bulk_create(posts(), batch_size=500)]
    through = Article.tags.through
    through.objects.bulk_create(
        (through(article_id=pk, tag_id=tags[pk % len(tags)].pk) for pk in ids), batch_size=500
    )
    for batch in batches(comments(), 5_000):
        Comment.objects.bulk_create(batch, batch_size=500)
    start = time.perf_counter()
    index.put(posts_told.documents(Article.objects.all()))
    index.put(comments_told.documents(Comment.objects.all()))
    took = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(
        f"\nSearch on {connection.vendor}: {POSTS:,} posts and {COMMENTS:,} comments, indexed in {took:.0f} s"
    )


def batches(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(rows, size)):
        yield batch


def measure() -> None:
    from django.test import Client

    from fibroblog.search import finding

    client = Client(HTTP_HOST="127.0.0.1")
    print(f"{'':24}{'looked up: p50':>16}{'p95':>8}{'max':>8}{'page: p50':>14}{'p95':>8}{'max':>8}   ms")
    both: list[tuple[float, float]] = []
    for kind, (queries, rest) in KINDS.items():
        paths = [f"/search/?q={query}{rest}" for query in queries]
        for path in paths:
            assert client.get(path).status_code == 200, path
        took = [
            (
                timed(partial(finding.find, query)),
                timed(partial(client.get, path)),
            )
            for query, path in itertools.islice(itertools.cycle(zip(queries, paths, strict=True)), SEARCHES)
        ]
        print(row(kind, took))
        both += took
    print(row("all of these", both))
    worst = statistics.quantiles([looked_up for looked_up, _ in both], n=20)[-1]
    title = "How fibromyalgia got its name"
    found = finding.find("fibromialgia name")
    from articles.models import Article

    first = Article.objects.get(pk=found.hits[0][1]).title if found.hits else "nothing"
    print(f"“fibromialgia name” finds first: {first}")
    if worst > LIMIT or first != title:
        sys.exit(1)


def row(what: str, took: list[tuple[float, float]]) -> str:
    columns = []
    for times in zip(*took, strict=True):
        columns += [statistics.median(times), statistics.quantiles(times, n=20)[-1], max(times)]
    return f"{what:24}{columns[0]:16.1f}" + "{:8.1f}{:8.1f}{:14.1f}{:8.1f}{:8.1f}".format(*columns[1:])


def timed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
