"""The page of a post, and all of it but the discussion kept in memory: most of what changes is a comment.

Only pages for everybody are made from what is kept (`fibroblog.pagecache` says under which stamps); whoever has
something of their own on the page gets it made as a whole.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from fibroblog import pages
from fibroblog.pagecache import made_for_all
from fibroblog.pagecache.made_for_all import Occasion
from fibroblog.reading import Reading

from . import onward
from .models import Article

MOST = 32  # posts, in each of their variants; some 100 kB each
# Nobody can write it: titles and names are escaped, and no comment of HTML is stored.
HOLE = SafeString("<!-- the discussion -->")

Key = tuple[str, str]  # slug and reading settings; which page of the discussion makes no difference


@dataclass(frozen=True)
class Kept:
    article: Article
    above: str
    below: str
    versions: tuple[int, ...]
    until: float  # seconds since the epoch
    drawn: dict[str, Any] = field(default_factory=dict)  # what its discussion has that is as lasting


_kept: OrderedDict[Key, Kept] = OrderedDict()
_lock = threading.Lock()


def page(request: HttpRequest, slug: str) -> str | None:
    """None: no reader may see such a post."""
    occasion = made_for_all.occasion_of(request)
    if occasion is None:
        article = _article(slug)
        return render_to_string("articles/article.html", _context(article), request) if article else None
    key = (slug, Reading.of(request).said)
    found = _fresh(key, occasion) or _make(key, occasion, request)
    if found is None:
        return None
    occasion.until = min(occasion.until, found.until)
    context = {"article": found.article, "drawn": found.drawn}
    return found.above + render_to_string("articles/_talk.html", context, request) + found.below


def forget() -> None:
    with _lock:
        _kept.clear()


def _fresh(key: Key, occasion: Occasion) -> Kept | None:
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
    if found is None or found.until <= time.time():
        return None
    return found if found.versions == _versions(found.article, occasion) else None


def _make(key: Key, occasion: Occasion, request: HttpRequest) -> Kept | None:
    article = _article(key[0])
    if article is None:
        return None
    whole = render_to_string("articles/article.html", {**_context(article), "hole": HOLE}, request)
    above, _, below = whole.partition(HOLE)
    made = Kept(article, above, below, _versions(article, occasion), occasion.until)
    with _lock:
        _kept[key] = made
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def _article(slug: str) -> Article | None:
    return Article.objects.visible().for_page().filter(slug=slug).first()


def _context(article: Article) -> dict[str, object]:
    return {"article": article, "onward": onward.from_post(article)}


def _versions(article: Article, occasion: Occasion) -> tuple[int, ...]:
    """Of all that the page without its discussion is made from."""
    return tuple(occasion.versions.get(name, 0) for name in (pages.SITE, pages.of_article(article.pk)))
