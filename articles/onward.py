"""Where a reader may go from a post: its series, the posts before and after, and related ones. Reads only.

No post is named twice, none leads to itself, and none to what readers may not see.
"""

from dataclasses import dataclass
from typing import Any, cast

from .models import Article, Series, Tag

RELATED = 3  # posts; more would be a list to choose from, and choosing is work


@dataclass(frozen=True)
class Place:
    """A post in its series: "part ``number`` of ``length``"."""

    series: Series
    number: int
    length: int
    previous: Article | None
    following: Article | None


@dataclass(frozen=True)
class Onward:
    place: Place | None
    previous: Article | None
    following: Article | None
    related: list[Article]

    def __bool__(self) -> bool:
        return bool(self.place or self.previous or self.following or self.related)


def from_post(article: Article) -> Onward:
    """In five queries at most, however many posts and topics there are."""
    place = _place_of(article)
    linked = [place.previous, place.following] if place else []
    previous, following = (
        None if post in linked else post for post in Article.objects.neighbours_of(article)
    )
    taken = [post.pk for post in (article, previous, following, *linked) if post]
    related = Article.objects.visible().exclude(pk__in=taken).sharing(_rarity_of_topics(article))
    return Onward(place, previous, following, list(related.only("title", "slug")[:RELATED]))


def _place_of(article: Article) -> Place | None:
    """None for a post in no series, for one that readers do not see, and while there is no second part."""
    part = getattr(article, "part", None)
    if part is None:
        return None
    posts = list(Article.objects.in_series(part.series).only("title", "slug"))
    if len(posts) < 2 or article not in posts:
        return None
    at = posts.index(article)
    before, after = (posts[at - 1] if at else None), (posts[at + 1] if at + 1 < len(posts) else None)
    return Place(part.series, at + 1, len(posts), before, after)


def _rarity_of_topics(article: Article) -> dict[int, int]:
    """A topic that few posts have says more about a post than one that most have.

    Whole numbers: sums of fractions would differ by the order in which a database adds them.
    """
    topics = Tag.objects.with_counts().filter(pk__in=[tag.pk for tag in article.tags.all()])
    return {topic.pk: 1_000_000 // topic.count for topic in cast("list[Any]", topics)}
