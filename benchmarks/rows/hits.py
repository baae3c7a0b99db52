"""A page that is made already: a post with 100 comments, and home, beside nginx (R1) and a bare view (R2)."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks import processes, site_data, static, wrk
from benchmarks.one import Run
from benchmarks.table import LeftOut, Row, at_least, at_most

COMMENTS = 100


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    post = site_data.demo_post(comments=COMMENTS)
    pages = {"post": (post.get_absolute_url(), "/post.html"), "home": ("/", "/home.html")}
    without_nginx = None
    with ExitStack() as stack:
        site, bare = stack.enter_context(processes.site()), stack.enter_context(processes.bare())
        contestants = {"R2": partial(wrk.load, f"{bare.url}/", run.seconds)}
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nginx-")))
            files = {file: path for path, file in pages.values()}
            nginx = stack.enter_context(static.nginx(site, files, folder))
        except LeftOut as reason:
            without_nginx = reason
        else:
            for name, (_, file) in pages.items():
                contestants[f"R1 {name}"] = partial(wrk.load, nginx.url + file, run.seconds)
        for name, (path, _) in pages.items():
            wrk.load(site.url + path, 1)  # every process has made it
            contestants[name] = partial(wrk.load, site.url + path, run.seconds)
        size = {name: len(site.get(path, wrk.PACKED)[1]) for name, (path, _) in pages.items()}
        found = wrk.interleave(contestants, run.rounds)
    yield Row("R2: a bare Django view", wrk.rate(found["R2"]), "/s")
    for name in pages:
        yield from _rows_of(name, found, size[name])
    if without_nginx:
        raise LeftOut(f"the rows beside R1: {without_nginx}")


def _rows_of(name: str, found: wrk.Rounds, size: int) -> Iterator[Row]:
    ours, nginx, bare = found[name], found.get(f"R1 {name}"), found["R2"]
    what = f"post with {COMMENTS} comments" if name == "post" else name
    rate = wrk.rate(ours)
    if nginx:
        note = f"{size / 1_000:.1f} kB packed, the same bytes and headers from both"
        yield Row(f"R1: nginx, {what} as a packed file", wrk.rate(nginx), "/s", note=note)
        yield Row(f"{what}, beside nginx", rate, "/s", wrk.ratio(ours, nginx), "R1", at_least(0.4))
    yield Row(f"{what}, beside a bare view", rate, "/s", wrk.ratio(ours, bare), "R2", at_least(2))
    yield Row(f"{what}, p99 of {wrk.CONNECTIONS} connections", wrk.p99(ours), "ms", aim=at_most(10))
