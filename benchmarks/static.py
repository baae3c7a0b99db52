"""R1: nginx hands out the very bytes and headers that the site answered with, from a packed file."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks import processes
from benchmarks.processes import Server
from benchmarks.table import LeftOut
from benchmarks.wrk import PACKED, Wrong

# What nginx writes by itself, or what is said anew each time.
BY_THE_SERVER = {"content-length", "content-encoding", "content-type", "date", "server", "connection"}
# As Debian's nginx comes: sendfile and tcp_nopush, no cache of open files. As many processes as the site has.
CONFIGURATION = """
{user}
daemon off; pid {folder}/nginx.pid; error_log stderr error; worker_processes {workers};
events {{ worker_connections 768; }}
http {{
  access_log off; sendfile on; tcp_nopush on; etag off; types {{ }} default_type "text/html; charset=utf-8";
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port}; root {folder}/pages; gzip_static always;
    {locations}
  }}
}}
"""


@contextmanager
def nginx(source: Server, pages: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """Serves copies of the pages: ``pages`` is the path here by the path there. Raises Wrong when they differ."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise LeftOut("nginx was not found (on Debian: apt install nginx-light)")
    (folder / "pages").mkdir(parents=True)
    locations = [_copy(source, there, here, folder / "pages") for here, there in pages.items()]
    port = processes.free_port()
    (folder / "nginx.conf").write_text(
        CONFIGURATION.format(
            user="user root;" if os.geteuid() == 0 else "",  # the folder is for us alone
            folder=folder,
            workers=processes.options(port).web_workers,
            port=port,
            locations="\n    ".join(locations),
        )
    )
    command = [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with processes.running([*command], port, os.environ, next(iter(pages))) as server:
        for here, there in pages.items():
            _compare(source, there, server, here)
        yield server


def _copy(source: Server, there: str, here: str, folder: Path) -> str:
    answer, body = source.get(there, PACKED)
    if answer.status != 200 or answer.headers["Content-Encoding"] != "gzip":
        raise Wrong(f"{there} answered {answer.status}, encoded as {answer.headers['Content-Encoding']}")
    (folder / f"{here.lstrip('/')}.gz").write_bytes(body)
    said = [(name, value) for name, value in answer.getheaders() if name.lower() not in BY_THE_SERVER]
    lines = [f"add_header {name} {_quoted(value)};" for name, value in said]
    # The site names no time of change, only a tag.
    return f"location = {here} {{ add_header Last-Modified ''; {' '.join(lines)} }}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _compare(source: Server, there: str, server: Server, here: str) -> None:
    ours, theirs = source.get(there, PACKED), server.get(here, PACKED)
    if ours[1] != theirs[1] or _said(ours[0].getheaders()) != _said(theirs[0].getheaders()):
        raise Wrong(
            f"nginx does not answer as the site does at {there}: {_said(ours[0].getheaders())} "
            f"is not {_said(theirs[0].getheaders())}"
        )


def _said(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    own = {"date", "server", "connection", "accept-ranges"}
    return sorted((name.lower(), value) for name, value in headers if name.lower() not in own)
