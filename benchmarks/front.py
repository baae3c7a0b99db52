"""nginx with the files of deploy/ before two processes of the site: does any reader notice when one is renewed or dies?

`python -m benchmarks.front`. Ends with an error when one request failed.
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
from pathlib import Path

READERS = 4
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
            line.request("GET", "/healthz", headers={"Host": "testserver", "X-Forwarded-Proto": "https"})
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
            headers = {"Host": "testserver", "Accept-Encoding": "gzip"} | (
                {"Cookie": cookie} if cookie else {}
            )
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


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "fibroblog.settings"
    with tempfile.TemporaryDirectory(prefix="fibroblog-front-") as scratch, ExitStack() as stack:
        folder = Path(scratch)
        pages = folder / "pages"
        settings = {"DATA_DIR": f"{folder}/data", "PAGE_FILES": str(pages), "SITE_URL": "https://testserver"}
        os.environ.update(settings | {"TRUSTED_PROXIES": "1"})
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from benchmarks.load import free_port
        from fibroblog import demo
        from tests.deploy.front import NGINX, nginx

        if NGINX is None:
            sys.exit("There is no nginx here.")
        demo.load("bench password")
        instances = [Instance(free_port(), dict(os.environ)) for _ in range(2)]
        for instance in instances:
            instance.start()
            stack.callback(instance.end)
        ports = (instances[0].port, instances[1].port)
        port, _ = stack.enter_context(nginx(folder, sites=ports, pages=pages, clock="$msec", rate="9000r/s"))
        failed = measure(port, "/articles/myofascial-release-trial/", instances)
    if failed:
        sys.exit("\n".join(failed[:5]))


if __name__ == "__main__":
    main()
