"""One page of a discussion as a reader sees it: which rows, in which order, on which page. Reads only."""

from dataclasses import dataclass

from articles.models import Article
from fibroblog import limits

from .models import Comment
from .states import State
from .threads import Node, arrange

# What its own writer still sees in place while nobody else does.
OWN = [State.PENDING, State.RETURNED, State.DECLINED, State.SPAM, State.REMOVED]


@dataclass(frozen=True)
class Leaf:
    """One page of a discussion."""

    nodes: list[Node[Comment]]
    number: int  # of this page, from 1
    pages: int
    visible: int  # comments that any reader may see, on all pages
    editable: frozenset[int]  # ids of the reader's own comments that they may still change

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def leaf_of(article: Article, *, number: int, owner: str = "") -> Leaf | None:
    """One page of top-level comments with their first replies, in a constant number of queries.

    ``owner`` is the hash of the reader's key: their own waiting comments stand in place. None: no such page.
    """
    roots = Comment.objects.roots_of(article)
    count = roots.count()
    last = pages_for(count)
    if not 1 <= number <= last:
        return None
    start = (number - 1) * limits.ROOTS_PER_PAGE
    shown = list(roots[start : start + limits.ROOTS_PER_PAGE])
    replies = list(
        Comment.objects.replies_to_roots(
            [root.pk for root in shown],
            each=limits.REPLIES_PER_ROOT,
            at_most=max(0, limits.COMMENTS_PER_PAGE - len(shown)),
        )
    )
    totals: dict[int, int] = {}
    here: dict[int, int] = {}
    for reply in replies:
        root = reply.root_id or 0
        totals[root] = reply.total  # type: ignore[attr-defined]  # annotated by the query
        here[root] = here.get(root, 0) + 1
    own = _own(article, owner, on_page={root.pk for root in shown}, takes_new=number == last)
    rows = {row.pk: row for row in [*shown, *replies, *own]}
    return Leaf(
        nodes=arrange(rows.values(), more={root: total - here[root] for root, total in totals.items()}),
        number=number,
        pages=last,
        visible=Comment.objects.visible().filter(article=article).count(),
        editable=_editable(article, owner),
    )


def _own(article: Article, owner: str, *, on_page: set[int], takes_new: bool) -> list[Comment]:
    if not owner:
        return []
    mine = Comment.objects.owned_by(owner).filter(article=article, state__in=OWN).with_refusal()
    return [c for c in mine if (c.root_id in on_page if c.root_id else takes_new or c.pk in on_page)]


def _editable(article: Article, owner: str) -> frozenset[int]:
    if not owner:
        return frozenset()
    mine = Comment.objects.owned_by(owner).filter(article=article).editable()
    return frozenset(mine.values_list("pk", flat=True))


def pages_for(roots: int) -> int:
    return int(max(1, -(-roots // limits.ROOTS_PER_PAGE)))


def page_of(comment: Comment) -> int:
    """The number of the page of the discussion on which the comment's thread stands.

    One that waits has no place of its own yet: its writer sees it at the end of the last page.
    """
    roots = Comment.objects.in_thread().filter(article=comment.article_id, root=None)
    before = roots.filter(pk__lt=comment.root_id or comment.pk).count()
    return int(min(before // limits.ROOTS_PER_PAGE + 1, pages_for(roots.count())))


@dataclass(frozen=True)
class Branch:
    """One comment with what stands above and below it: the permalink's page."""

    comment: Comment
    above: list[Comment]
    nodes: list[Node[Comment]]
    number: int
    pages: int
    page_of_discussion: int
    editable: frozenset[int]


def branch_of(comment: Comment, *, number: int, owner: str = "") -> Branch | None:
    """The comment, its ancestors, and one page of its replies. None: no such page."""
    below = Comment.objects.descendants_of(comment)
    pages = max(1, -(-below.count() // limits.COMMENTS_PER_PAGE))
    if not 1 <= number <= pages:
        return None
    start = (number - 1) * limits.COMMENTS_PER_PAGE
    rows = list(below[start : start + limits.COMMENTS_PER_PAGE])
    here = [comment.pk, *(row.pk for row in rows)]
    own = Comment.objects.owned_by(owner).filter(parent__in=here, state__in=OWN).with_refusal()
    return Branch(
        comment=comment,
        above=list(Comment.objects.ancestors_of(comment)),
        nodes=arrange({row.pk: row for row in [comment, *rows, *own]}.values()),
        number=number,
        pages=pages,
        page_of_discussion=page_of(comment),
        editable=_editable(comment.article, owner),
    )


def readable(article: Article, public_id: str, *, owner: str = "") -> Comment | None:
    """A comment that this reader may look at: one with a place in the thread, or their own."""
    comment = (
        Comment.objects.select_related("article", "parent")
        .filter(article=article, public_id=public_id)
        .first()
    )
    if comment is None:
        return None
    mine = bool(owner) and comment.owner == owner and comment.state in OWN
    return comment if comment.in_thread or mine else None
