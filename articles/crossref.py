"""Asks Crossref's public API what it knows of a DOI. Off until the site names a contact address.

One host, fixed by a setting, no redirects, a small answer in little time, and nothing in it is taken on trust. What
an answer changes is decided in `evidence` and `notices`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags

from fibroblog import limits
from fibroblog.safety import plain

from .citations import check_doi, check_year, plain_doi
from .models import Notice

LARGEST = 2_000_000  # bytes; long lists of references are part of an answer
BLOCK = 65_536
KINDS = {
    "retraction": Notice.Kind.RETRACTION,
    "partial_retraction": Notice.Kind.PARTIAL,
    "withdrawal": Notice.Kind.WITHDRAWAL,
    "removal": Notice.Kind.WITHDRAWAL,
    "expression_of_concern": Notice.Kind.CONCERN,
    "correction": Notice.Kind.CORRECTION,
    "corrigendum": Notice.Kind.CORRECTION,
    "erratum": Notice.Kind.CORRECTION,
    "addendum": Notice.Kind.CORRECTION,
    "clarification": Notice.Kind.CORRECTION,
}
NO_NOTICE = {"new_edition", "new_version"}
LIMITS = {"title": 400, "authors": 1000, "journal": 200, "volume": 20, "issue": 20, "pages": 40}


class NoAnswer(Exception):
    """Why there is nothing to be had, as a sentence for an editor."""


class Unreachable(NoAnswer):
    """Nobody answered: another question now would fare no better."""


@dataclass(frozen=True)
class Found:
    """A journal's later word, as Crossref has it in “updated-by”."""

    kind: Notice.Kind
    doi: str
    dated: date | None


@dataclass(frozen=True)
class Work:
    title: str = ""
    authors: str = ""
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    notices: list[Found] = field(default_factory=list)


class PublicOnly(HTTPSConnection):
    """Says nothing to a machine in our own network, whatever a name server claims: judged by where we arrived."""

    def connect(self) -> None:
        super().connect()
        if not ip_address(self.sock.getpeername()[0]).is_global:
            self.close()
            raise Unreachable("Crossref's name leads to a private address. Tell an administrator.")


def is_on() -> bool:
    return bool(settings.CROSSREF_MAILTO)


def look_up(doi: str) -> Work:
    """What Crossref knows of the work. Raises NoAnswer with a sentence that says why there is nothing."""
    if not is_on():
        raise NoAnswer("The site has no contact address for Crossref, so it is not asked.")
    try:
        check_doi(doi)
    except ValidationError as error:
        raise NoAnswer(error.message) from None
    try:
        answer = json.loads(_get(doi))
    except (ValueError, RecursionError):
        raise NoAnswer("Crossref's answer could not be read. Try again later.") from None
    message = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(message, dict) or plain_doi(_text(message.get("DOI"))) != doi:
        raise NoAnswer("Crossref answered about something else. Try again later.")
    return _work(message)


def _get(doi: str) -> bytes:
    home = urlsplit(settings.CROSSREF_URL)
    path = f"{home.path.rstrip('/')}/works/{quote(doi, safe='')}?{urlencode({'mailto': settings.CROSSREF_MAILTO})}"
    # Plain http is for this very machine only; the settings see to that.
    kind = HTTPConnection if home.scheme == "http" else PublicOnly
    connection = kind(str(home.hostname), home.port, timeout=limits.CROSSREF_SECONDS)
    headers = {"User-Agent": f"Fibroblog (mailto:{settings.CROSSREF_MAILTO})", "Accept": "application/json"}
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        _check_status(response.status)
        return b"".join(_blocks(response))
    except (OSError, HTTPException):
        raise Unreachable("Crossref did not answer in time. Nothing was changed; try again later.") from None
    finally:
        connection.close()


def _check_status(status: int) -> None:
    if status == 404:
        raise NoAnswer("Crossref does not know this DOI. Compare it with the paper's page.")
    if status == 429:
        raise Unreachable("Crossref asks us to wait. Try again in a few minutes.")
    if status != 200:  # redirects too: we go nowhere else
        raise Unreachable(f"Crossref has a problem (it answered {status}). Try again later.")


def _blocks(response: HTTPResponse) -> Iterator[bytes]:
    """The body, piece by piece: a socket's own time-out starts anew with each byte."""
    until, size = monotonic() + limits.CROSSREF_SECONDS, 0
    while block := response.read1(BLOCK):
        size += len(block)
        if size > LARGEST:
            raise NoAnswer("Crossref's answer is too long to be read.")
        if monotonic() > until:
            raise TimeoutError
        yield block


def _work(message: dict[str, Any]) -> Work:
    words = {
        "title": _first(message.get("title")),
        "authors": ", ".join(name for name in map(_author, _rows(message.get("author"))) if name),
        "journal": _first(message.get("container-title")),
        "volume": _text(message.get("volume")),
        "issue": _text(message.get("issue")),
        "pages": _text(message.get("page")) or _text(message.get("article-number")),
    }
    issued = _date_parts(message.get("issued"))
    return Work(
        **{name: text[: LIMITS[name]] for name, text in words.items()},
        year=issued[0] if issued and _is_year(issued[0]) else None,
        notices=_notices(message),
    )


def _notices(message: dict[str, Any]) -> list[Found]:
    """Each once, although the publisher and Retraction Watch may both report it."""
    found = []
    for row in _rows(message.get("updated-by")):
        kind = _text(row.get("type")).lower().replace("-", "_").replace(" ", "_")
        if not kind or kind in NO_NOTICE:
            continue
        found.append(
            Found(KINDS.get(kind, Notice.Kind.OTHER), _doi(row.get("DOI")), _date(row.get("updated")))
        )
    return list({(notice.kind, notice.doi): notice for notice in reversed(found)}.values())[::-1]


def _author(row: dict[str, Any]) -> str:
    """“Surname AB”; a group has only a name."""
    family, given = _text(row.get("family")), _text(row.get("given"))
    initials = "".join(part[0] for part in re.split(r"[\s.\-‐]+", given) if part)
    return (
        f"{family} {initials}".strip().replace(",", "") if family else _text(row.get("name")).replace(",", "")
    )


def _text(value: object) -> str:
    """Words without markup, hidden characters and line breaks; nothing where it is no text."""
    if not isinstance(value, str):
        return ""
    try:
        return " ".join(plain(unescape(strip_tags(value))).split())
    except ValidationError:
        return ""


def _first(value: object) -> str:
    return _text(value[0]) if isinstance(value, list) and value else ""


def _rows(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _doi(value: object) -> str:
    doi = plain_doi(_text(value))
    try:
        check_doi(doi)
    except ValidationError:
        return ""
    return doi


def _date_parts(value: object) -> list[int]:
    """[2011, 9, 1], or fewer: the day and the month are often left out."""
    parts = value.get("date-parts") if isinstance(value, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    known = first if isinstance(first, list) else []
    return known if all(isinstance(part, int) for part in known) else []


def _date(value: object) -> date | None:
    parts = _date_parts(value)
    try:
        return date(*parts) if len(parts) == 3 else None
    except (ValueError, OverflowError):
        return None


def _is_year(year: int) -> bool:
    try:
        check_year(year)
    except ValidationError:
        return False
    return True
