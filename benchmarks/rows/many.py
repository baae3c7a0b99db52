"""Many different pages at random, with readers' settings, beside one of them asked for again and again."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import processes, site_data, wrk
from benchmarks.one import Run
from benchmarks.processes import Server
from benchmarks.table import Row, at_least
from fibroblog.reading import COOKIE

SETTINGS = ("", "dark.large.normal.normal", "sepia.normal.wide.normal", "light.larger.wide.dim")
COMMENTS = 20  # of each post
CONNECTIONS = 6  # new ones, for making all pages in every process


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    posts = site_data.make_posts(run.of(250, quick=25), comments=COMMENTS)
    pages = [(post.get_absolute_url(), chosen) for post in posts for chosen in SETTINGS]
    with processes.site() as site, tempfile.TemporaryDirectory() as folder:
        one, all_of_them = write(pages[:1], Path(folder) / "one"), write(pages, Path(folder) / "all")
        for _ in range(CONNECTIONS):
            make(site, pages)
        found = wrk.interleave(
            {
                "one": partial(wrk.load, site.url, run.seconds, script="requests.lua", arguments=[one]),
                "all": partial(
                    wrk.load, site.url, run.seconds, script="requests.lua", arguments=[all_of_them]
                ),
            },
            run.rounds,
        )
    yield Row("the single page", wrk.rate(found["one"]), "/s")
    yield Row(
        f"{len(pages):,} pages and variants at random",
        wrk.rate(found["all"]),
        "/s",
        wrk.ratio(found["all"], found["one"]),
        "single page",
        at_least(0.6),
    )
    yield Row(f"{len(pages):,} pages and variants at random, p99", wrk.p99(found["all"]), "ms")


def write(pages: list[tuple[str, str]], file: Path) -> str:
    """For requests.lua; ``pages`` are paths, each with reading settings or none."""
    file.write_text(
        "".join(f"{path}\t{COOKIE}={chosen}\n" if chosen else f"{path}\n" for path, chosen in pages)
    )
    return str(file)


def make(site: Server, pages: list[tuple[str, str]]) -> None:
    """Ask for each page once, on one connection: one process of the site then has them all."""
    line = site.connect()
    for path, chosen in pages:
        line.request("GET", path, headers={"Cookie": f"{COOKIE}={chosen}"} if chosen else {})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise wrk.Wrong(f"{path} answered {answer.status}")
    line.close()
