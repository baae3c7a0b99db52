"""What a request asks for, as far as pages for everybody may depend on it: the key of a stored page.

Whatever is not in the key (other cookies, unknown parameters, the browser's name or language) never reaches the code
that renders such a page, so it can neither get into it nor make another one.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from fibroblog import limits
from fibroblog.private import PRIVATE_COOKIES
from fibroblog.reading import COOKIE, Reading

Environ = Mapping[str, Any]
Said = tuple[str, ...]  # all of a request that the answer may depend on
LONGEST_REMEMBERED = 400  # characters of what a request says
LONGEST_QUERY = 2_000  # characters; a longer one is Django's to judge
# Pages that answer to these are made for one visitor.
FOR_ONE_VISITOR = {"reply", "sent"}
ELSEWHERE = (settings.STATIC_URL, settings.MEDIA_URL, "/admin/")


class Asked(NamedTuple):
    """The key: equal ones get equal bytes."""

    path: str
    query: str  # known parameters only, in one order
    reading: str  # the reading settings, as their cookie says them; empty: none chosen


def asked(environ: Environ) -> Asked | None:
    """None: this request is not for a page that everybody sees alike, or is for Django to refuse."""
    said = (
        environ["REQUEST_METHOD"],
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_HOST", ""),
        environ.get("HTTP_COOKIE", ""),
        environ.get("wsgi.url_scheme", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", "") if limits.TRUSTED_PROXIES else "",
    )
    # Most requests are like others before them; odd long ones may not fill the memory.
    return _remembered(said) if sum(map(len, said)) < LONGEST_REMEMBERED else _asked(said)


def _asked(said: Said) -> Asked | None:
    method, path, query, host, cookie, *schemes = said
    if method not in {"GET", "HEAD"} or path.startswith(ELSEWHERE) or not is_ours(host):
        return None
    # Where the site is https only, Django leads everybody else there.
    if settings.SECURE_SSL_REDIRECT and "https" not in schemes:
        return None
    known = _query(path, query)
    cookies = _cookies(cookie)
    if known is None or not cookies.keys().isdisjoint(PRIVATE_COOKIES):
        return None
    return Asked(path, known, Reading.read(cookies.get(COOKIE, "")).said)


_remembered = lru_cache(4_096)(_asked)


@lru_cache(256)
def is_ours(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def forget() -> None:
    """For tests, which change settings."""
    _remembered.cache_clear()
    is_ours.cache_clear()


def _known(path: str) -> tuple[str, ...]:
    """The parameters that a page at this address listens to."""
    if path.startswith("/articles/"):
        return ("order", "page")
    return ("page",) if path == "/" or path.startswith(("/tags/", "/archive/", "/authors/")) else ()


def _query(path: str, text: str) -> str | None:
    """The known parameters in one order, without those that say what is so anyway; None: only Django can answer."""
    if not text:
        return ""
    if len(text) > LONGEST_QUERY:
        return None
    given = dict(parse_qsl(text, keep_blank_values=True))
    if not FOR_ONE_VISITOR.isdisjoint(given):
        return None
    kept = [(name, given[name]) for name in _known(path) if name in given]
    if any(not _is_plain(name, value) for name, value in kept):
        return None
    return urlencode([(name, value) for name, value in kept if (name, value) != ("page", "1")])


def _is_plain(name: str, value: str) -> bool:
    if name == "order":
        return value == "newest"
    return value.isascii() and value.isdigit() and value[0] != "0" and len(value) < 7


def _cookies(header: str) -> dict[str, str]:
    """Split as Django does: of two with one name, the last counts."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs if name}
