"""``make run``: looks before it leaps, prepares the site, then has web server and worker supervised.

How the site is served is decided here and nowhere else; what it needs beforehand is ``manage.py prepare``.
"""

import errno
import http.client
import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path
from urllib.parse import urlsplit

from fibroblog.launcher import environment, processes
from fibroblog.launcher.environment import MEGABYTE
from fibroblog.launcher.processes import ROOT, CannotGoOn, Command, Signals
from fibroblog.launcher.supervisor import Supervisor

ROOM_FOR_DATA = 50 * MEGABYTE
ANYWHERE = {"0.0.0.0", "::"}
OTHER_FOLDER = "Choose another: DATA_DIR=/path/to/folder make run"


@dataclass(frozen=True)
class Options:
    """What the environment says about this start."""

    host: str
    port: int
    data_dir: Path
    site_url: str
    web_workers: int

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Options":
        host = environ.get("HOST") or "127.0.0.1"
        port = number(environ, "PORT", default=8000, highest=65535)
        return cls(
            host=host,
            port=port,
            data_dir=Path(environ.get("DATA_DIR") or ROOT / "var").absolute(),
            site_url=(environ.get("SITE_URL") or f"http://{in_url(reachable(host))}:{port}").rstrip("/"),
            web_workers=number(environ, "WEB_WORKERS", default=2, highest=64),
        )

    @property
    def address(self) -> str:
        return f"http://{in_url(reachable(self.host))}:{self.port}"

    def passed_on(self, environ: Mapping[str, str]) -> dict[str, str]:
        return {
            **environ,
            "HOST": self.host,
            "PORT": str(self.port),
            "DATA_DIR": str(self.data_dir),
            "SITE_URL": self.site_url,
        }


def number(environ: Mapping[str, str], name: str, *, default: int, highest: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= highest):
        raise CannotGoOn(f"{name} must be a whole number from 1 to {highest}, not “{text}”.")
    return int(text)


def reachable(host: str) -> str:
    """An address to open for a server that listens on every address."""
    return "127.0.0.1" if host in ANYWHERE else host


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def run(signals: Signals) -> int:
    options = Options.read(os.environ)
    open_data_dir(options.data_dir)
    address = resolve(options)
    with claim(options):
        require_free_port(options, address)
        python = environment.ensure(environment.RUNTIME, signals)
        env = options.passed_on(os.environ)
        prepare(python, options, env, signals)
        web, worker = commands(python, options, address)
        Supervisor(web, worker, signals, env).run(lambda: answers(options), lambda: announce(options))
    return 0


def open_data_dir(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Asking for permissions is not enough: to root all is permitted, even on a read-only disk.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (FileExistsError, NotADirectoryError):
        raise CannotGoOn(f"DATA_DIR ({folder}) is not a folder. {OTHER_FOLDER}") from None
    except OSError as error:
        raise CannotGoOn(
            f"DATA_DIR ({folder}) cannot be written to ({error.strerror}). {OTHER_FOLDER}"
        ) from None
    environment.require_room(folder, ROOM_FOR_DATA, what="the site's data")


def resolve(options: Options) -> str:
    """The numeric address to listen on, which is all that granian understands."""
    try:
        found = socket.getaddrinfo(options.host, options.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CannotGoOn(f"HOST must be an address of this machine; “{options.host}” is not known.") from None
    return str(found[0][4][0])


@contextmanager
def claim(options: Options) -> Iterator[None]:
    """Mark this port as ours for as long as we live.

    A file under a lock, not a process id, which the next process may be given. It also closes the gap between
    "the port is free" and granian's bind: granian shares its port, so a second one would silently join in.
    """
    note = options.data_dir / f"run-{options.port}.json"
    with note.open("a+") as handle:
        if not processes.try_lock(handle.fileno()):
            handle.seek(0)
            raise CannotGoOn(
                f"Fibroblog was already started at {_address_in(handle.read()) or options.address} "
                f"with this very DATA_DIR. Stop it, or choose another port: {_other_port(options)}"
            )
        handle.truncate(0)
        handle.write(json.dumps({"pid": os.getpid(), "address": options.address}))
        handle.flush()
        # The file stays: to delete it would let two others lock two files of the same name.
        yield


def _address_in(note: str) -> str:
    try:
        return str(json.loads(note)["address"])
    except (ValueError, KeyError, TypeError):
        return ""


def _other_port(options: Options) -> str:
    return f"PORT={options.port + 1 if options.port < 65535 else 8000} make run"


def require_free_port(options: Options, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: connections that are merely fading out do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, options.port))
        except OSError as error:
            raise CannotGoOn(_why_not(error, options)) from None


def _why_not(error: OSError, options: Options) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {options.port} is taken, perhaps by another Fibroblog. "
            f"Stop it, or choose another: {_other_port(options)}"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {options.port} is reserved for the system. Choose one above 1023: PORT=8000 make run"
    return f"This machine cannot listen on {options.host}:{options.port} ({error.strerror}). Check HOST."


def prepare(python: Path, options: Options, env: Mapping[str, str], signals: Signals) -> None:
    waiting = "Another start is preparing the same DATA_DIR; waiting for it…"
    report = options.data_dir / "prepare.log"
    with processes.alone(options.data_dir, signals, waiting=waiting), report.open("w+b") as errors:
        code = processes.run([python, "manage.py", "prepare"], signals, env=env, errors=errors)
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip()
    if code:
        raise CannotGoOn(f"The site could not be prepared: {reason(said)}\nThe whole report is in {report}")
    if said:
        print(said, file=sys.stderr, flush=True)


def reason(said: str) -> str:
    """What a failed program said; of a traceback only the message, which our settings write for people."""
    _, traceback, rest = said.rpartition("Traceback (most recent call last):\n")
    if not traceback:
        return said
    message = "\n".join(dropwhile(lambda line: line.startswith(" "), rest.splitlines()))
    return message.partition(": ")[2] or message


def commands(python: Path, options: Options, address: str) -> tuple[Command, Command]:
    threads = min(4, 2 * (os.cpu_count() or 1) + 1)
    web: Command = [python, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"]
    web += ["--host", address, "--port", str(options.port), "--workers", str(options.web_workers)]
    # One thread would let a slow view hold up every page; more than four only take turns on one interpreter.
    web += ["--blocking-threads", str(threads)]
    # Counts connections, not requests: idle browsers keep theirs, so a small figure locks new visitors out.
    web += ["--backpressure", "512", "--http1-header-read-timeout", "15000"]
    # Below our own patience, so that a stuck request is cut off by the server that knows its workers.
    web += ["--workers-kill-timeout", "5", "--respawn-failed-workers"]
    web += ["--log-level", "warning", "--no-access-log", "fibroblog.wsgi:application"]
    worker: Command = [python, "manage.py", "site_worker", "--queue-name", "*", "--interval", "1"]
    worker += ["--no-startup-delay"]
    return web, worker


def answers(options: Options) -> bool:
    """Whether the web server answers on the loopback; asked directly, since a proxy would not know it."""
    connection = http.client.HTTPConnection(reachable(options.host), options.port, timeout=5)
    try:
        # The site refuses names that are not its own.
        connection.request("GET", "/healthz", headers={"Host": urlsplit(options.site_url).netloc})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(options: Options) -> None:
    print(f"Fibroblog is running at {options.site_url}/  (Ctrl-C stops it)")
    if options.site_url != options.address:
        print(f"It listens on {options.address}/")
    print(f"Editors and moderators sign in at {options.site_url}/admin/")
    sys.stdout.flush()
