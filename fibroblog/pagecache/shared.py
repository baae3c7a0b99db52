"""Made pages that several machines share, in Redis, where there is one: each is made once for all of them.

A page lies there under all that it was made from, so what is found is right, and what is lost is made again.
"""

import hashlib
import time
from functools import cache as once
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from fibroblog import limits

from .asked import Asked
from .store import Stored

PARTS = ("articles", "comments", "fibroblog", "templates", "static")
OF_PAGES = {".py", ".html", ".css", ".js", ".svg", ".png"}
OF_SETTINGS = ("SITE_NAME", "SITE_URL", "SECRET_KEY", "TIME_ZONE")  # forms are signed with the key


def get(key: Asked, stamps: tuple[str, ...], versions: tuple[int, ...]) -> Stored | None:
    if not is_there():
        return None
    try:
        found = cache.get(_name(key, stamps, versions))
        page = Stored(*found) if found else None
    except Exception:  # noqa: BLE001  # whatever lies there, it is no page of ours
        return None
    return page if page and page.until > time.time() else None


def put(key: Asked, page: Stored) -> None:
    if is_there():
        everything = tuple(getattr(page, name) for name in Stored.__dataclass_fields__)
        cache.set(_name(key, page.stamps, page.versions), everything, max(1, int(page.until - time.time())))


def is_there() -> bool:
    return "redis" in str(settings.CACHES["default"]["BACKEND"])


def prepare() -> None:
    """When the process starts."""
    if is_there():
        release()


def _name(key: Asked, stamps: tuple[str, ...], versions: tuple[int, ...]) -> str:
    under = repr((release(), tuple(key), stamps, versions))
    return f"page:{hashlib.sha256(under.encode()).hexdigest()}"


@once
def release() -> str:
    """What the pages are made by, code and settings: after an update, the old ones are not found any more. Read when
    the process starts, before newer files can lie on the disk."""
    said = {name: value for name, value in vars(limits).items() if name.isupper()}
    said |= {name: getattr(settings, name) for name in OF_SETTINGS}
    digest = hashlib.sha256(repr(sorted(said.items())).encode())
    digest.update((settings.BASE_DIR / "requirements.txt").read_bytes())
    for part in PARTS:
        for path in sorted((Path(settings.BASE_DIR) / part).rglob("*")):
            if path.suffix in OF_PAGES:
                digest.update(path.read_bytes())
    return digest.hexdigest()
