"""What machines are told of the comments on a page: the visible ones, as `Comment`s of the post that the page shows."""

from html import unescape
from typing import Any

from django import template
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from articles import facts
from articles.models import Article
from comments import counting
from comments.discussion import Leaf, Shown
from comments.states import State
from fibroblog import linked

register = template.Library()

# The words stand on the page twice then; with fifty it would be a third of what the page may weigh (decision 0022).
MOST = 20


@register.simple_tag
def facts_of_comments(article: Article, leaf: Leaf) -> SafeString:
    """Says more of the post that `articles.facts` names; asks no database, since the rows are at hand."""
    base = facts.address(article.get_absolute_url())
    shown = [node.row for node in leaf.nodes if node.row.state == State.APPROVED][:MOST]
    ids = {comment.pk: id_of(comment, base) for comment in shown}
    return linked.block(
        {
            "@type": "BlogPosting",
            "@id": facts.id_of(article),
            # Of very long discussions the number is not known.
            **({"commentCount": leaf.visible} if leaf.visible <= counting.COMMENTS_AT_MOST else {}),
            "comment": [of_comment(comment, ids) for comment in shown],
        }
    )


def id_of(comment: Shown, base: str) -> str:
    return f"{base}comments/{comment.public_id}/"


def of_comment(comment: Shown, ids: dict[int, str]) -> dict[str, Any]:
    """``ids``: address by primary key of the comments on the page."""
    told = {
        "@type": "Comment",
        "@id": ids[comment.pk],
        "url": ids[comment.pk],
        "author": {"@type": "Person", "name": comment.name},
        "datePublished": comment.created_at.isoformat(timespec="seconds"),
        "text": unescape(strip_tags(comment.html)).strip(),
    }
    if parent := ids.get(comment.parent_id or 0):
        told["parentItem"] = {"@id": parent}
    return told
