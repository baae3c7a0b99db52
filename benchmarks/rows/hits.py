"""A page that is made already: a post with 100 comments, and home, beside nginx (R1) and a bare view (R2)."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import processes, site_data, static, wrk
from benchmarks.one import Run
from benchmarks.table import Row, at_least, at_most

COMMENTS = 100


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    post = site_data.demo_post(comments=COMMENTS)
    pages = {"post": (post.get_absolute_url(), "/post.html"), "home": ("/", "/home.html")}
    with (
        tempfile.TemporaryDirectory(prefix="nginx-") as folder,
        processes.site() as site,
        processes.bare() as bare,
        static.nginx(site, {file: path for path, file in pages.values()}, Path(folder)) as nginx,
    ):
        size = {name: len(site.get(path, wrk.PACKED)[1]) for name, (path, _) in pages.items()}
        contestants = {"R2": partial(wrk.load, f"{bare.url}/", run.seconds)}
        for name, (path, file) in pages.items():
            contestants[f"R1 {name}"] = partial(wrk.load, nginx.url + file, run.seconds)
            contestants[name] = partial(wrk.load, site.url + path, run.seconds)
        for path, _ in pages.values():
            wrk.load(site.url + path, 1)  # every process has made it
        found = wrk.interleave(contestants, run.rounds)
    yield Row("R2: a bare Django view", wrk.rate(found["R2"]), "/s")
    for name in pages:
        yield from _rows_of(name, found, size[name])


def _rows_of(name: str, found: wrk.Rounds, size: int) -> Iterator[Row]:
    ours, nginx, bare = found[name], found[f"R1 {name}"], found["R2"]
    what = f"post with {COMMENTS} comments" if name == "post" else name
    note = f"{size / 1_000:.1f} kB packed, the same bytes and headers from both"
    yield Row(f"R1: nginx, {what} as a packed file", wrk.rate(nginx), "/s", note=note)
    yield Row(f"{what}, beside nginx", wrk.rate(ours), "/s", wrk.ratio(ours, nginx), "R1", at_least(0.4))
    yield Row(f"{what}, beside a bare view", wrk.rate(ours), "/s", wrk.ratio(ours, bare), "R2", at_least(2))
    yield Row(f"{what}, p99 of {wrk.CONNECTIONS} connections", wrk.p99(ours), "ms", aim=at_most(10))
