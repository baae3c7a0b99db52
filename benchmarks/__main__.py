"""`make bench`: what a page and a comment cost here, as ratios to a bare view in the same run.

Machines are noisy: compare ratios, and compare them within one run. `load` measures over real connections.
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
        os.environ["COMMENTS_PER_NETWORK"] = "1000000"
        import django

        django.setup()
        from benchmarks import desk, pages

        measure()
        measure_load()
        desk.measure()
        pages.measure()
    from benchmarks import search

    search.measure_both()


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
        "the whole pipeline for one comment": screening_time(article),
        "accept a comment (screened, stored, waiting)": timed(poster(article), 50),
    }
    for what, seconds in rows.items():
        print(f"{what:44}{seconds * 1000:9.2f}{seconds / base:20.1f}")
    size, packed = (
        len(client.get(article.get_absolute_url(), headers={"accept-encoding": how}).content)
        for how in ("", "gzip")
    )
    print(f"\nHTML of that post: {size / 1000:.1f} kB, on the wire {packed / 1000:.1f} kB")


def measure_load() -> None:
    from articles.models import Article
    from benchmarks import load
    from comments.models import Comment

    article = Article.objects.get(slug="release-or-stretching")
    load.measure(article.get_absolute_url(), Comment.objects.filter(article=article).count)


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


def screening_time(article: Any) -> float:
    """Seconds that all checks take for one comment, with the rules that the blog came with: the median of 200 that
    differ in length and kind."""
    from comments.posting import hash_text
    from comments.rendering import render
    from comments.screening import screen
    from comments.screening.verdicts import Submission

    kinds = (
        "Thank you for this. ",
        "I take it slowly, and some days I do not get up at all, which is allowed. ",
        "My doctor and I settled on 25 mg after a year; nobody told me how tired it would make me. ",
        "It says on https://example.org/a that pacing may help a little, and it did for me. ",
    )
    times = []
    for number in range(200):
        body = f"{number}. " + kinds[number % len(kinds)] * (1 + number % 20)
        submission = Submission(
            article=article.pk,
            name=f"Reader {number % 50}",
            body=body,
            html=render(body),
            text_hash=hash_text(body),
            network=f"n{number % 40}",
            neighbourhood=f"near {number % 20}",
            owner=f"o{number % 60}",
            seconds=30.0,
        )
        start = time.perf_counter()
        screen(submission)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


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
