"""Readers of twenty posts and home, while comments pour in and moderators approve: beside the same readers in quiet."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import changes, processes, site_data, wrk
from benchmarks.one import Run
from benchmarks.processes import Server
from benchmarks.rows import many, posts
from benchmarks.table import Row, at_most

POSTS, COMMENTS = 20, 50
APPROVALS = 0.1  # seconds from one to the next, each in another post
WRITERS, PAUSE = 2, 40  # connections, and milliseconds between two comments of one


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    read = site_data.make_posts(POSTS, comments=COMMENTS)
    pages = [("/", ""), *((post.get_absolute_url(), "") for post in read)]
    quiet, stormy, approved = [], [], 0
    with processes.site(**posts.BEHIND_A_PROXY) as site, tempfile.TemporaryDirectory() as folder:
        file = many.write(pages, Path(folder) / "pages")
        for _ in range(many.CONNECTIONS):
            many.make(site, pages)
        before = posts.waiting(read[0])
        for _ in range(run.rounds):
            quiet.append(wrk.load(site.url, run.seconds, script="requests.lua", arguments=[file]))
            with changes.every(APPROVALS, [post.pk for post in read]) as changed, writers(site, read[0], run):
                stormy.append(wrk.load(site.url, run.seconds, script="requests.lua", arguments=[file]))
            approved += changed.made
        posted = posts.waiting(read[0]) - before
    if not (approved and posted > run.rounds):
        raise wrk.Wrong(f"there was no storm: {posted} posted, {approved} approved or taken back")
    slower = median(storm.p99 / calm.p99 for storm, calm in zip(stormy, quiet, strict=True))
    yield Row("readers, quiet: p99", wrk.p99(quiet), "ms")
    yield Row(
        "readers in a storm of posts and approvals: p99",
        wrk.p99(stormy),
        "ms",
        slower,
        "quiet",
        at_most(3),
        note=f"{posted} comments came in, {approved} times one was approved or taken back",
    )
    yield Row("readers in a storm: rate", wrk.rate(stormy), "/s", wrk.ratio(stormy, quiet), "quiet")


@contextmanager
def writers(site: Server, post: Any, run: Run) -> Iterator[None]:
    """Visitors who send comments at a steady pace as long as the block runs."""
    path, form = posts.form_of(site, post)
    arguments = [form, str(next(posts.firsts)), str(PAUSE)]
    command = wrk.command(
        site.url + path,
        run.seconds + 30,
        connections=WRITERS,
        script="posts.lua",
        arguments=arguments,
        headers={},
    )
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()
