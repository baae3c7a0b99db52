"""The site behind the nginx of deploy/, beside nginx with the same page as a file (R1)."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks import processes, site_data, static, wrk
from benchmarks.front import Instance
from benchmarks.one import Run
from benchmarks.processes import Server
from benchmarks.table import LeftOut, Row, at_least, at_most
from benchmarks.wrk import Wrong
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
        # As the systemd unit starts it: nginx has the headers of a site with TLS, and takes no page with others.
        tls = {"SITE_URL": f"https://{NAME}", "PAGE_FILES": str(held), "TRUSTED_PROXIES": "1"}
        site = Instance(processes.free_port(), os.environ | tls)
        site.start()
        stack.callback(site.end)
        port, _ = stack.enter_context(
            nginx(
                folder,
                sites=(site.port, site.port),
                pages=held,
                clock="$msec",
                rate="1000000r/s",
                name=NAME,
                workers=processes.options(site.port).web_workers,
            )
        )
        assert site.process is not None
        front = Server(port, site.process)
        for path, _file in pages.values():
            for _ in range(3):  # made, put where nginx finds it, found
                front.get(path, wrk.PACKED)
        if not list(held.glob("live/*/**/page.html.gz")):
            raise Wrong("the site put no page where nginx would find it")
        plain.mkdir()
        files = stack.enter_context(static.nginx(front, {file: path for path, file in pages.values()}, plain))
        contestants = {}
        for name, (path, file) in pages.items():
            contestants[f"R1 {name}"] = partial(wrk.load, files.url + file, run.seconds)
            contestants[name] = partial(wrk.load, f"http://{NAME}:{port}{path}", run.seconds)
        found = wrk.interleave(contestants, run.rounds)
    for name in pages:
        what = f"post with {COMMENTS} comments" if name == "post" else name
        ours, theirs = found[name], found[f"R1 {name}"]
        yield Row(f"R1: nginx, {what} as a packed file", wrk.rate(theirs), "/s")
        yield Row(
            f"{what}, behind nginx", wrk.rate(ours), "/s", wrk.ratio(ours, theirs), "R1", at_least(0.85)
        )
        yield Row(f"{what}, behind nginx: p99", wrk.p99(ours), "ms", aim=at_most(10))
