"""The outermost layer: answers from the store where it may, else has the page made and keeps it where it may.

It only knows HTTP and stamps. Which addresses are pages for everybody, and what each is made from, is `pages_for_all`.
"""

import gzip
import io
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError

from fibroblog import limits, replicas
from fibroblog.pages import SITE
from fibroblog.reading import COOKIE

from . import pages_for_all, shared
from .asked import Asked, Environ, asked
from .files import PageFiles
from .made_for_all import OCCASION, Occasion
from .pages_for_all import Sources, sources_of
from .stamps import DjangoStamps, Stamps, stamps
from .store import Headers, Store, Stored, stored

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

TRIES = 3  # at a page that changes while it is made
LARGEST = 1_000_000  # bytes of a page that is kept
LOCKS = 64
NOT_IN_304 = {"content-type", "content-length", "content-encoding"}
NOT_FOR_ALL = ("private", "no-store")


class PageCache:
    def __init__(
        self,
        app: Application,
        *,
        room: int | None = None,
        read: Stamps | None = None,
        files: PageFiles | None = None,
    ) -> None:
        self._app = app
        self._files = files
        self._store = Store(limits.PAGE_CACHE_MEGABYTES * 1_000_000 if room is None else room)
        self._stamps = read or stamps()
        shared.prepare()
        self._replica = DjangoStamps(replicas.REPLICA) if replicas.is_there() else None
        # Of many who miss one page at once, one makes it.
        self._making = [threading.Lock() for _ in range(LOCKS)]

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        key = asked(environ)
        page = self._page(key) if key else None
        if key is None or page is None:
            return self._app(environ, start_response)
        if self._files is not None:
            self._files.keep(key, page)
        return _answer(page, environ, start_response)

    def _page(self, key: Asked) -> Stored | None:
        try:
            page = self._fresh(key)
            sources = None if page else sources_of(key.path, self._version_of_site())
            if sources is not None:
                with self._making[hash(key) % LOCKS]:
                    page = self._fresh(key) or self._make(key, sources)
        except (DatabaseError, sqlite3.Error):
            return None  # without the stamps nothing is known to be fresh; the site itself says what is wrong
        return page

    def _fresh(self, key: Asked) -> Stored | None:
        page = self._store.get(key)
        if page is None or page.until <= time.time():
            return None
        return page if self._stamps.versions(page.stamps) == page.versions else None

    def _version_of_site(self) -> int:
        return self._stamps.versions((SITE,))[0]

    def _make(self, key: Asked, sources: Sources) -> Stored | None:
        """None: it turned out to be no page for everybody; Django answers again, to the visitor themselves."""
        for _ in range(TRIES):
            versions = self._stamps.versions(sources.stamps)
            known = dict(zip(sources.stamps, versions, strict=True))
            page = shared.get(key, sources.stamps, versions)
            if page is not None:
                self._store.put(key, page)
                return page
            occasion = Occasion(known, pages_for_all.until(known[SITE]))
            with self._database(sources.stamps, versions):
                status, headers, body = _rendered(self._app, key, occasion)
            if not _is_for_all(status, headers) or len(body) > LARGEST:
                return None
            # What changed while it was made may be in one part of it and not in another: it is made again.
            if self._stamps.versions(sources.stamps) == versions:
                page = stored(headers, body, sources.stamps, versions, occasion.until)
                self._store.put(key, page)
                shared.put(key, page)
                return page
        return stored(
            headers, body, sources.stamps, versions, occasion.until
        )  # good enough for this answer alone

    def _database(self, names: tuple[str, ...], versions: tuple[int, ...]) -> AbstractContextManager[None]:
        """The replica, if it has all that the page is made from as the primary has it."""
        if self._replica is not None:
            with suppress(DatabaseError):
                if self._replica.versions(names) == versions:
                    return replicas.reading_replica()
        return nullcontext()


def _is_for_all(status: str, headers: Headers) -> bool:
    said = {name.lower(): value for name, value in headers}
    private = any(word in said.get("cache-control", "") for word in NOT_FOR_ALL)
    return status.startswith("200") and not private and "set-cookie" not in said


def _rendered(app: Application, key: Asked, occasion: Occasion) -> tuple[str, Headers, bytes]:
    """Status, headers and body, rendered from the key alone."""
    answer: list[Any] = []

    def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
        answer[:] = [status, headers]
        return lambda _: None

    parts = app({**_environ(key), OCCASION: occasion}, start)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
    return answer[0], answer[1], body


def _environ(key: Asked) -> dict[str, Any]:
    site = urlsplit(settings.SITE_URL)
    port = site.port or (443 if site.scheme == "https" else 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": key.path,
        "QUERY_STRING": key.query,
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": site.netloc,
        "HTTP_X_FORWARDED_PROTO": site.scheme,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if key.reading:
        environ["HTTP_COOKIE"] = f"{COOKIE}={key.reading}"
    return environ


def _answer(page: Stored, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    packs = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    headers = page.packed_headers if packs else page.headers
    if "HTTP_IF_NONE_MATCH" in environ and _matches(environ["HTTP_IF_NONE_MATCH"], page.digest):
        kept = [(name, value) for name, value in headers if name.lower() not in NOT_IN_304]
        start_response("304 Not Modified", kept)
        return [b""]
    start_response("200 OK", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        return [b""]
    return [page.packed if packs else gzip.decompress(page.packed)]


def _matches(header: str, digest: str) -> bool:
    """Packed or not, it is the same page; weak comparison (RFC 9110, 13.1.2)."""
    if not header:
        return False
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")}
    return "*" in tags or digest in tags or f"{digest}-gzip" in tags


@lru_cache(256)
def _takes_gzip(header: str) -> bool:
    for part in header.split(","):
        name, _, quality = part.partition(";")
        if name.strip().lower() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
