"""Comments taken in: written by strangers, screened in full, stored for good, waiting; beside a bare insert (R3)."""

import itertools
import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import machine, processes, site_data, wrk
from benchmarks.one import Run
from benchmarks.processes import Server
from benchmarks.table import Row, at_least
from benchmarks.wrk import Measured, Wrong

CLIENTS = (1, 16)
TEXT = "Word NUMBER for what helped me through the winter: short walks, warm water, and nobody who asks for more."
# So that each sender counts as one of their own.
BEHIND_A_PROXY = {"TRUSTED_PROXIES": "1"}
firsts = itertools.count(1_000_000, 1_000_000)  # no two runs of the sender write the same


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    [post] = site_data.make_posts(1, comments=20)
    with processes.site(**BEHIND_A_PROXY) as site, processes.bare() as bare:
        fsync = machine.fsync_milliseconds(Path(os.environ["DATA_DIR"]))
        contestants = {}
        for clients in CLIENTS:
            contestants[f"R3 {clients}"] = partial(insert, bare, run.seconds, clients)
            contestants[f"ours {clients}"] = sender(site, post, run.seconds, clients)
        before = waiting(post)
        found = wrk.interleave(contestants, run.rounds)
        stored = waiting(post) - before
    answered = sum(one.requests for clients in CLIENTS for one in found[f"ours {clients}"])
    # The last request of each client may have been stored, but its answer not been waited for.
    most = answered + run.rounds * sum(CLIENTS)
    if not answered <= stored <= most:
        raise Wrong(f"{answered} comments were accepted, and {stored} are stored and wait")
    yield Row("fsync of 4 kB on this disk", fsync, "ms")
    for clients in CLIENTS:
        said = f"{clients} client{'s' if clients > 1 else ''}"
        theirs, mine = found[f"R3 {clients}"], found[f"ours {clients}"]
        yield Row(f"R3: a bare insert, {said}", wrk.rate(theirs), "/s")
        yield Row(
            f"comments accepted, {said}", wrk.rate(mine), "/s", wrk.ratio(mine, theirs), "R3", at_least(0.5)
        )
        yield Row(f"comments accepted, {said}: p99", wrk.p99(mine), "ms")
    yield Row("accepted and stored, waiting", stored, "")


def insert(bare: Server, seconds: float, clients: int) -> Measured:
    return send(f"{bare.url}/insert", urlencode({"text": TEXT}), seconds, clients)


def send(url: str, form: str, seconds: float, clients: int) -> Measured:
    arguments = [form, str(next(firsts)), "0"]
    return wrk.load(url, seconds, connections=clients, script="posts.lua", arguments=arguments, headers={})


def sender(site: Server, post: Any, seconds: float, clients: int) -> "partial[Measured]":
    path, form = form_of(site, post)
    return partial(send, site.url + path, form, seconds, clients)


def form_of(site: Server, post: Any) -> tuple[str, str]:
    """Where the form of a post goes, and what it holds; tried once. Raises Wrong when it is not taken."""
    address = post.get_absolute_url()
    page = site.get(address)[1].decode()
    signature = re.search(r'name="signature" value="([^"]+)"', page)
    if signature is None:
        raise Wrong(f"{address} holds no comment form")
    typed = {"name": "Reader NUMBER", "email": "", "body": TEXT, "do": "Send comment"}
    hidden = {"parent": "", "seconds": "30.0", "signature": signature[1], "website": ""}
    path, form = f"{address}comments/", urlencode(typed | hidden)
    line = site.connect()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    line.request("POST", path, form.replace("NUMBER", "none"), headers)
    answer = line.getresponse()
    line.close()
    if answer.status != 302 or "sent=" not in answer.headers["Location"]:
        raise Wrong(f"a comment was not taken: {answer.status}")
    return path, form


def waiting(post: Any) -> int:
    from comments.models import Comment
    from comments.states import State

    return Comment.objects.filter(article=post, state=State.PENDING).count()
