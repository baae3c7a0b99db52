"""How article pages show their discussion: `articles` knows nothing of comments, so its templates ask here."""

from collections.abc import Iterable
from datetime import timedelta
from html import unescape
from typing import Any, cast

from django import template
from django.http import Http404
from django.template.context import Context, RequestContext
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from articles.models import Article
from comments import counting, discussion, help_lines, ownership, reasons, writer_links
from comments.forms import CommentForm
from comments.models import Comment, Discussion
from comments.querysets import CommentQuerySet
from comments.states import State
from comments.thread_html import Circumstances, is_visible, thread, time_of, tombstone
from fibroblog import limits, policy
from fibroblog.models import Policy
from fibroblog.pagecache import made_for_all
from fibroblog.paging import page_number

register = template.Library()
register.filter("is_visible", is_visible)
register.filter("tombstone", tombstone)
register.simple_tag(thread, name="thread")

ARRIVED_LATELY = timedelta(minutes=10)
FOR_ITS_WRITER = {
    State.APPROVED: "Published",
    State.RETURNED: "Please change something",
    State.DECLINED: "Not published",
    State.SPAM: "Not published",
    State.REMOVED: "Not published",
}


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion_of(context: RequestContext, article: Article) -> dict[str, Any]:
    """The thread, the form, and what this reader's own waiting comments need."""
    request = context["request"]
    owner = ownership.hash_of(ownership.key_in(request))
    newest = request.GET.get("order") == "newest"
    leaf = discussion.leaf_of(article, number=page_number(request), owner=owner, newest=newest)
    if leaf is None:
        raise Http404("There is no such page of this discussion.")
    row, rules = Discussion.objects.of(article), _policy(context)
    made_for_all.turns(request, row.closes_at)
    parent = None
    if request.GET.get("reply"):
        parent = Comment.objects.visible().filter(article=article, public_id=request.GET["reply"]).first()
    sent = arrived = None
    if request.GET.get("sent"):
        named = Comment.objects.filter(article=article, public_id=request.GET["sent"])
        sent = named.owned_by(owner).first()
        arrived = None if owner else _arrived_lately(named)
    circumstances = Circumstances(
        article,
        is_open=row.is_open and not rules.is_paused,
        presses=rules.presses,
        owner=owner,
        editable=leaf.editable,
        sent=sent,
        code=ownership.code_of(sent) if sent else "",
        thanks_at=_thanks_at(sent, leaf),
    )
    return {
        "article": article,
        "leaf": leaf,
        "circumstances": circumstances,
        "most_new": limits.NEW_COMMENTS_COUNTED,
        "pause": rules.pause_words if row.is_open else "",
        "helped": row.helped,
        "parent": parent,
        "lost_parent": bool(request.GET.get("reply")) and parent is None,
        "arrived": arrived,
        # The place to write is the same below every post until the post or the site changes.
        "drawn": context.get("drawn"),
        "request": request,
    }


def _policy(context: Context) -> Policy:
    """As it was when the post was kept: a change of the policy moves the site's stamp."""
    drawn = context.get("drawn")
    if drawn is None:
        return policy.current()
    if "policy" not in drawn:
        drawn["policy"] = policy.current()
    return cast("Policy", drawn["policy"])


@register.simple_tag(takes_context=True)
def place_to_write(context: Context) -> SafeString:
    """The form with what stands before it. It is kept with the post, but not for whoever answers somebody."""
    drawn, is_answer = context["drawn"], context["parent"] or context["lost_parent"]
    if drawn is None or is_answer:
        return _place_to_write(context)
    if "write" not in drawn:
        drawn["write"] = _place_to_write(context)
    return cast("SafeString", drawn["write"])


def _place_to_write(context: Context) -> SafeString:
    parent = context["parent"]
    form = CommentForm(initial={"parent": parent.public_id} if parent else {}, article=context["article"])
    everything = {**cast("dict[str, Any]", context.flatten()), "form": form}
    return render_to_string("comments/_write.html", everything)


def _arrived_lately(named: CommentQuerySet) -> Comment | None:
    """What a browser that keeps no cookies sent just now; whoever knows the address reads the same, so no words."""
    since = timezone.now() - ARRIVED_LATELY
    return named.filter(created_at__gt=since, state__in=[State.PENDING, State.SPAM, State.APPROVED]).first()


def _thanks_at(sent: Comment | None, leaf: discussion.Leaf) -> int | None:
    """The comment that the thanks for a published one stand in: its thread's first, where the page has no room."""
    if sent is None or sent.state != State.APPROVED:
        return None
    return sent.pk if any(node.row.pk == sent.pk for node in leaf.nodes) else sent.root_id


@register.simple_tag
def comment_counts(articles: Iterable[Article]) -> dict[int, int]:
    """Visible comments by article id, in one query for a whole list."""
    return counting.visible(article.pk for article in articles)


@register.filter
def in_words(count: int) -> str:
    """A number of comments: "1 comment", "12 comments", "More than 10,000 comments"."""
    if count > counting.COMMENTS_AT_MOST:
        return f"More than {counting.COMMENTS_AT_MOST:,} comments"
    return f"{count:,} comment{'' if count == 1 else 's'}"


@register.filter
def count_for(counts: dict[int, int], article: Article) -> int:
    return counts.get(article.pk, 0)


@register.simple_tag
def help_lines_for_own() -> list[SafeString]:
    """For the writer of a waiting comment who may be at risk."""
    return help_lines.lines()


@register.filter
def state_for_writer(comment: Comment) -> str:
    """Nobody is called a spammer by us."""
    return FOR_ITS_WRITER.get(State(comment.state), comment.get_state_display())


@register.filter
def as_text(html: str) -> str:
    """Stored HTML as plain text for a short quote; the page escapes it again, once."""
    return unescape(strip_tags(html))


@register.filter
def when(comment: Comment) -> SafeString:
    return time_of(comment.created_at)


@register.filter
def appeal_link(comment: Comment) -> str:
    """Where its writer asks for another look; empty where that cannot be; needs `with_refusal()`."""
    decision = next(iter(getattr(comment, "refusals", [])), None)
    if decision is None or not writer_links.can_appeal(comment, decision):
        return ""
    return writer_links.to_appeal(comment, decision)


@register.filter
def why_not_published(comment: Comment) -> str:
    """The sentence for the writer of a declined comment, with the moderator's note; needs `with_refusal()`."""
    for decision in getattr(comment, "refusals", []):
        return reasons.told(decision)
    return ""
