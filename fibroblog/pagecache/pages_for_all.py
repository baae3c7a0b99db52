"""Which addresses are pages for everybody, what each is made from, and when a clock next changes one of them."""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.urls import Resolver404, resolve
from django.utils import timezone

from articles.models import Article
from fibroblog import pages, policy

AT_MOST = 3_600.0  # seconds that a page is kept: what nobody thought of heals by itself
LISTS = {"home", "tag", "archive", "author"}
OTHERS = {"topics", "series", "words", "robots", "about", "comment-policy", "privacy", "accessibility"}
POSTS = {"article", "comment"}

Turns = tuple[datetime | None, ...]
_known: tuple[int, Turns] = (-1, ())  # the site's stamp, and the turns found under it


@dataclass(frozen=True)
class Sources:
    """What a page is made from."""

    stamps: tuple[str, ...]


def until(site: int) -> float:
    """Seconds since the epoch when a clock next changes any page, with the site's stamp as it is now: some post looks
    different by itself, or a pause ends. What else turns on a page, its view says (`made_for_all`)."""
    now = timezone.now()
    soonest = min(
        (turn.timestamp() for turn in _turns(site, now) if turn and turn > now), default=float("inf")
    )
    return min(soonest, time.time() + AT_MOST)


@lru_cache(4096)
def sources_of(path: str, site: int) -> Sources | None:
    """None: the address is not of a page for everybody, or there is none.

    ``site``: the version of the site's stamp. A post whose address changes moves it, so what is remembered under it
    cannot grow old unseen.
    """
    try:
        found = resolve(path)
    except Resolver404:
        return None
    if found.url_name in LISTS:
        return Sources((pages.SITE, pages.COUNTS))
    if found.url_name in OTHERS:
        return Sources((pages.SITE,))
    if found.url_name not in POSTS:
        return None
    article = Article.objects.filter(slug=found.kwargs["slug"]).values_list("pk", flat=True).first()
    if article is None:
        return None
    return Sources((pages.SITE, pages.of_article(article), pages.of_discussion(article)))


def _turns(site: int, now: datetime) -> Turns:
    """When posts and the pause next look different: asked once for each version of the site's stamp and each turn."""
    global _known  # one tuple, replaced as a whole
    version, turns = _known
    if version != site or any(turn and turn <= now for turn in turns):
        turns = (Article.objects.next_flip(), policy.current().paused_until)
        _known = (site, turns)
    return turns


def forget() -> None:
    """For tests, whose databases begin anew."""
    global _known
    _known = (-1, ())
    sources_of.cache_clear()
