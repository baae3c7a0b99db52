"""A real nginx with the files of deploy/ before the site, both on the loopback."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connections

ROOT = Path(__file__).parents[2]
CONF = ROOT / "deploy" / "nginx"
NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")

MAIN = """
daemon off;
{processes}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 128; }}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/none;
    uwsgi_temp_path {folder}/none;
    scgi_temp_path {folder}/none;
    include {folder}/fibroblog.conf;
}}
"""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, path: str, *, method: str = "GET", body: str = "", **headers: str) -> Answer:
    """One request, with nothing in it that was not given but the site's name."""
    fields = {"Host": "testserver"} | {name.replace("_", "-"): value for name, value in headers.items()}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in fields.items():
        line.putheader(name, value)
    if body:
        line.putheader("Content-Length", str(len(body)))
    line.endheaders(body.encode())
    answer = line.getresponse()
    content = answer.read()
    line.close()
    return Answer(answer.status, dict(answer.getheaders()), content)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@dataclass
class Site:
    """A WSGI application behind a port of its own, and what it was asked for."""

    app: Callable[..., Any]
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = make_server("127.0.0.1", 0, self._note, WSGIServer, Quiet)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _note(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked.append(environ["PATH_INFO"])
        return self.app(environ, start_response)

    def _serve(self) -> None:
        try:
            self._server.serve_forever(poll_interval=0.02)
        finally:
            connections.close_all()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Dead:
    """A process that dies over each request: the connection is there, and then it is not."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.met = 0
        self._thread = threading.Thread(target=self._die)
        self._thread.start()

    def _die(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._socket.accept()
                line.recv(4096)
                self.met += 1
                line.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


def adapted(text: str, changes: dict[str, str]) -> str:
    """Fails when a part that is to be changed is not there any more."""
    for part, other in changes.items():
        assert part in text, f"{part} does not stand in the configuration"
        text = text.replace(part, other)
    return text


def _listens(port: int) -> bool:
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=20):
        return True
    return False


@contextmanager
def nginx(
    folder: Path,
    *,
    sites: tuple[int, int],
    pages: Path,
    clock: str = "$http_x_clock",
    rate: str = "20r/s",
    name: str = "testserver",
    workers: int = 0,
) -> Iterator[tuple[int, int]]:
    """Yields the ports of the site and of the one that only leads to it. ``clock``: where nginx looks for the time.
    ``workers``: its processes; without any it is one that tests can end at once."""
    assert NGINX is not None
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    secure, plain = (line.getsockname()[1] for line in sockets)
    changes = {
        "include /srv/fibroblog/deploy/nginx/tls.conf": f"listen 127.0.0.1:{secure}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen [::]:80;": "",
        "$msec": clock,
        "blog.example.org": name,
        "rate=20r/s": f"rate={rate}",
        "127.0.0.1:8000": f"127.0.0.1:{sites[0]}",
        "127.0.0.1:8001": f"127.0.0.1:{sites[1]}",
        "/run/fibroblog/pages": str(pages),
        "/var/lib/fibroblog": str(folder / "data"),
        "/srv/fibroblog/deploy/nginx/proxy.conf": str(folder / "proxy.conf"),
        "/srv/fibroblog": str(ROOT),
    }
    (folder / "fibroblog.conf").write_text(adapted((CONF / "fibroblog.conf").read_text(), changes))
    # The site is to believe that there is TLS, as nginx would say of itself.
    (folder / "proxy.conf").write_text(adapted((CONF / "proxy.conf").read_text(), {"$scheme": "https"}))
    as_who = "user root; " if os.geteuid() == 0 else ""
    several = f"{as_who}worker_processes {workers};" if workers else "master_process off;"
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, processes=several))
    for line in sockets:
        line.close()
    process = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], env={}
    )
    try:
        while not _listens(secure):
            assert process.poll() is None, (folder / "error.log").read_text()
            time.sleep(0.01)
        yield secure, plain
    finally:
        process.terminate()
        process.wait(10)
    log = (folder / "error.log").read_text()
    assert not re.search(r"\[(?:emerg|alert|crit)\]", log), log
