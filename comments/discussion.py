"""One page of a discussion as a reader sees it: which rows, in which order, on which page. Reads only."""

from dataclasses import dataclass

from articles.models import Article
from fibroblog import limits

from . import counting
from .models import Comment
from .querysets import CommentQuerySet
from .states import State
from .threads import Node, ThreadRow, arrange

Shown = Comment | ThreadRow  # a comment of one's own may need all of its row

# What its own writer still sees in place while nobody else does.
OWN = [State.PENDING, State.RETURNED, State.DECLINED, State.SPAM, State.REMOVED]


@dataclass(frozen=True)
class Leaf:
    """One page of a discussion."""

    nodes: list[Node[Shown]]
    number: int  # of this page, from 1
    pages: int
    are_more: bool  # pages than that
    visible: int  # comments that any reader may see, on all pages; see `counting`
    editable: frozenset[int]  # ids of the reader's own comments that they may still change
    newest: bool  # the newest threads first
    latest: str  # what readers could see last, for the script that knows the last visit

    @property
    def query(self) -> str:
        """What stands before ``page=`` in the addresses of its neighbours."""
        return "order=newest&" if self.newest else ""

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        return self.number + 1 if self.number < self.pages or self.are_more else None


def leaf_of(article: Article, *, number: int, owner: str = "", newest: bool = False) -> Leaf | None:
    """One page of top-level comments with their first replies, in a constant number of queries.

    ``owner`` is the hash of the reader's key: their own waiting comments stand in place. None: no such page.
    """
    roots = Comment.objects.roots_of(article, newest=newest)
    counted = counting.roots(roots, at_least=number * limits.ROOTS_PER_PAGE)
    last = pages_for(counted.number)
    if not 1 <= number <= last:
        return None
    shown = _page(roots, number).for_thread()
    first = _first_replies([root.pk for root in shown])
    replies = Comment.objects.filter(pk__in=first).for_thread()
    totals: dict[int, int] = {}
    here: dict[int, int] = {}
    for reply in replies:
        root = reply.root_id or 0
        totals[root] = first[reply.pk]
        here[root] = here.get(root, 0) + 1
    takes_new = number == 1 if newest else (number == last and not counted.are_more)
    own = _own(article, owner, on_page={root.pk for root in shown}, takes_new=takes_new)
    everything: list[Shown] = [*shown, *replies, *own]
    rows = {row.pk: row for row in everything}
    return Leaf(
        nodes=arrange(
            rows.values(),
            more={root: total - here[root] for root, total in totals.items()},
            newest=newest,
        ),
        number=number,
        pages=last,
        are_more=counted.are_more,
        visible=counting.visible([article.pk])[article.pk],
        editable=_editable(article, owner),
        newest=newest,
        latest=_latest(article, owner),
    )


def _page(roots: CommentQuerySet, number: int) -> CommentQuerySet:
    start = (number - 1) * limits.ROOTS_PER_PAGE
    return roots[start : start + limits.ROOTS_PER_PAGE]


def _first_replies(roots: list[int]) -> dict[int, int]:
    """The replies that stand on a page with these roots, by id, with how many their root has in all."""
    room = max(0, limits.COMMENTS_PER_PAGE - len(roots))
    return Comment.objects.replies_to_roots(roots, each=limits.REPLIES_PER_ROOT, at_most=room)


def _latest(article: Article, owner: str) -> str:
    """``milliseconds.public_id`` of the visible comments shown last, the same for every stranger.

    From this the script in the browser finds what is new since the last visit; the site keeps no record of visits.
    Nobody's own comments are news to them.
    """
    shown = Comment.objects.last_shown().filter(article=article)
    if owner:
        shown = shown.exclude(owner=owner)
    rows = shown.values_list("shown_at", "public_id")[: limits.NEW_COMMENTS_COUNTED]
    return " ".join(f"{at.timestamp() * 1000:.0f}.{public_id}" for at, public_id in rows if at)


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
    if comment.root_id is None and not comment.in_thread:
        return pages_for(roots.count())
    before = roots.filter(pk__lt=comment.root_id or comment.pk).count()
    return int(min(before // limits.ROOTS_PER_PAGE + 1, pages_for(roots.count())))


@dataclass(frozen=True)
class Place:
    """Where in the whole discussion a comment is to be found."""

    page: int
    anchor: str  # public id of the comment, or of its thread's first where the page has no room for it

    @property
    def query(self) -> str:
        return f"?page={self.page}#comment-{self.anchor}"


def place_of(comment: Comment) -> Place:
    page = page_of(comment)
    if comment.root and comment.in_thread:
        roots = _page(Comment.objects.roots_of(comment.article), page).values_list("pk", flat=True)
        if comment.pk not in _first_replies(list(roots)):
            return Place(page, comment.root.public_id)
    return Place(page, comment.public_id)


@dataclass(frozen=True)
class Branch:
    """One comment with what stands above and below it: the permalink's page."""

    comment: Comment
    above: list[Comment]
    nodes: list[Node[Shown]]
    number: int
    pages: int
    place: Place
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
    above = list(Comment.objects.ancestors_of(comment))
    absent = {row.pk: row for row in above} | Comment.objects.in_bulk(
        {row.parent_id for row in rows if row.parent_id} - set(here)
    )
    return Branch(
        comment=comment,
        above=above,
        nodes=arrange(
            {row.pk: row for row in [comment, *rows, *own]}.values(),
            absent=absent,
            locked=any(row.is_locked for row in above),
        ),
        number=number,
        pages=pages,
        place=place_of(comment),
        editable=_editable(comment.article, owner),
    )


def readable(article: Article, public_id: str, *, owner: str = "") -> Comment | None:
    """A comment that this reader may look at: one with a place in the thread, or their own."""
    comment = (
        Comment.objects.select_related("article", "parent", "root")
        .filter(article=article, public_id=public_id)
        .first()
    )
    if comment is None:
        return None
    mine = bool(owner) and comment.owner == owner and comment.state in OWN
    return comment if comment.in_thread or mine else None
