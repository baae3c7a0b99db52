"""The one place where HTML is judged: which tags, attributes and addresses may be stored.

`articles.rendering` and `comments.rendering` are its only callers; what else marks text as safe HTML only adds markup of our own.

nh3 → bleach → nh3. The first pass is there for speed: bleach needs seconds for a tag with thousands of attributes,
nh3 milliseconds, and it also drops the text inside <script> and <style>. Then two independent parsers have to agree:
bleach judges, and nh3 judges what bleach wrote.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from django.core.exceptions import ValidationError
from django.db import models

SCHEMES = {"http", "https", "mailto"}
# Control characters, zero-width ones and those that turn the writing direction round.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
# A zero-width joiner is part of many emoji and scripts: kept in text, never in addresses.
INVISIBLE_IN_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)


DEEPEST = 40  # elements inside each other; bleach's time grows with the square of it
VOID = {"br", "hr", "img"}


def depth_of(html: str) -> int:
    """How many elements stand inside each other in well-formed HTML."""
    depth = deepest = 0
    for closing, tag in re.findall(r"<(/?)([a-z][a-z0-9]*)", html):
        depth += -1 if closing else tag not in VOID
        deepest = max(deepest, depth)
    return deepest


def safe_link(address: str) -> str | None:
    """The address without hidden characters if a reader may be sent there, else nothing.

    Allowed are http, https and mailto, addresses on this site ("/…") and on this page ("#…").
    """
    address = re.sub(r"\s", "", INVISIBLE.sub("", address)).replace("\\", "/")
    if address.startswith("#") or (address.startswith("/") and not address.startswith("//")):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in SCHEMES:
        return None
    if parts.scheme == "mailto":
        return address if "@" in parts.path else None
    # "http:host" and "http:///x" have a scheme but no host: browsers guess, we do not.
    return address if parts.hostname else None


def safe_image(address: str) -> str | None:
    """Pictures come from this site only: a reader's browser asks nobody else."""
    link = safe_link(address)
    return link if link and link.startswith(("/media/", "/static/")) else None


def plain(text: str) -> str:
    """Typed text in one Unicode form, without control and direction characters; lines end in a newline."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValidationError("The text holds characters that cannot be stored.", code="unusable") from None
    return unicodedata.normalize("NFC", INVISIBLE_IN_TEXT.sub("", text))


def make_plain(row: models.Model, *names: str) -> None:
    """Bring typed fields of a row into the form of `plain`: one pasted control character would break every feed."""
    for name in names:
        setattr(row, name, plain(str(getattr(row, name))).replace("\t", " "))


@dataclass(frozen=True)
class Rules:
    """What one kind of text may hold: tags, and which attributes of each."""

    attributes: Mapping[str, frozenset[str]]
    link_rel: str | None = None
    bare_links: bool = False  # whether "https://…" in running text becomes a link
    put_right: Callable[[str], str] = str  # what changes the structure, before the judges see it

    def clean(self, html: str, *, check_length: Callable[[str], None] | None = None) -> str:
        """Raises ValidationError when the text is nested too deeply to be meant.

        ``check_length`` sees the text as the first pass closed and escaped it: bleach's time grows with that.
        """
        cleaned = self.put_right(self._nh3(html))
        if check_length:
            check_length(cleaned)
        if depth_of(cleaned) > DEEPEST:
            raise ValidationError("The text has lists or quotes nested too deeply.", code="unusable")
        return self._nh3(self._bleach().clean(cleaned))

    def _nh3(self, html: str) -> str:
        return nh3.clean(
            html,
            tags=set(self.attributes),
            attributes={tag: set(names) for tag, names in self.attributes.items() if names},
            attribute_filter=_filter,
            url_schemes=SCHEMES,
            link_rel=self.link_rel,
            strip_comments=True,
        )

    def _bleach(self) -> Cleaner:
        """A new one for each text: two threads in one of them lose words and mix one writer's with another's."""

        def allowed(tag: str, name: str, value: str) -> bool:
            if tag == "a" and name == "rel":
                return value == self.link_rel
            return name in self.attributes.get(tag, ()) and _filter(tag, name, value) == value

        filters: list[Callable[..., LinkifyFilter]] = []
        if self.bare_links:
            filters.append(_linkify)
        return Cleaner(
            tags=frozenset(self.attributes),
            attributes=allowed,
            protocols=SCHEMES,
            strip=True,
            filters=filters,
        )


def _filter(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return safe_link(value)
    if name == "src":
        return safe_image(value)
    if name in {"width", "height", "start", "rowspan", "colspan"}:
        says_nothing = name in {"rowspan", "colspan"} and value == "1"
        return value if value.isascii() and value.isdigit() and len(value) <= 5 and not says_nothing else None
    if name == "scope":
        return value if value in {"row", "col"} else None
    return value


# "example.org" may be the end of a sentence without a space, so only what says http is a link; and bleach's own
# pattern knows only the top-level domains of its day.
WRITTEN_OUT = re.compile(r"""https?://[^\s<>"'(){}\[\]]*[^\s<>"'(){}\[\].,;:!?…]""", re.IGNORECASE)


def _linkify(source: Any) -> LinkifyFilter:
    return LinkifyFilter(source, callbacks=[], skip_tags={"a", "code", "pre"}, url_re=WRITTEN_OUT)


ARTICLE = Rules(
    attributes={
        "p": frozenset(), "h2": frozenset(), "h3": frozenset(), "strong": frozenset(), "em": frozenset(),
        "sub": frozenset(), "sup": frozenset(), "ul": frozenset(), "li": frozenset(), "blockquote": frozenset(),
        "br": frozenset(), "hr": frozenset(), "figure": frozenset(), "figcaption": frozenset(),
        "table": frozenset(), "thead": frozenset(), "tbody": frozenset(), "tr": frozenset(),
        "ol": frozenset({"start"}),
        "a": frozenset({"href"}),
        "img": frozenset({"src", "alt", "width", "height"}),
        "th": frozenset({"scope", "rowspan", "colspan"}),
        "td": frozenset({"rowspan", "colspan"}),
    },
)  # fmt: skip

COMMENT = Rules(
    attributes={
        **dict.fromkeys(
            ("p", "strong", "em", "ul", "li", "blockquote", "br", "code", "pre"), frozenset[str]()
        ),
        "ol": frozenset({"start"}),
        "a": frozenset({"href"}),
    },
    # No reward for posting links, and no word to the other site about ours.
    link_rel="nofollow ugc noreferrer",
    bare_links=True,
)
