"""Made pages, in the memory of one process: those used least go first when it is full. A lost one is made again."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field

from .asked import Asked

Headers = list[tuple[str, str]]

LEVEL = 4  # of gzip: 6 takes twice as long to save four bytes in a hundred
# What depends on how a page is asked for, or is said anew each time.
NOT_KEPT = {"content-length", "content-encoding", "etag", "vary", "date"}


@dataclass(frozen=True)
class Stored:
    """One page, as it goes out."""

    headers: Headers  # of the page as it is
    packed_headers: Headers
    packed: bytes = field(repr=False)  # gzip
    digest: str  # of the body: both entity tags hold it
    stamps: tuple[str, ...]  # names of what it was made from
    versions: tuple[int, ...]
    until: float  # seconds since the epoch; then a clock moves past it

    @property
    def size(self) -> int:
        return len(self.packed) + 1_000  # what Python needs for the rest of it, roughly


def stored(
    headers: Headers, body: bytes, stamps: tuple[str, ...], versions: tuple[int, ...], until: float
) -> Stored:
    """A page as Django answered it, ready to go out in either form."""
    packed, digest = gzip.compress(body, LEVEL, mtime=0), hashlib.sha256(body).hexdigest()[:24]
    kept = [(name, value) for name, value in headers if name.lower() not in NOT_KEPT]
    kept.append(("Vary", "Accept-Encoding, Cookie"))
    return Stored(
        headers=[*kept, ("ETag", f'"{digest}"'), ("Content-Length", str(len(body)))],
        packed_headers=[
            *kept,
            ("ETag", f'"{digest}-gzip"'),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(packed))),
        ],
        packed=packed,
        digest=digest,
        stamps=stamps,
        versions=versions,
        until=until,
    )


class Store:
    def __init__(self, room: int) -> None:
        """``room`` in bytes; 0 keeps nothing."""
        self._room = room
        self._used = 0
        self._pages: OrderedDict[Asked, Stored] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Asked) -> Stored | None:
        """Without the lock: each of the two steps is one of Python's own, and a page gone between them was found."""
        page = self._pages.get(key)
        if page is not None:
            with suppress(KeyError):
                self._pages.move_to_end(key)
        return page

    def put(self, key: Asked, page: Stored) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._used += page.size
            while self._used > self._room:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Asked) -> None:
        old = self._pages.pop(key, None)
        if old is not None:
            self._used -= old.size

    @property
    def used(self) -> int:
        return self._used

    def __len__(self) -> int:
        return len(self._pages)
