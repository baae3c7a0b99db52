"""The second `make run`: seconds from the command to the first page, beside the same server with a bare view."""

import os
import shutil
import time
from collections.abc import Iterator
from statistics import median

from benchmarks import processes
from benchmarks.one import Run
from benchmarks.table import LeftOut, Row, at_most
from fibroblog.launcher.processes import ROOT, Command, start


def rows(run: Run) -> Iterator[Row]:
    make = shutil.which("make")
    if make is None:
        raise LeftOut("make was not found (on Debian: apt install make)")
    with processes.bare():
        pass  # its table is there now
    ours, bare = [], []
    for _ in range(run.rounds):
        ours.append(seconds_to_first_page([make, "--no-print-directory", "-C", str(ROOT), "run"]))
        bare.append(seconds_to_first_page([]))
    ratio = median(mine / theirs for mine, theirs in zip(ours, bare, strict=True))
    yield Row("a bare view on our server, to its first answer", median(bare), "s")
    yield Row("second make run, to the first page", median(ours), "s", aim=at_most(2))
    yield Row("the same, beside the bare view", median(ours), "s", ratio, "R2")


def seconds_to_first_page(command: Command) -> float:
    """Of the bare view when there is no command."""
    port = processes.free_port()
    env = processes.options(port).passed_on(os.environ)
    begun = time.perf_counter()
    process = start(command or processes.web_command(port, "benchmarks.bare:application"), env=env)
    try:
        processes.await_answer(process, port)
        return time.perf_counter() - begun
    finally:
        processes.end(process)
