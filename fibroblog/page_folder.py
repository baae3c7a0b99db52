"""The folder of pages that nginx on this host hands out by itself: what lies where, and how it is taken away.

Only `pagecache.files` puts a page there. Nobody may look for pages here but nginx; decision 0025 says why none is stale.
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

# Seconds. A page lies under the slice of the clock that it is good for to the end, and nginx looks under the slice of
# its own clock only: so no timer has to take anything away.
SLICE = 1_000
LIVE = "live"  # what nginx looks at
GONE = "gone-"  # what it no longer sees, waiting to be deleted
KNOWN = "known"  # in `live`: how often any stamp had moved when it began


def home() -> Path | None:
    """None: nginx hands out no pages here."""
    return Path(settings.PAGE_FILES) if settings.PAGE_FILES else None


def slice_now() -> int:
    return int(time.time() // SLICE)


def take_away() -> None:
    """Nothing that lies here now is handed out again.

    Takes one renaming, however much it is. Raises OSError when it cannot be done: then the change that asked for it
    must not be committed.
    """
    folder = home()
    if folder is None:
        return
    # Into the same folder, so that nothing but `live` itself can be missing.
    with suppress(FileNotFoundError):
        (folder / LIVE).rename(folder / f"{GONE}{slice_now()}-{secrets.token_hex(8)}")


def sweep(*, before: int | None = None) -> None:
    """Delete what nginx no longer looks at; ``before``: only what is from before that slice."""
    folder = home()
    if folder is None:
        return
    for slice_, path in _gone(folder):
        if before is None or slice_ < before:
            shutil.rmtree(path, ignore_errors=True)
    over = slice_now() if before is None else before
    for path in _within(folder / LIVE):
        if path.name.isdigit() and int(path.name) < over:
            shutil.rmtree(path, ignore_errors=True)


def tidy() -> None:
    """The worker's duty, once a minute: delete what is over, and look whether a stamp moved unseen from here.

    That happens when somebody changed the blog by a process that was not told of the folder, or restored a database.
    """
    from fibroblog import pages  # it takes away from here

    folder = home()
    if folder is None:
        return
    try:
        known = (folder / LIVE / KNOWN).read_text()
    except FileNotFoundError:
        known = ""
    if known != str(pages.total()):
        take_away()
    sweep()


def _gone(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in _within(folder):
        if path.name.startswith(GONE):
            yield int(path.name.removeprefix(GONE).partition("-")[0]), path


def _within(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder)]
    except FileNotFoundError:
        return []
