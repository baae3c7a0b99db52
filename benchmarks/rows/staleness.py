"""Thousands of random changes while eight readers fetch the same pages from all processes: stale and private bytes."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, cycle
from pathlib import Path

from benchmarks import processes, site_data
from benchmarks.one import Run
from benchmarks.rows.posts import BEHIND_A_PROXY
from benchmarks.stale.changes import HOME, Changes
from benchmarks.stale.judge import judge
from benchmarks.stale.reader import noted
from benchmarks.table import Row, at_most
from benchmarks.wrk import Wrong

READERS = 8
POSTS = 4
IN_LONG = 5_000  # changes, at least
SHOWN = 3  # wrong answers, in the note


def rows(run: Run, hosts: int = 1) -> Iterator[Row]:
    """``hosts``: instances of the site, each with processes and a memory of its own."""
    site_data.set_up()
    from django.db import connection

    from tests.factories import make_article

    posts = [make_article(title=f"Watched zq{number}qz", slug=f"watched-{number}") for number in range(POSTS)]
    pages = [HOME, *(post.get_absolute_url() for post in posts)]
    wanted = run.of(run.changes, quick=60, long=max(run.changes, IN_LONG))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        instances = [stack.enter_context(processes.site(**BEHIND_A_PROXY)) for _ in range(hosts)]
        changes, start = Changes(instances[0], posts), time.monotonic()
        with readers([instance.port for instance in instances], pages, folder) as files:
            changes.make(wanted)
        lasted = time.monotonic() - start
        verdict = judge(changes.histories, chain.from_iterable(map(noted, files)))
    if verdict.answers < wanted:
        raise Wrong(f"{verdict.answers} answers to {wanted} changes show nothing")
    said = f"{wanted:,} changes on {connection.vendor}" + (f", {hosts} hosts" if hosts > 1 else "")
    note = f"{verdict.answers:,} answers to {READERS} readers in {lasted:.0f} s; {changes.made}"
    yield none(f"{said}: stale answers", verdict.stale, note)
    yield none(f"{said}: answers that mix two moments", verdict.mixed)
    yield none(f"{said}: answers with private bytes", verdict.private)
    yield none(f"{said}: writers who did not see their own at once", changes.unseen)


def none(what: str, found: list[str], note: str = "") -> Row:
    """A row that should count nothing, with the first that were found."""
    return Row(
        what, len(found), "", aim=at_most(0), note="\n".join([*([note] if note else []), *found[:SHOWN]])
    )


@contextmanager
def readers(ports: list[int], pages: list[str], folder: Path) -> Iterator[list[Path]]:
    """They read as long as the block runs; then the files hold what they saw. Raises Wrong when one broke off."""
    files = [folder / f"reader-{number}" for number in range(READERS)]
    reader = [sys.executable, "-m", "benchmarks.stale.reader"]
    crew = [
        subprocess.Popen([*reader, str(port), str(number), str(file), *pages])
        for number, (file, port) in enumerate(zip(files, cycle(ports), strict=False))
    ]
    try:
        yield files
    finally:
        for process in crew:
            process.terminate()
        codes = [process.wait(60) for process in crew]
    if any(codes):
        raise Wrong(f"readers broke off: {codes}")
