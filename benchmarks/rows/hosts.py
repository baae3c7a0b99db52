"""Stale and private bytes where two hosts serve the site, with PostgreSQL, a replica that follows it, and Redis."""

import os
from collections.abc import Iterator

from benchmarks.one import Run
from benchmarks.rows import staleness
from benchmarks.table import LeftOut, Row


def rows(run: Run) -> Iterator[Row]:
    if not {"DATABASE_REPLICA_URL", "CACHE_URL"} <= os.environ.keys():
        raise LeftOut(
            "a replica and Redis are started for it by the runner (on Debian: apt install redis-server)"
        )
    yield from staleness.rows(run, hosts=2)
