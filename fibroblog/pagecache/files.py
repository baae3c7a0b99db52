"""Puts pages for everybody where nginx on this host finds them, so that they go out without asking the site.

A page gets there only while its stamps are held, and whoever moves a stamp takes all away before the change is
committed (`fibroblog.page_folder`): so none that lies there is stale. Decision 0025 has the whole argument.
"""

import errno
import logging
import os
import re
import secrets
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from fibroblog import limits, page_folder, pages
from fibroblog.page_folder import KNOWN, LIVE, SLICE

from .asked import Asked
from .held import Moving, held
from .store import Headers, Stored

logger = logging.getLogger(__name__)

# The same in deploy/nginx/fibroblog.conf. No dot, no escape: nothing can lead out of the folder, and what nginx looks
# for is byte for byte what was asked for.
PLAIN = re.compile(r"/(?:[A-Za-z0-9_-]{1,100}/){0,8}")
NO_SETTINGS = "-"
NAME = "page.html.gz"
MARGIN = 1.0  # seconds that nginx may look at its clock later than we do
PAGE_HEADERS = settings.BASE_DIR / "deploy" / "nginx" / "page-headers.conf"
ADD_HEADER = re.compile(r'^add_header ([\w-]+) "([^"]*)";', re.MULTILINE)
# nginx finds these out for itself, or says them of files only.
OF_A_FILE = {"content-encoding", "content-length", "etag", "last-modified"}
READABLE, OPEN = 0o644, 0o755  # nginx is another user, whatever our umask is


class PageFiles:
    """One for each process. It never waits and never raises: a page that cannot be put there is answered as before."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError when the folder cannot be made, or the headers cannot be read."""
        self._folder = folder
        self._live = f"{folder}/{LIVE}/"
        self._one_at_a_time = threading.Lock()
        self._slice, self._room = 0, 0
        self._warned: set[str] = set()
        self._collected = _collected()
        said_by_nginx()  # fails here, where it is seen, when the file is not there
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(OPEN)

    @classmethod
    def here(cls) -> "PageFiles | None":
        """As set, with nothing of former times in it; None: nginx hands out no pages here."""
        folder = page_folder.home()
        if folder is None:
            return None
        files = cls(folder)
        page_folder.take_away()
        return files

    def keep(self, key: Asked, page: Stored) -> None:
        """Put the page where nginx finds it, if it is not there yet and nothing speaks against it."""
        slice_ = page_folder.slice_now()
        place = self._place(key, slice_)
        if place is None or page.until < (slice_ + 1) * SLICE + MARGIN or os.path.exists(place):  # noqa: PTH110  # at every hit
            return
        if not self._one_at_a_time.acquire(blocking=False):
            return
        try:
            self._put(place, page, slice_)
        except (Moving, DatabaseError, InterfaceError):
            pass  # the next one who asks tries again
        except OSError as failure:
            # Not found: a change took the folder away while we wrote.
            if failure.errno != errno.ENOENT:
                self._warn(f"Pages for nginx cannot be written: {failure.strerror}.")
        finally:
            self._one_at_a_time.release()

    def _place(self, key: Asked, slice_: int) -> str | None:
        if key.query or not PLAIN.fullmatch(key.path):
            return None
        return f"{self._live}{slice_}/{key.reading or NO_SETTINGS}{key.path}{NAME}"

    def _put(self, place: str, page: Stored, slice_: int) -> None:
        if not self._may(page, slice_):
            return
        draft = Path(f"{place}.{secrets.token_hex(8)}")
        self._begin()
        self._make_folders(draft.parent)
        try:
            _write(draft, page)
            with held(page.stamps, page.versions):
                draft.rename(place)
            self._room -= len(page.packed)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise

    def _may(self, page: Stored, slice_: int) -> bool:
        if slice_ != self._slice:
            self._slice, self._room = slice_, limits.PAGE_FILES_MEGABYTES * 1_000_000
            page_folder.sweep(before=slice_ - 1)  # only what the worker should have deleted long ago
        if len(page.packed) > self._room:
            return False
        if _collected() != self._collected:
            return False  # a newer release is on the disk, and this process still makes pages of the old one
        if different := _different(page.headers):
            names = ", ".join(sorted(different))
            self._warn(f"Pages for nginx are not written: {PAGE_HEADERS} does not have our {names}.")
        return not different

    def _begin(self) -> None:
        """Note beside the first page how often any stamp had moved, for `page_folder.tidy`."""
        known = self._folder / LIVE / KNOWN
        if not known.exists():
            total = pages.total()
            self._make_folders(known.parent)
            draft = known.with_name(f"{KNOWN}.{secrets.token_hex(8)}")
            draft.write_text(str(total))
            draft.rename(known)

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(OPEN)

    def _warn(self, sentence: str) -> None:
        if sentence not in self._warned:
            self._warned.add(sentence)
            logger.warning("%s", sentence)


def _write(draft: Path, page: Stored) -> None:
    draft.write_bytes(page.packed)
    draft.chmod(READABLE)
    # nginx makes its ETag from time and size. With 31 bits of the digest for a time, another page of the same size has
    # another one, also when both were made in the same second; every file system can keep such a time.
    digest = int(page.digest[:8], 16) >> 1
    os.utime(draft, (digest, digest))


def _different(headers: Headers) -> set[str]:
    """Names of headers that nginx would leave out, add or say otherwise."""
    ours = {comparable(header) for header in headers if header[0].lower() not in OF_A_FILE}
    theirs = said_by_nginx()
    return {name for name, _ in ours ^ theirs}


@cache
def said_by_nginx() -> frozenset[tuple[str, str]]:
    said = [(name, value) for name, value in ADD_HEADER.findall(PAGE_HEADERS.read_text())]
    said = [(name, value) for name, value in said if name.lower() not in OF_A_FILE]
    return frozenset(map(comparable, [*said, ("Content-Type", "text/html; charset=utf-8")]))


def comparable(header: tuple[str, str]) -> tuple[str, str]:
    """The directives of a policy come in any order."""
    name, value = header
    if name.lower() == "content-security-policy":
        value = "; ".join(sorted(part.strip() for part in value.split(";")))
    return name.lower(), value


def _collected() -> int | None:
    """When static files were last collected, which every update does before the processes are renewed."""
    try:
        return (settings.STATIC_ROOT / "staticfiles.json").stat().st_mtime_ns
    except FileNotFoundError:
        return None
