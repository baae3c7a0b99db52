"""What a search costs in a large blog: 10,000 posts and 100,000 comments, on SQLite and on a throw-away PostgreSQL.

The texts are made up of a list of words of our own, the n-th about 1/n times as often as the first, as in real texts a
few words stand everywhere and most are rare. The same seed gives the same texts.
"""

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from benchmarks import site_data
from benchmarks.one import Run
from benchmarks.table import Row, at_least, at_most
from benchmarks.wrk import Wrong

POSTS, COMMENTS = 10_000, 100_000
SEARCHES = 40  # of each kind
MOST_MILLISECONDS = 30  # for 95 of 100 searches
TITLE = "How fibromyalgia got its name"
# The common words, most common first; the rest are made of syllables.
COMMON = """
    pain sleep fibromyalgia tired study people help doctor morning night walk water warm massage stretch release trial
    group weeks muscle fascia therapy exercise fatigue flare rest breathing medicine stress quality life
""".split()  # noqa: SIM905  # thirty lines of one word each say no more
SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi wo zu kra stel mun dor fin".split()  # noqa: SIM905
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


Took = list[tuple[float, float]]  # milliseconds: looked up, and the whole page


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    from articles.models import Article
    from fibroblog import demo
    from fibroblog.search import finding

    demo.clear()
    fill(run.of(POSTS, quick=200), run.of(COMMENTS, quick=1_000))
    both: Took = []
    for kind, (queries, rest) in KINDS.items():
        took = search(queries, rest, run.of(SEARCHES, quick=8))
        both += took
        yield Row(f"search: {kind}, looked up: p95", p95(one for one, _ in took), "ms")
    aim = at_most(MOST_MILLISECONDS)
    yield Row("all searches, looked up: p95", p95(one for one, _ in both), "ms", aim=aim)
    yield Row("all searches, the whole page: p95", p95(page for _, page in both), "ms")
    hits = finding.find("fibromialgia name").hits
    found = bool(hits) and Article.objects.get(pk=hits[0][1]).title == TITLE
    yield Row("a title with a typing error is found first", float(found), "", aim=at_least(1))


def search(queries: tuple[str, ...], rest: str, times: int) -> Took:
    """With the filters of its address: what is found within a topic or a year is another search."""
    from django.http import QueryDict
    from django.test import Client

    from fibroblog.search import finding
    from fibroblog.search.views import Asked

    client = Client(HTTP_HOST="127.0.0.1")
    searches = []
    for query in queries:
        path = f"/search/?q={query}{rest}"
        if client.get(path).status_code != 200:
            raise Wrong(f"{path} was not answered")
        asked = Asked.of(QueryDict(f"q={query}{rest}"))
        searches.append((partial(finding.find, asked.words, asked.filters), partial(client.get, path)))
    turns = itertools.islice(itertools.cycle(searches), times)
    return [(timed(find), timed(page)) for find, page in turns]


def timed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1_000


def p95(times: Iterator[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def sentences(chance: random.Random) -> Callable[[int], str]:
    """Makes sentences of so many words."""
    made = ("".join(parts) for size in (3, 4) for parts in itertools.product(SYLLABLES, repeat=size))
    known = [*COMMON, *itertools.islice(made, RARE)]
    weights = list(itertools.accumulate(1 / (place + 3) for place in range(len(known))))
    return lambda count: " ".join(chance.choices(known, cum_weights=weights, k=count)).capitalize() + "."


def fill(posts: int, comments: int) -> None:
    from django.db import connection

    from articles import documents as posts_told
    from articles.models import Article, Tag
    from comments import documents as comments_told
    from comments.models import Comment
    from fibroblog.search import index

    chance = random.Random(7)
    sentence = sentences(chance)
    tags = Tag.objects.bulk_create(Tag(name=f"Topic {n}", slug=f"bench-{n}") for n in range(20))
    made = Article.objects.bulk_create(_posts(posts, sentence), batch_size=500)
    tagged = Article.tags.through
    tagged.objects.bulk_create(
        (tagged(article_id=post.pk, tag_id=tags[post.pk % len(tags)].pk) for post in made), batch_size=500
    )
    rows = _comments(comments, made, chance, sentence)
    while batch := list(itertools.islice(rows, 5_000)):
        Comment.objects.bulk_create(batch, batch_size=500)
    index.put(posts_told.documents(Article.objects.all()))
    index.put(comments_told.documents(Comment.objects.all()))
    with connection.cursor() as cursor:
        # PostgreSQL does both by itself, but some minutes later.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _posts(count: int, sentence: Callable[[int], str]) -> Iterator[Any]:
    from django.utils import timezone

    from articles.models import Article

    now = timezone.now()
    for number in range(count):
        text = sentence(300)
        yield Article(
            title=TITLE if number == count // 2 else sentence(7),
            slug=f"post-{number}",
            finding=sentence(15),
            key_points=sentence(30),
            body=f"<p>{text}</p>",
            text=text,
            words=330,
            status=Article.Status.PUBLISHED,
            published_at=now - timedelta(hours=4 * (count - number)),
        )


def _comments(
    count: int, posts: list[Any], chance: random.Random, sentence: Callable[[int], str]
) -> Iterator[Any]:
    from django.utils import timezone

    from comments.models import Comment
    from comments.states import State

    now = timezone.now()
    for number in range(count):
        body = sentence(chance.randint(10, 70))
        yield Comment(
            article=chance.choice(posts),
            name=f"Reader {number % 900}",
            body=body,
            html=f"<p>{body}</p>",
            digest=f"bench-{number}",
            state=State.APPROVED,
            in_thread=True,
            created_at=now - timedelta(minutes=20 * (count - number)),
        )
