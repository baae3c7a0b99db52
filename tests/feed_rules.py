"""The rules of Atom (RFC 4287), JSON Feed 1.1 and sitemaps 0.9, as far as ours could break them: each returns faults.

There is no kept validator that works without a network; vnu looks at HTML only.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ONCE = ("id", "title", "updated")
KINDS = {None, "text", "html", "xhtml"}


def atom(body: bytes) -> list[str]:
    feed = ElementTree.fromstring(body)  # noqa: S314  # our own answer
    if feed.tag != f"{ATOM}feed":
        return [f"the root is {feed.tag}"]
    entries = feed.findall(f"{ATOM}entry")
    found = _once("feed", feed)
    found += _links(feed, "self")
    if feed.find(f"{ATOM}author") is None and any(e.find(f"{ATOM}author") is None for e in entries):
        found.append("neither the feed nor each entry names an author")
    ids = [str(entry.findtext(f"{ATOM}id")) for entry in entries]
    found += [f"two entries are {name}" for name in set(ids) if ids.count(name) > 1]
    for entry in entries:
        found += _once("entry", entry) + _links(entry, "alternate")
        found += [
            f"two of {n}" for n in ("published", "summary", "content") if len(entry.findall(ATOM + n)) > 1
        ]
    found += [f"no name in {e.tag}" for e in feed.iter(f"{ATOM}author") if not e.findtext(f"{ATOM}name")]
    for name in ("updated", "published"):
        found += [f"{name}: {e.text}" for e in feed.iter(ATOM + name) if not MOMENT.fullmatch(e.text or "")]
    for name in ("title", "subtitle", "summary", "content"):
        found += [f"{name} is {e.get('type')}" for e in feed.iter(ATOM + name) if e.get("type") not in KINDS]
    return found + [f"no term: {e.attrib}" for e in feed.iter(f"{ATOM}category") if not e.get("term")]


def _once(what: str, element: ElementTree.Element) -> list[str]:
    """Required, and only once; an id is an absolute address."""
    found = [f"{what}: not one {name}" for name in ONCE if len(element.findall(ATOM + name)) != 1]
    name = element.findtext(f"{ATOM}id") or ""
    return found + ([] if urlsplit(name).scheme else [f"{what}: the id “{name}” is not absolute"])


def _links(element: ElementTree.Element, needed: str) -> list[str]:
    links = element.findall(f"{ATOM}link")
    kinds = [link.get("rel", "alternate") for link in links]
    found = [] if kinds.count(needed) == 1 else [f"not one link to {needed}"]
    return found + _relative(link.get("href", "") for link in links)


def _relative(addresses: Iterable[str]) -> list[str]:
    return [f"not a whole address: {a}" for a in addresses if not re.match(r"https?://[^/]+/", a)]


def json_feed(body: bytes) -> list[str]:
    feed: dict[str, Any] = json.loads(body)
    found = [] if feed.get("version") == "https://jsonfeed.org/version/1.1" else ["another version"]
    found += [] if feed.get("title") else ["no title"]
    found += _relative(feed[name] for name in ("home_page_url", "feed_url"))
    ids = [item["id"] for item in feed["items"]]
    found += ["two items with one id"] if len(ids) > len(set(ids)) else []
    for item in feed["items"]:
        found += [] if isinstance(item["id"], str) and item["id"] else ["an id is no text"]
        found += [] if item.get("content_html") or item.get("content_text") else ["an item without content"]
        found += _relative(item[name] for name in ("url", "image") if name in item)
        for name in ("date_published", "date_modified"):
            found += [] if MOMENT.fullmatch(item[name]) else [f"{name}: {item[name]}"]
        found += [f"an author without a name: {a}" for a in item.get("authors", []) if not a.get("name")]
        found += ["a tag is no text"] if not all(isinstance(tag, str) for tag in item.get("tags", [])) else []
    return found


def sitemap(body: bytes, host: str) -> list[str]:
    tree = ElementTree.fromstring(body)  # noqa: S314
    if tree.tag != f"{MAP}urlset":
        return [f"the root is {tree.tag}"]
    places = [str(url.findtext(f"{MAP}loc")) for url in tree]
    found = [f"not under {host}: {place}" for place in places if not place.startswith(f"{host}/")]
    found += ["an address twice"] if len(places) > len(set(places)) else []
    found += ["more than 50,000 addresses"] if len(places) > 50_000 else []
    days = [str(element.text) for element in tree.iter(f"{MAP}lastmod")]
    found += [f"not a date: {day}" for day in days if not re.match(r"\d{4}-\d\d-\d\d", day)]
    return found + [f"no such day: {day}" for day in days if not datetime.fromisoformat(day)]
