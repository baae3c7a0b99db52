"""A PostgreSQL server that lives for one test run, in a folder that is deleted with it.

Only for tests: it trusts everybody on the loopback and does not write to disk with care.
"""

import os
import pwd
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from fibroblog.launcher import processes
from fibroblog.launcher.processes import CannotGoOn, Command, Process, Signals

OWNER = "fibroblog"
SECONDS_TO_START = 60.0
READY = ("ready", "standby")  # a standby takes connections, too, and only reads
NOT_FOUND = "PostgreSQL's server programs were not found. On Debian: apt install postgresql"


@contextmanager
def throw_away(signals: Signals) -> Iterator[str]:
    """Yield the DATABASE_URL of a running server."""
    programs = _programs()
    user = _user()
    # Its own short path: the folder must be open to another user, which TMPDIR often is not.
    with tempfile.TemporaryDirectory(prefix="fibroblog-pg-", dir="/tmp") as folder:
        if user:
            shutil.chown(folder, user)
        cluster = Path(folder) / "cluster"
        _initialise(programs, cluster, user, signals)
        port = _free_port()
        with (Path(folder) / "log").open("w+b") as log:
            server = processes.start(_server(programs, cluster, port), output=log, user=user)
            try:
                _await_ready(server, cluster, signals)
                yield f"postgres://{OWNER}@127.0.0.1:{port}/postgres"
            finally:
                # SIGINT is PostgreSQL's "now, but properly"; SIGTERM would wait for the last client.
                processes.stop([server], signals, ask_with=signal.SIGINT)


@contextmanager
def follower(primary: str, signals: Signals) -> Iterator[str]:
    """Yield the DATABASE_URL of a second server that follows the one at ``primary``, a URL of `throw_away`."""
    programs, user, address = _programs(), _user(), urlsplit(primary)
    with tempfile.TemporaryDirectory(prefix="fibroblog-pg-", dir="/tmp") as folder:
        if user:
            shutil.chown(folder, user)
        cluster, port = Path(folder) / "cluster", _free_port()
        command: Command = [programs / "pg_basebackup", "--host", "127.0.0.1", "--port", str(address.port)]
        command += [
            "--username",
            OWNER,
            "--pgdata",
            cluster,
            "--write-recovery-conf",
            "--no-sync",
            "--checkpoint",
            "fast",
        ]
        if processes.run(command, signals, user=user):
            raise CannotGoOn("PostgreSQL could not be copied for a replica.")
        with (Path(folder) / "log").open("w+b") as log:
            server = processes.start(_server(programs, cluster, port), output=log, user=user)
            try:
                _await_ready(server, cluster, signals)
                yield f"postgres://{OWNER}@127.0.0.1:{port}/postgres"
            finally:
                processes.stop([server], signals, ask_with=signal.SIGINT)


def _programs() -> Path:
    """The folder of initdb and postgres. Debian keeps it out of PATH; the newest version wins."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    if not (installed := _programs_of_debian()):
        raise CannotGoOn(NOT_FOUND)
    return max(installed, key=lambda folder: float(folder.parent.name))


def _programs_of_debian() -> list[Path]:
    return [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]


def _user() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it another user."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", "daemon") if name in names)


def _initialise(programs: Path, cluster: Path, user: str | None, signals: Signals) -> None:
    command: Command = [programs / "initdb", "--pgdata", cluster, "--username", OWNER]
    command += ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    with tempfile.TemporaryFile() as output:
        if processes.run(command, signals, output=output, user=user):
            output.seek(0)
            raise CannotGoOn(f"PostgreSQL could not be set up:\n\n{output.read().decode(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _server(programs: Path, cluster: Path, port: int) -> Command:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        # No socket file: its path may not exceed 107 bytes.
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    command: Command = [programs / "postgres", "-D", cluster]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


def _await_ready(server: Process, cluster: Path, signals: Signals) -> None:
    """Wait as pg_ctl does: the last line of the server's own note says when it takes connections."""
    deadline = time.monotonic() + SECONDS_TO_START
    note = cluster / "postmaster.pid"
    while not (note.exists() and note.read_text().rstrip().endswith(READY)):
        if server.poll() is not None or time.monotonic() > deadline:
            log = (cluster.parent / "log").read_text(errors="replace")
            raise CannotGoOn(f"PostgreSQL did not start:\n\n{log}")
        signals.pause(0.05)
