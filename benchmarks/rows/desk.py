"""The moderation queue with ten comments waiting and with a hundred thousand: milliseconds and queries of a page."""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from benchmarks import site_data
from benchmarks.one import Run
from benchmarks.table import Row, at_most
from benchmarks.wrk import Wrong

FEW, MANY = 10, 100_000
ROUNDS = 7
MOST_MILLISECONDS = 100  # of server time, for any page
BATCH = 5_000


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    from comments.models import Comment
    from comments.states import State

    [article] = site_data.make_posts(1)
    Comment.objects.waiting().update(state=State.SPAM)  # the demo's
    queries: dict[str, int] = {}
    for waiting in (FEW, run.of(MANY, quick=1_000)):
        fill(article, waiting - Comment.objects.waiting().count())
        for page in ("first", "last"):
            took, count = look(page)
            few = queries.setdefault(page, count)
            what = f"the queue's {page} page, {waiting:,} waiting"
            yield Row(what, took, "ms", aim=at_most(MOST_MILLISECONDS))
            if waiting > FEW:
                yield Row(f"{what}: queries", count, "", count / few, f"{FEW} waiting", at_most(1))


def look(page: str) -> tuple[float, int]:
    """Milliseconds, and the number of queries."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from fibroblog import limits

    client = Client(HTTP_HOST="127.0.0.1")
    moderator = User.objects.get(username="moderator")
    client.force_login(moderator, backend="django.contrib.auth.backends.ModelBackend")
    number = 1 if page == "first" else 10**9 // limits.QUEUE_PAGE
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        response = client.get(f"/admin/comments/queue/?page={number}")
        times.append((time.perf_counter() - start) * 1_000)
        if response.status_code != 200:
            raise Wrong(f"the queue answered {response.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/admin/comments/queue/?page={number}")
    return statistics.median(times), len(queries)


def fill(article: Any, count: int) -> None:
    """So many more that wait, of guests and confirmed people, each with what a check noticed; the same every time."""
    from comments.models import Comment, Commenter, Verdict

    chance = random.Random(count)
    people = list(Commenter.objects.all()) or Commenter.objects.bulk_create(
        Commenter(email=f"bench{number}@example.org", name=f"Bench {number}") for number in range(500)
    )
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        made = Comment.objects.bulk_create(_waiting(article, people, chance, count, n) for n in numbers)
        noticed = {"check_name": "links", "outcome": "hold", "reason": "links", "detail": "3"}
        Verdict.objects.bulk_create(Verdict(comment=comment, revision=1, **noticed) for comment in made)


def _waiting(article: Any, people: list[Any], chance: random.Random, count: int, number: int) -> Any:
    from django.utils import timezone

    from comments.models import Comment

    words = "Words that wait. " * chance.randint(2, 60)
    return Comment(
        article=article,
        name=f"Waiting {number}",
        body=words,
        html=f"<p>{words}</p>",
        digest=f"desk-{count}-{number}",
        commenter=chance.choice(people) if chance.random() < 0.3 else None,
        created_at=timezone.now() - timedelta(minutes=chance.randint(0, 60_000)),
    )
