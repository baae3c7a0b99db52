"""What `make run` takes in memory, launcher, server and worker together: idle, under load, and after many requests."""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import processes, site_data, wrk
from benchmarks.one import Run
from benchmarks.processes import Server, proportional_megabytes
from benchmarks.rows import many
from benchmarks.table import Row, at_most

POSTS, COMMENTS = 50, 50
REQUESTS, IN_LONG = 50_000, 500_000
GROWS_AT_MOST = 1.05  # from a tenth of the requests on: what is kept of pages is there by then


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    posts = site_data.make_posts(POSTS, comments=COMMENTS)
    pages = [(post.get_absolute_url(), chosen) for post in posts for chosen in many.SETTINGS]
    with tempfile.TemporaryDirectory() as folder, whole_site() as site:
        root, file = site.process.pid, many.write(pages, Path(folder) / "pages")
        idle = settled(root)
        with watched(root) as most:
            done, early = 0, 0.0
            wanted = run.of(REQUESTS, quick=5_000, long=IN_LONG)
            while done < wanted:
                done += wrk.load(site.url, 2, script="requests.lua", arguments=[file]).requests
                early = early or (proportional_megabytes(root) if done >= wanted / 10 else 0.0)
        late = proportional_megabytes(root)
        count = len(processes.tree(root))
    yield Row(f"all {count} processes, idle: PSS", idle, "MB", aim=at_most(220))
    yield Row("under load, at most: PSS", max(most), "MB", aim=at_most(350))
    yield Row(f"after {done:,} requests: PSS", late, "MB", late / early, "a tenth", at_most(GROWS_AT_MOST))


@contextmanager
def whole_site() -> Iterator[Server]:
    """As `make run` starts it, launcher, worker and all."""
    port = processes.free_port()
    env = processes.options(port).passed_on(os.environ)
    with processes.running([sys.executable, "-m", "fibroblog.run"], port, env) as server:
        yield server


def settled(root: int) -> float:
    """Once the worker is up: when two looks, two seconds apart, see much the same."""
    before, now = 0.0, proportional_megabytes(root)
    for _ in range(15):
        time.sleep(2)
        before, now = now, proportional_megabytes(root)
        if abs(now - before) < 0.01 * now and len(processes.tree(root)) >= 4:
            break
    return now


@contextmanager
def watched(root: int) -> Iterator[list[float]]:
    seen, over = [proportional_megabytes(root)], threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            seen.append(proportional_megabytes(root))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
