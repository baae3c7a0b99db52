"""`make bench`: what a page and a comment cost here, as ratios to a bare view in the same run.

Machines are noisy: compare ratios, and compare them within one run. Load over real connections is not measured yet.
"""

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 5


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "fibroblog.settings"
    os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
    with tempfile.TemporaryDirectory(prefix="fibroblog-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        os.environ["COMMENTS_PER_ADDRESS"] = os.environ["COMMENTS_PER_SITE"] = "1000000"
        import django

        django.setup()
        measure()


def measure() -> None:
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    from articles.models import Article
    from fibroblog import demo

    demo.load("bench password")
    article = Article.objects.get(slug="myofascial-release-trial")
    crowd(article, roots=50, replies=50)
    client = Client(HTTP_HOST="127.0.0.1")
    base = timed(lambda: get(client, "/healthz"), 200)
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, in one process, median of {ROUNDS} rounds"
    )
    print(f"{'what':44}{'ms':>9}{'times a bare view':>20}")
    rows = {
        "bare view (/healthz)": base,
        "home": timed(lambda: get(client, "/"), 50),
        "post with 100 comments more than the demo's": timed(
            lambda: get(client, article.get_absolute_url()), 20
        ),
        "accept a comment (screened, stored, waiting)": timed(poster(article), 50),
    }
    for what, seconds in rows.items():
        print(f"{what:44}{seconds * 1000:9.2f}{seconds / base:20.1f}")
    size, packed = (
        len(client.get(article.get_absolute_url(), headers={"accept-encoding": how}).content)
        for how in ("", "gzip")
    )
    print(f"\nHTML of that post: {size / 1000:.1f} kB, on the wire {packed / 1000:.1f} kB")


def crowd(article: Any, *, roots: int, replies: int) -> None:
    from comments.models import Comment
    from comments.states import State

    def rows(count: int, parents: list[Comment]) -> list[Comment]:
        made = [
            Comment(
                article=article,
                parent=parents[number % len(parents)] if parents else None,
                root=parents[number % len(parents)] if parents else None,
                name=f"Crowd {number}",
                body="Words. " * 20,
                html=f"<p>{'Words. ' * 20}</p>",
                digest=f"bench-{bool(parents)}-{number}",
                state=State.APPROVED,
                in_thread=True,
            )
            for number in range(count)
        ]
        return Comment.objects.bulk_create(made)

    rows(replies, rows(roots, []))


def get(client: Any, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        sys.exit(f"{path} answered {response.status_code}")


def poster(article: Any) -> Callable[[], None]:
    from comments.posting import Visit, post_comment

    numbers = iter(range(10**9))

    def send() -> None:
        number = next(numbers)
        visit = Visit(network=f"n{number}", seconds=30.0)
        post_comment(article=article, visit=visit, name="Bench", body=f"Comment {number}")

    return send


def timed(call: Callable[[], None], times: int) -> float:
    """Seconds of one call: the median of the rounds' means."""
    call()
    means = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            call()
        means.append((time.perf_counter() - start) / times)
    return statistics.median(means)


if __name__ == "__main__":
    main()
