"""The site behind the nginx of deploy/, beside nginx with the same page as a file (R1)."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks import processes, site_data, static, wrk
from benchmarks.one import Run
from benchmarks.table import LeftOut, Row, at_least, at_most
from tests.deploy.front import NGINX, nginx

COMMENTS = 100
NAME = "127.0.0.1"


def rows(run: Run) -> Iterator[Row]:
    if NGINX is None:
        raise LeftOut("nginx was not found (on Debian: apt install nginx-light)")
    site_data.set_up()
    post = site_data.demo_post(comments=COMMENTS)
    pages = {"post": (post.get_absolute_url(), "/post.html"), "home": ("/", "/home.html")}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="front-")))
        held, plain = folder / "pages", folder / "plain"
        site = stack.enter_context(processes.site(PAGE_FILES=str(held), TRUSTED_PROXIES="1"))
        workers = processes.options(site.port).web_workers
        before = nginx(
            folder,
            sites=(site.port, site.port),
            pages=held,
            clock="$msec",
            rate="1000000r/s",
            name=NAME,
            workers=workers,
        )
        port, _ = stack.enter_context(before)
        plain.mkdir()
        files = stack.enter_context(static.nginx(site, {file: path for path, file in pages.values()}, plain))
        contestants = {}
        for name, (path, file) in pages.items():
            contestants[f"R1 {name}"] = partial(wrk.load, files.url + file, run.seconds)
            contestants[name] = partial(wrk.load, f"http://{NAME}:{port}{path}", run.seconds)
            contestants[name]()  # the first to come have the page made, and put where nginx finds it
        found = wrk.interleave(contestants, run.rounds)
    for name in pages:
        what = f"post with {COMMENTS} comments" if name == "post" else name
        ours, theirs = found[name], found[f"R1 {name}"]
        yield Row(f"R1: nginx, {what} as a packed file", wrk.rate(theirs), "/s")
        yield Row(
            f"{what}, behind nginx", wrk.rate(ours), "/s", wrk.ratio(ours, theirs), "R1", at_least(0.85)
        )
        yield Row(f"{what}, behind nginx: p99", wrk.p99(ours), "ms", aim=at_most(10))
