"""Made pages that several machines share, in Redis, where there is one: each is made once for all of them.

A page lies there under all that it was made from, so what is found is right, and what is lost is made again.
"""

import hashlib
import time
from functools import cache as once
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from .asked import Asked
from .store import Stored

PARTS = ("articles", "comments", "fibroblog", "templates", "static")
OF_PAGES = {".py", ".html", ".css", ".js", ".svg"}


def get(key: Asked, stamps: tuple[str, ...], versions: tuple[int, ...]) -> Stored | None:
    if not is_there():
        return None
    found = cache.get(_name(key, stamps, versions))
    page = Stored(*found) if found else None
    return page if page and page.until > time.time() else None


def put(key: Asked, page: Stored) -> None:
    if is_there():
        everything = tuple(getattr(page, name) for name in Stored.__dataclass_fields__)
        cache.set(_name(key, page.stamps, page.versions), everything, max(1, int(page.until - time.time())))


def is_there() -> bool:
    return "redis" in str(settings.CACHES["default"]["BACKEND"])


def _name(key: Asked, stamps: tuple[str, ...], versions: tuple[int, ...]) -> str:
    under = repr((_release(), settings.SITE_URL, tuple(key), stamps, versions))
    return f"page:{hashlib.sha256(under.encode()).hexdigest()}"


@once
def _release() -> str:
    """What the pages are made by: after an update, the old ones are not found any more."""
    digest = hashlib.sha256()
    for part in PARTS:
        for path in sorted((Path(settings.BASE_DIR) / part).rglob("*")):
            if path.suffix in OF_PAGES:
                digest.update(path.read_bytes())
    return digest.hexdigest()
