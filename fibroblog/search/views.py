"""The search page: reads the address, asks `finding`, shows what posts and comments say themselves."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from articles.models import Article, Tag
from comments.documents import text_of
from comments.models import Comment
from fibroblog import limits
from fibroblog.paging import page_number

from .finding import Filters, Results, find
from .marking import marked, snippet
from .models import Kind
from .words import MOST_LETTERS

YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class Hit:
    kind: Kind
    url: str
    title: SafeString
    words: SafeString  # around the matches
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class Asked:
    """A search as it stands in the address; what makes no sense there counts as not given."""

    words: str
    kind: Kind | None
    tag: Tag | None
    year: int | None

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        words = " ".join(query.get("q", "").replace("\0", " ").split())[:MOST_LETTERS]
        kind, slug, year = (query.get(name, "") for name in ("kind", "tag", "year"))
        return cls(
            words=words,
            kind=Kind(kind) if kind in Kind.values else None,
            tag=Tag.objects.filter(slug=slug).first() if slug else None,
            year=int(year) if YEAR.fullmatch(year) else None,
        )

    @property
    def filters(self) -> Filters:
        return Filters(kind=self.kind, tag=self.tag.pk if self.tag else None, year=self.year)

    def address(self, **changes: object) -> str:
        """What stands behind the ``?`` for this search, with these changes."""
        given = {"q": self.words, "kind": self.kind, "tag": self.tag and self.tag.slug, "year": self.year}
        return urlencode({name: value for name, value in {**given, **changes}.items() if value})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = Asked.of(request.GET)
    results = find(asked.words, asked.filters)
    number, paginator = page_number(request), Paginator(results.hits, limits.SEARCH_PER_PAGE)
    if not 1 <= number <= paginator.num_pages:
        raise Http404("There is no such page of this list.")
    leaf = paginator.page(number)
    context = {
        "asked": asked,
        "results": results,
        "leaf": leaf,
        "hits": hits(list(leaf), results.stems),
        "query": asked.address() + "&",
        "kinds": _kinds(asked, results),
        "fewer": _fewer(asked, results),
        "without_filters": asked.address(kind=None, tag=None, year=None),
        "tags": Tag.objects.in_use(),
        "years": _years(),
    }
    return render(request, "fibroblog/search.html", context)


def hits(found: list[tuple[Kind, int]], stems: set[str]) -> list[Hit]:
    """What to show of each, in this order. What readers may not see is left out, whatever the index says."""
    posts = (
        Article.objects.visible().defer("body").in_bulk([key for kind, key in found if kind == Kind.ARTICLE])
    )
    wanted = [key for kind, key in found if kind == Kind.COMMENT]
    comments = (
        Comment.objects.visible()
        .filter(article__in=Article.objects.visible())
        .select_related("article")
        .only("public_id", "name", "html", "created_at", "article__slug", "article__title")
        .in_bulk(wanted)
    )
    shown: dict[tuple[Kind, int], Hit] = {
        **{(Kind.ARTICLE, key): _of_post(post, stems) for key, post in posts.items()},
        **{(Kind.COMMENT, key): _of_comment(comment, stems) for key, comment in comments.items()},
    }
    return [shown[one] for one in found if one in shown]


def _of_post(post: Article, stems: set[str]) -> Hit:
    words = snippet(" ".join([post.finding, *post.points, post.text]), stems)
    at = post.published_at or timezone.now()
    return Hit(Kind.ARTICLE, post.get_absolute_url(), marked(post.title, stems), words, at)


def _of_comment(comment: Comment, stems: set[str]) -> Hit:
    return Hit(
        Kind.COMMENT,
        comment.get_absolute_url(),
        marked(comment.article.title, set()),
        snippet(text_of(comment), stems),
        comment.created_at,
        by=comment.name,
    )


def _years() -> list[int]:
    """From the first post to the last, which an index knows; every post's year would have to be worked out."""
    ends = Article.objects.visible().aggregate(first=Min("published_at"), last=Max("published_at"))
    if ends["first"] is None:
        return []
    return list(range(timezone.localtime(ends["last"]).year, timezone.localtime(ends["first"]).year - 1, -1))


def _kinds(asked: Asked, results: Results) -> list[dict[str, Any]]:
    rows: list[tuple[Kind | None, str, int]] = [(None, "All", results.total)]
    rows += [(kind, str(kind.label), results.counts[kind]) for kind in Kind]
    return [
        {"label": label, "count": count, "is_chosen": kind == asked.kind, "address": asked.address(kind=kind)}
        for kind, label, count in rows
    ]


def _fewer(asked: Asked, results: Results) -> list[tuple[str, str]]:
    """Each word by itself, for a search that found nothing."""
    if results.hits or len(results.words) < 2:
        return []
    return [(word, asked.address(q=word)) for word in dict.fromkeys(results.words)]
