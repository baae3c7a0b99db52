"""The first answer after a change: CPU time of making the page, in a small, a long and a huge discussion or site."""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import site_data
from benchmarks.one import Run
from benchmarks.table import Row, at_most
from benchmarks.wrk import Wrong

COMMENTS = 100
IN_THE_THREAD = 100_000
IN_THE_SITE = 1_000_000
TIMES = 25  # of each page, in turns


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    post = site_data.demo_post(comments=COMMENTS)
    small, large = site_data.make_posts(2)
    site_data.talk(small, COMMENTS)
    site_data.talk(large, run.of(IN_THE_THREAD, quick=2_000))
    ask = asker()
    rich, base, in_thread = in_turns(ask, [post, small, large], run)
    note = "the demo's post with study, chart and pictures; as much CPU as the whole process takes"
    yield Row(f"first render, {COMMENTS} comments: CPU", rich, "ms", aim=at_most(8), note=note)
    yield Row(f"first render of a plain post, {COMMENTS} comments: CPU", base, "ms")
    yield Row(
        f"the same, {run.of(IN_THE_THREAD, quick=2_000):,} comments in the thread",
        in_thread,
        "ms",
        in_thread / base,
        f"{COMMENTS} comments",
        at_most(1.2),
    )
    if not (run.long or run.quick):
        return
    million = run.of(IN_THE_SITE, quick=5_000)
    site_data.crowd_the_site(million)
    [in_site] = in_turns(ask, [small], run)
    yield Row(
        f"the same, {million:,} comments in the site",
        in_site,
        "ms",
        in_site / base,
        "empty site",
        at_most(1.2),
    )


def in_turns(ask: Callable[[str], int], posts: list[Any], run: Run) -> list[float]:
    """Milliseconds of each: the median."""
    from fibroblog import pages

    took: list[list[float]] = [[] for _ in posts]
    for _ in range(run.of(TIMES, quick=5)):
        for post, times in zip(posts, took, strict=True):
            pages.changed(discussion=post.pk, counts=True)  # what an approval moves
            start = time.process_time()
            status = ask(post.get_absolute_url())
            times.append((time.process_time() - start) * 1_000)
            if status != 200:
                raise Wrong(f"the post answered {status}")
    return [statistics.median(times) for times in took]


def asker() -> Callable[[str], int]:
    """Asks the whole site, from its outermost layer on, in this process; returns the status."""
    from django.test import RequestFactory

    from fibroblog.wsgi import application

    factory = RequestFactory()

    def ask(path: str) -> int:
        said: list[str] = []

        def start(status: str, headers: object, exc_info: object = None) -> Callable[[bytes], None]:
            said.append(status)
            return lambda _: None

        environ = factory.get(path, headers={"host": "127.0.0.1", "accept-encoding": "gzip"}).environ
        b"".join(application(environ, start))
        return int(said[0].partition(" ")[0])

    return ask
