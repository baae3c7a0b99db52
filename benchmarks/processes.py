"""Servers for a measurement: started exactly as `make run` starts its own, ended with it, and weighed."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import LeftOut
from fibroblog.launcher import processes, serving
from fibroblog.launcher.processes import Command, Process

PATIENCE = 60.0  # seconds until a server has to answer


@dataclass(frozen=True)
class Server:
    port: int
    process: Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(
        self, path: str, headers: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """The answer and its body as it went over the wire, on a connection of its own."""
        line = self.connect()
        try:
            line.request("GET", path, headers=dict(headers or {}))
            answer = line.getresponse()
            return answer, answer.read()
        finally:
            line.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def options(port: int) -> serving.Options:
    return serving.Options.read({**os.environ, "PORT": str(port), "HOST": "", "SITE_URL": ""})


def web_command(port: int, application: str = "") -> Command:
    """The launcher's own command, for another application where one is given."""
    chosen = options(port)
    web = serving.commands(Path(sys.executable), chosen, chosen.host)[0]
    return [*web[:-1], application] if application else web


@contextmanager
def site(**environment: str) -> Iterator[Server]:
    """The site on the DATA_DIR that is set, as `make run` serves it; without the worker."""
    port = free_port()
    with running(web_command(port), port, options(port).passed_on(os.environ) | environment) as server:
        yield server


@contextmanager
def bare() -> Iterator[Server]:
    """The two bare views (R2 at ``/``, R3 at ``/insert``), with the very same server settings."""
    port = free_port()
    env = options(port).passed_on(os.environ)
    subprocess.run([sys.executable, "-m", "benchmarks.bare"], env=env, check=True)  # makes its table
    with running(web_command(port, "benchmarks.bare:application"), port, env) as server:
        yield server


@contextmanager
def running(command: Command, port: int, env: Mapping[str, str], path: str = "/") -> Iterator[Server]:
    """Run a server from its first answer on."""
    process = processes.start(command, env=env)
    try:
        await_answer(process, port, path)
        yield Server(port, process)
    finally:
        end(process)


def await_answer(process: Process, port: int, path: str = "/") -> None:
    deadline = time.monotonic() + PATIENCE
    while not answers(port, path):
        if process.poll() is not None or time.monotonic() > deadline:
            raise LeftOut(f"a server did not start: {process.args!r}")
        time.sleep(0.01)


def answers(port: int, path: str = "/") -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", path)
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def end(process: Process) -> None:
    """Ask it to end, and kill what is left of it; it was started in a session of its own."""
    process.terminate()
    with suppress(Exception):
        process.wait(processes.GRACE)
    processes.kill_group(process)


def tree(root: int) -> list[int]:
    """The process and all below it."""
    found = [root]
    for pid in found:
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def proportional_megabytes(root: int) -> float:
    """PSS of the process and all below it: memory that several share counts once, in parts."""
    kilobytes = 0
    for pid in tree(root):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except ProcessLookupError:
            continue  # it ended while we looked
        except OSError as reason:
            raise LeftOut(f"this system does not tell what memory a process takes ({reason})") from None
        kilobytes += int(rollup.partition("\nPss:")[2].split()[0])
    return kilobytes / 1_000
