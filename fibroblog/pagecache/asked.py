"""What a request asks for, as far as pages for everybody may depend on it: the key of a stored page.

Whatever is not in the key (other cookies, unknown parameters, the browser's name or language) never reaches the code
that renders such a page, so it can neither get into it nor make another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from fibroblog import limits
from fibroblog.private import PRIVATE_COOKIES
from fibroblog.reading import COOKIE, Reading

Environ = Mapping[str, Any]
LONGEST_QUERY = 2_000  # characters; a longer one is Django's to judge
# Pages that answer to these are made for one visitor.
FOR_ONE_VISITOR = {"reply", "sent"}
ELSEWHERE = (settings.STATIC_URL, settings.MEDIA_URL, "/admin/")


@dataclass(frozen=True)
class Asked:
    """The key: equal ones get equal bytes."""

    path: str
    query: str  # known parameters only, in one order
    reading: str  # the reading settings, as their cookie says them; empty: none chosen


def asked(environ: Environ) -> Asked | None:
    """None: this request is not for a page that everybody sees alike, or is for Django to refuse."""
    path = environ.get("PATH_INFO", "")
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or path.startswith(ELSEWHERE):
        return None
    if not (is_ours(environ.get("HTTP_HOST", "")) and _is_secure_enough(environ)):
        return None
    query = _query(path, environ.get("QUERY_STRING", ""))
    cookies = _cookies(environ.get("HTTP_COOKIE", ""))
    if query is None or not cookies.keys().isdisjoint(PRIVATE_COOKIES):
        return None
    return Asked(path, query, Reading.read(cookies.get(COOKIE, "")).said)


@lru_cache(256)
def is_ours(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _is_secure_enough(environ: Environ) -> bool:
    """Where the site is https only, Django leads everybody else there."""
    if not settings.SECURE_SSL_REDIRECT:
        return True
    forwarded = environ.get("HTTP_X_FORWARDED_PROTO", "") if limits.TRUSTED_PROXIES else ""
    return "https" in {environ.get("wsgi.url_scheme"), forwarded}


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
