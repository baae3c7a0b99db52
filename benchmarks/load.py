"""Comments over real connections: how many a second are taken in and stored, with one client and with many.

Serves the site as `make run` does, from the DATA_DIR that is set. Counts a comment only when its writer is led back
to the post, and in the end the rows must be as many.
"""

import http.client
import itertools
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from fibroblog.launcher import serving
from fibroblog.launcher.processes import Command

SECONDS = 4.0  # of each measurement
MANY = 16
_numbers = itertools.count(1)


@dataclass
class Tally:
    """What the clients of one measurement saw; ``took`` in seconds."""

    took: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.took) / self.lasted

    def row(self, what: str, *, base: float) -> str:
        middle, slow = statistics.median(self.took), statistics.quantiles(self.took, n=20)[-1]
        return f"{what:48}{self.rate:10.1f}{middle * 1000:10.1f}{slow * 1000:10.1f}{self.rate / base:14.3f}"


@dataclass(frozen=True)
class Server:
    port: int
    path: str  # of the post
    signature: str  # of its form, as the page carries it

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def send_comment(self, line: http.client.HTTPConnection) -> str:
        """Fill in the whole form as somebody new; says what was wrong, if anything."""
        number = next(_numbers)
        form = {"name": f"Bench {number}", "email": "", "body": f"Words of somebody, number {number}."}
        hidden = {"parent": "", "seconds": "30.0", "signature": self.signature, "website": ""}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        body = urlencode({**form, **hidden, "do": "Send comment"})
        line.request("POST", f"{self.path}comments/", body=body, headers=headers)
        answer = line.getresponse()
        answer.read()
        taken = answer.status == 302 and f"{self.path}?page=" in answer.headers["Location"]
        return "" if taken and "sent=" in answer.headers["Location"] else f"answered {answer.status}"

    def read(self, line: http.client.HTTPConnection, path: str) -> str:
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        return "" if answer.status == 200 else f"{path} answered {answer.status}"


def clients(server: Server, count: int, act: Callable[[http.client.HTTPConnection], str]) -> Tally:
    """``count`` clients, each on a connection of its own that it keeps, one request after the other."""
    tally, end = Tally(), time.perf_counter() + SECONDS

    def client() -> None:
        line = server.connect()
        while time.perf_counter() < end:
            start = time.perf_counter()
            wrong = act(line)
            if wrong:
                tally.refused.append(wrong)
            else:
                tally.took.append(time.perf_counter() - start)
        line.close()

    start = time.perf_counter()
    crew = [threading.Thread(target=client) for _ in range(count)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    tally.lasted = time.perf_counter() - start
    if tally.refused or not tally.took:
        sys.exit(f"Not all requests were answered as they should: {tally.refused[:3]}")
    return tally


def measure(article_path: str, stored: Callable[[], int]) -> None:
    """Print the rates. ``stored`` counts the comments in the database."""
    with running(article_path) as server:
        before = stored()
        bare = {
            count: clients(server, count, lambda line: server.read(line, "/healthz")) for count in (1, MANY)
        }
        posts = {count: clients(server, count, server.send_comment) for count in (1, MANY)}
        readers: list[Tally] = []
        reader = threading.Thread(
            target=lambda: readers.append(clients(server, 1, lambda line: server.read(line, article_path)))
        )
        reader.start()
        watched = clients(server, MANY, server.send_comment)
        reader.join()
        sent = sum(len(tally.took) for tally in (*posts.values(), watched))
        if stored() - before != sent:
            sys.exit(f"{sent} comments were accepted, and {stored() - before} are stored.")
    print(f"\nOver real connections, {SECONDS:.0f} s each, {threads_of_the_site()}")
    print(f"{'what':48}{'a second':>10}{'median ms':>10}{'p95 ms':>10}{'of a bare view':>16}")
    print(bare[1].row("bare view, 1 client", base=bare[1].rate))
    print(bare[MANY].row(f"bare view, {MANY} clients", base=bare[MANY].rate))
    print(posts[1].row("comments accepted, 1 client", base=bare[1].rate))
    print(posts[MANY].row(f"comments accepted, {MANY} clients", base=bare[MANY].rate))
    print(watched.row(f"comments accepted, {MANY} clients and a reader", base=bare[MANY].rate))
    print(readers[0].row("that reader, post after post", base=bare[1].rate))
    print(f"Accepted and stored: {sent} of {sent}.")


def threads_of_the_site() -> str:
    command = [str(part) for part in _options(0)[1]]
    workers, threads = (command[command.index(name) + 1] for name in ("--workers", "--blocking-threads"))
    return f"{workers} processes with {threads} threads each"


def _options(port: int) -> tuple[serving.Options, Command]:
    options = serving.Options.read({"PORT": str(port or 8000), "DATA_DIR": os.environ["DATA_DIR"]})
    return options, serving.commands(Path(sys.executable), options, options.host)[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(article_path: str) -> Iterator[Server]:
    port = free_port()
    options, command = _options(port)
    site = subprocess.Popen([str(part) for part in command], env=options.passed_on(os.environ))
    try:
        while site.poll() is None and not serving.answers(options):
            time.sleep(0.1)
        line = http.client.HTTPConnection("127.0.0.1", port)
        line.request("GET", article_path)
        found = re.search(r'name="signature" value="([^"]+)"', line.getresponse().read().decode())
        if found is None:
            sys.exit(f"{article_path} holds no comment form.")
        yield Server(port, article_path, found[1])
    finally:
        site.terminate()
        site.wait(15)
