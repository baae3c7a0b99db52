"""Made pages, in the memory of one process: those used least go first when it is full. A lost one is made again."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from .asked import Asked

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Stored:
    """One page, as it goes out."""

    headers: Headers  # without those that depend on how it is asked for
    packed: bytes = field(repr=False)  # gzip
    etag: str
    stamps: tuple[str, ...]  # names of what it was made from
    versions: tuple[int, ...]
    until: float  # seconds since the epoch; then a clock moves past it

    @property
    def size(self) -> int:
        return len(self.packed) + 1_000  # what Python needs for the rest of it, roughly


class Store:
    def __init__(self, room: int) -> None:
        """``room`` in bytes; 0 keeps nothing."""
        self._room = room
        self._used = 0
        self._pages: OrderedDict[Asked, Stored] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Asked) -> Stored | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
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
