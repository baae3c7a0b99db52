"""The moderation queue with ten comments waiting and with a hundred thousand: milliseconds and queries of a page."""

import random
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

FEW, MANY = 10, 100_000
ROUNDS = 7
MOST_MILLISECONDS = 100  # of server time, for any page


def measure() -> None:
    from articles.models import Article
    from comments.models import Comment
    from comments.states import State

    article = Article.objects.get(slug="massage-release-and-sleep")
    Comment.objects.waiting().update(state=State.SPAM)  # what the other measurements left
    fill(article, FEW)
    print(
        f"\n{'the moderation queue':44}{'ms':>9}{'queries':>9}   (aim: {MOST_MILLISECONDS} ms, as many queries)"
    )
    queries: dict[str, set[int]] = {}
    for waiting in (FEW, MANY):
        fill(article, waiting - Comment.objects.waiting().count())
        for page in ("first", "last"):
            queries.setdefault(page, set()).add(row(f"{page} page, {waiting:,} waiting", page))
    if any(len(counts) > 1 for counts in queries.values()):
        sys.exit(f"The number of queries grows with the queue: {queries}")


def row(what: str, page: str) -> int:
    """Prints a line; returns the number of queries."""
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
        times.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            sys.exit(f"The queue answered {response.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/admin/comments/queue/?page={number}")
    took = statistics.median(times)
    aim = "" if took <= MOST_MILLISECONDS else f"   over the aim of {MOST_MILLISECONDS} ms"
    print(f"{what:44}{took:9.1f}{len(queries):9}{aim}")
    return len(queries)


def fill(article: Any, count: int) -> None:
    """So many more that wait, of guests and confirmed people, each with what a check noticed; the same every time."""
    from django.utils import timezone

    from comments.models import Comment, Commenter, Verdict

    chance = random.Random(count)
    people = list(Commenter.objects.all()) or Commenter.objects.bulk_create(
        [Commenter(email=f"bench{number}@example.org", name=f"Bench {number}") for number in range(500)]
    )
    now = timezone.now()
    for start in range(0, count, 5_000):
        made = Comment.objects.bulk_create(
            Comment(
                article=article,
                name=f"Waiting {number}",
                body="Words that wait. " * chance.randint(2, 60),
                html="<p>" + "Words that wait. " * chance.randint(2, 60) + "</p>",
                digest=f"desk-{count}-{number}",
                commenter=chance.choice(people) if chance.random() < 0.3 else None,
                created_at=now - timedelta(minutes=chance.randint(0, 60_000)),
            )
            for number in range(start, min(start + 5_000, count))
        )
        Verdict.objects.bulk_create(
            Verdict(
                comment=comment, revision=1, check_name="links", outcome="hold", reason="links", detail="3"
            )
            for comment in made
        )
