"""One real site for the browser tests: its own processes, port, DATA_DIR and database. No test starts another."""

import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from fibroblog import limits

ROOT = Path(__file__).absolute().parent.parent.parent
PASSWORD = "quiet evening with tea"
SECONDS_TO_START = 60.0

# What the test run, its coverage or the developer's own site would otherwise put into our site.
NOT_OURS = {
    *(
        "ALLOW_HTTP",
        "CACHE_URL",
        "DEBUG",
        "DEMO",
        "EMAIL_URL",
        "EXTRA_HOSTS",
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
    ),
    *("DATABASE_URL", "SITE_NAME", "STAFF_SECOND_FACTOR", "TRUSTED_PROXIES"),
    *("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"),
}
# Everybody in this run has one network address, so no number of things per somebody may end.
COUNTED = re.compile(r"^[A-Z_]+_PER_(ADDRESS|NETWORK|SITE|SENDER|DAY)$")
ROOMY_LIMITS = {name: "100000" for name in vars(limits) if COUNTED.match(name)} | {
    "COMMENT_MIN_SECONDS": "0",
    "ROOTS_PER_PAGE": "500",
    "COMMENTS_PER_PAGE": "900",
    "QUEUE_PAGE": "500",
    "LOGIN_ATTEMPTS": "2",  # small, so that the page of a lock-out is soon reached
}


@dataclass(frozen=True)
class Site:
    url: str
    data: Path
    password: str = PASSWORD

    def at(self, path: str) -> str:
        return self.url + path


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """Prepare a site with demo content in ``folder``, serve it, and stop it in the end."""
    port = _free_port()
    site = Site(f"http://127.0.0.1:{port}", folder / "data")
    with _database() as database:
        env = _environment(port, site) | database
        report = folder / "server.log"
        with report.open("wb") as log:
            subprocess.run(
                [sys.executable, "manage.py", "prepare"],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
                timeout=120,
                check=False,
            )
            subprocess.run(
                [sys.executable, "-m", "tests.browser.crowd"],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
                timeout=60,
                check=True,
            )
            server = subprocess.Popen(_command(port), cwd=ROOT, env=env, stdout=log, stderr=log)
            try:
                _await_answer(server, port, report)
                yield site
            finally:
                _stop(server)


def _command(port: int) -> list[str]:
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--workers", "1", "--blocking-threads", "2", "--no-ws", "fibroblog.wsgi:application"]
    return command


def _environment(port: int, site: Site) -> dict[str, str]:
    site.data.mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in NOT_OURS and not name.startswith("COV_")
    }
    ours = {
        "DJANGO_SETTINGS_MODULE": "fibroblog.settings",
        "DATA_DIR": str(site.data),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SITE_URL": site.url,
        "DEMO_PASSWORD": site.password,
    }
    return kept | ROOMY_LIMITS | ours


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """SQLite in the DATA_DIR; on PostgreSQL a database of our own beside that of the unit tests."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.partition(":")[0].startswith(("postgres", "psql", "pgsql")):
        yield {}
        return
    address = urlsplit(given)._replace(scheme="postgresql")
    name = f"fibroblog_browser_{secrets.token_hex(6)}"
    with psycopg.connect(urlunsplit(address), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield {"DATABASE_URL": urlunsplit(address._replace(scheme="postgres", path=f"/{name}"))}
    finally:
        with psycopg.connect(urlunsplit(address), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(server: subprocess.Popen[bytes], port: int, report: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        if _answers(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"The site did not start. It said:\n{report.read_text(errors='replace')[-2000:]}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(15)
