"""nginx with the files of deploy/ before two processes of the site: does any reader ever see what is not so any
more, or notice when a process is renewed or dies?

`python -m benchmarks.front`. Ends with an error when one answer was stale or one request failed.
"""

import http.client
import itertools
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from benchmarks import processes, site_data
from benchmarks.processes import Server
from benchmarks.rows.staleness import readers
from benchmarks.stale.changes import HOME, Changes
from benchmarks.stale.judge import judge
from benchmarks.stale.reader import noted
from tests.deploy.front import NGINX, nginx

READERS = 4
CHANGES = 150
POSTS = 4
NAME = "127.0.0.1"
# The first is a file that nginx hands out; the site answers the others, the last one anew each time.
ASKED = (("", ""), ("?x=1", ""), ("", "own=x"))


@dataclass
class Instance:
    """One granian with two workers, as the systemd unit starts it."""

    port: int
    env: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        from fibroblog.launcher import serving

        options = serving.Options.read({"PORT": str(self.port), "DATA_DIR": os.environ["DATA_DIR"]})
        command, _ = serving.commands(Path(sys.executable), options, "127.0.0.1")
        self.process = subprocess.Popen([str(part) for part in command], env=self.env, start_new_session=True)
        while not self.answers():
            time.sleep(0.05)

    def answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/healthz", headers={"Host": NAME, "X-Forwarded-Proto": "https"})
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def send(self, number: signal.Signals, *, to_all: bool = False) -> None:
        assert self.process is not None
        if to_all:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    def end(self) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(20)


@dataclass
class Tally:
    failed: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)  # seconds

    def row(self, what: str) -> str:
        median, worst = statistics.median(self.took) * 1000, max(self.took) * 1000
        return f"{what:44}{len(self.took):10}{len(self.failed):10}{median:12.1f}{worst:12.0f}"


@contextmanager
def reading(port: int, path: str) -> Iterator[Tally]:
    over, tally = threading.Event(), Tally()

    def read() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for query, cookie in itertools.cycle(ASKED):
            if over.is_set():
                break
            headers = {"Host": NAME, "Accept-Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})
            start = time.perf_counter()
            try:
                line.request("GET", path + query, headers=headers)
                answer = line.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as failure:
                tally.failed.append(repr(failure))
                line.close()
                continue
            tally.took.append(time.perf_counter() - start)
            if answer.status != 200:
                tally.failed.append(str(answer.status))
            time.sleep(0.002)  # readers, not a flood: what is measured is whether one fails
        line.close()

    crew = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in crew:
        thread.start()
    try:
        yield tally
    finally:
        over.set()
        for thread in crew:
            thread.join()


def measure(port: int, path: str, instances: list[Instance]) -> list[str]:
    first = instances[0]

    def kill() -> None:
        time.sleep(1)
        first.send(signal.SIGKILL, to_all=True)
        time.sleep(3)
        first.end()
        first.start()
        time.sleep(1)

    def reload() -> None:
        for instance in instances:
            instance.send(signal.SIGHUP)
        time.sleep(12)  # granian renews one worker after the other, with a pause between them

    def restart() -> None:
        for instance in instances:
            instance.end()
            instance.start()

    failed = []
    acts: dict[str, Callable[[], None]] = {
        "one of two killed with SIGKILL, and back": kill,
        "both reloaded with SIGHUP": reload,
        "one after the other restarted": restart,
    }
    print(f"{f'{READERS} readers, while':44}{'answers':>10}{'failed':>10}{'median ms':>12}{'longest ms':>12}")
    for what, act in acts.items():
        with reading(port, path) as tally:
            act()
        print(tally.row(what), flush=True)
        failed += tally.failed
    return failed


def look_for_stale(server: Server, pages: Path) -> list[str]:
    """Answers that were wrong, while random changes are made."""
    from tests.factories import make_article

    posts = [make_article(title=f"Watched zq{number}qz", slug=f"watched-{number}") for number in range(POSTS)]
    paths = [HOME, *(post.get_absolute_url() for post in posts)]
    changes, lay = Changes(server, posts), 0
    with tempfile.TemporaryDirectory() as folder:
        with readers([server.port], paths, Path(folder)) as notes:
            for number in range(CHANGES):
                time.sleep(0.1)  # so that pages get to their place in between
                lay += any(pages.glob("live/*/**/page.html.gz"))
                changes.make(number + 1)
        verdict = judge(changes.histories, chain.from_iterable(map(noted, notes)))
    wrong = [*verdict.stale, *verdict.private, *verdict.mixed, *changes.unseen]
    print(
        f"{CHANGES} changes, before {lay} of which pages lay there for nginx, and {verdict.answers} answers: "
        f"{len(wrong)} stale, private or of two moments\n"
    )
    return wrong


def main() -> None:
    if NGINX is None:
        sys.exit("There is no nginx here.")
    with tempfile.TemporaryDirectory(prefix="fibroblog-front-") as scratch, ExitStack() as stack:
        folder = Path(scratch)
        pages = folder / "pages"
        os.environ.update(
            {
                "DATA_DIR": f"{folder}/data",
                "PAGE_FILES": str(pages),
                "SITE_URL": f"https://{NAME}",
                "TRUSTED_PROXIES": "1",
                **{f"COMMENTS_PER_{whom}": "1000000" for whom in ("ADDRESS", "NETWORK", "SITE")},
            }
        )
        site_data.set_up()
        from django.core.management import call_command

        from fibroblog import demo

        call_command("migrate", verbosity=0)
        demo.load("bench password")
        instances = [Instance(processes.free_port(), dict(os.environ)) for _ in range(2)]
        for instance in instances:
            instance.start()
            stack.callback(instance.end)
        ports = (instances[0].port, instances[1].port)
        port, _ = stack.enter_context(
            nginx(folder, sites=ports, pages=pages, clock="$msec", rate="9000r/s", name=NAME)
        )
        process = instances[0].process
        assert process is not None
        failed = look_for_stale(Server(port, process), pages)
        failed += measure(port, "/articles/myofascial-release-trial/", instances)
    if failed:
        sys.exit("\n".join(failed[:5]))


if __name__ == "__main__":
    main()
