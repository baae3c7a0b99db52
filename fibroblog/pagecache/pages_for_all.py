"""Which addresses are pages for everybody, what each is made from, and when a clock next changes one of them."""

import time
from dataclasses import dataclass
from datetime import datetime

from django.urls import Resolver404, resolve
from django.utils import timezone

from articles.models import Article
from comments.models import Discussion
from fibroblog import pages, policy

AT_MOST = 3_600.0  # seconds that a page is kept: what nobody thought of heals by itself
LISTS = {"home", "tag", "archive", "author"}
OTHERS = {"topics", "series", "words", "robots", "about", "comment-policy", "privacy", "accessibility"}
POSTS = {"article", "comment"}


@dataclass(frozen=True)
class Sources:
    """What a page is made from."""

    stamps: tuple[str, ...]
    article: int | None = None  # a post and its discussion

    def until(self) -> float:
        """Seconds since the epoch when a clock next changes the page: some post looks different by itself, a pause
        ends, the discussion closes."""
        now = timezone.now()
        turns: list[datetime | None] = [Article.objects.next_flip(), policy.current().paused_until]
        discussion = Discussion.objects.filter(article=self.article).select_related("article").first()
        turns.append(discussion.closes_at if discussion else None)
        soonest = min((turn.timestamp() for turn in turns if turn and turn > now), default=float("inf"))
        return min(soonest, time.time() + AT_MOST)


def sources_of(path: str) -> Sources | None:
    """None: the address is not of a page for everybody, or there is none."""
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
    # A post whose address changes moves the site's stamp, so that this look-up cannot grow old unseen.
    article = Article.objects.filter(slug=found.kwargs["slug"]).values_list("pk", flat=True).first()
    if article is None:
        return None
    return Sources((pages.SITE, pages.of_article(article), pages.of_discussion(article)), article)
