"""A thread as HTML, in one pass: with a template for each comment, drawing them was most of what a long page cost.

Every word of a visitor goes through `escape`, except the comment's own HTML, which was judged before it was stored
(`comments.rendering`). Only what its writer alone sees has a template (`comments/_own.html`).
"""

from calendar import month_name
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from articles.models import Article

from . import presses
from .counting import REPLIES_AT_MOST
from .discussion import OWN, Shown
from .models import Comment
from .states import State
from .threads import Node

TOMBSTONES = {
    State.WITHDRAWN: "This comment was withdrawn by its writer.",
    State.PENDING: "This comment is waiting for a moderator again.",
    State.RETURNED: "This comment is waiting for its writer.",
}


@dataclass(frozen=True)
class Circumstances:
    """What all comments of a page have in common."""

    article: Article
    is_open: bool
    presses: bool = False  # whether there are buttons to press; they belong to a form id="with-you"
    owner: str = ""  # the hash of the reader's key
    editable: frozenset[int] = frozenset()  # ids of the reader's own comments that they may still change
    sent: Comment | None = None  # what the reader sent just now
    code: str = ""  # of that one
    thanks_at: int | None = None  # the pk in which a published one is thanked for

    @property
    def base(self) -> str:
        return self.article.get_absolute_url()


def thread(nodes: Iterable[Node[Shown]], at: Circumstances) -> SafeString:
    """Nested lists of comments; ``nodes`` in reading order."""
    base, parts = at.base, ['<ul class="thread">']
    for node in nodes:
        parts.append(_item(node, at, base))
        if node.replies:
            to = f" to {escape(node.row.name)}" if is_visible(node.row) else ""
            words = counted(node.replies, "reply", "replies")
            parts.append(f'<details open class="replies"><summary>{words}{to}</summary><ul>')
        else:
            parts.append(_more(node, base, "Show {}") + "</li>")
        parts += [f"</ul></details>{_more(closed, base, 'Show {} more')}</li>" for closed in node.closes]
    return SafeString("\n".join([*parts, "</ul>"]))


def is_visible(comment: Shown | None) -> bool:
    return comment is not None and comment.state == State.APPROVED


def is_own(comment: Shown, owner: str) -> bool:
    """Whether its writer is looking at something of theirs that others do not see."""
    return bool(owner) and comment.owner == owner and comment.state in OWN


def tombstone(comment: Shown) -> str:
    return TOMBSTONES.get(State(comment.state), "This comment was removed by a moderator.")


def time_of(moment: datetime) -> SafeString:
    at = timezone.localtime(moment)
    words = f"{at.day} {month_name[at.month]} {at.year}, {at.hour:02}:{at.minute:02}"
    return SafeString(f'<time datetime="{at.isoformat(timespec="seconds")}">{words}</time>')


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _item(node: Node[Shown], at: Circumstances, base: str) -> str:
    comment = node.row
    classes, inner = "comment", ""
    if comment.badge:
        classes += " by-staff"
    if is_visible(comment):
        inner = _thanks(comment, at, base) + _header(node, base) + _words(node, at, base)
    else:
        classes += " not-public"
        own = is_own(comment, at.owner)
        inner = _own(node, at) if own else f'<p class="tombstone">{tombstone(comment)}</p>'
    return f'<li>\n<article class="{classes}" id="comment-{comment.public_id}" tabindex="-1">\n{inner}\n</article>'


def _header(node: Node[Shown], base: str) -> str:
    comment, name, parent = node.row, escape(node.row.name), node.parent
    badge = (
        f' <span class="badge">{escape(Comment.Badge(comment.badge).label)}</span>' if comment.badge else ""
    )
    edited = " <span>edited</span>" if comment.edited_at else ""
    replying = ""
    if parent is not None:
        whom = escape(parent.name) if is_visible(parent) else "a comment that is gone"
        link = f"{base}comments/{parent.public_id}/" if node.elsewhere else f"#comment-{parent.public_id}"
        replying = f' <span class="replying">replying to <a href="{link}">{whom}</a></span>'
    return (
        f"<header>\n<h3>{name}{badge}{replying}</h3>\n"
        f'<p class="meta"><a href="{base}comments/{comment.public_id}/">{time_of(comment.created_at)}'
        f'<span class="visually-hidden">, link to the comment by {name}</span></a>{edited}</p>\n</header>'
    )


def _words(node: Node[Shown], at: Circumstances, base: str) -> str:
    comment, name, actions = node.row, escape(node.row.name), []
    if node.locked:
        actions.append('<span class="locked">A moderator closed this part to new replies.</span>')
    elif at.is_open:
        actions.append(f'<a href="{base}?reply={comment.public_id}#comment-form">Reply to {name}</a>')
    if at.presses:
        actions.append(
            f'<button type="submit" form="with-you" name="comment" value="{comment.public_id}">With you'
            f'<span class="visually-hidden">, {name}</span></button>'
            f" <span>{_are_with_you(comment.with_you)}</span>"
        )
    actions.append(
        f'<a rel="nofollow" href="{base}comments/{comment.public_id}/report/">Report'
        f'<span class="visually-hidden"> the comment by {name}</span></a>'
    )
    if at.owner and comment.owner == at.owner:
        actions += _for_its_writer(comment, at)
    return f'\n<div class="words">{comment.html}</div>\n<div class="actions">{" ".join(actions)}</div>'


def _are_with_you(count: int) -> str:
    return f"{count} are with you" if presses.shown(count) else ""


def _for_its_writer(comment: Shown, at: Circumstances) -> list[str]:
    links = [("withdraw-comment", "Withdraw")]
    if comment.pk in at.editable:
        links.insert(0, ("edit-comment", "Edit"))
    if comment.name != "Anonymous":
        links.append(("anonymise-comment", "Take my name off"))
    where = [at.article.slug, comment.public_id]
    return [f'<a href="{reverse(name, args=where)}">{words}</a>' for name, words in links]


def _thanks(comment: Shown, at: Circumstances, base: str) -> str:
    if at.sent is None or comment.pk != at.thanks_at:
        return ""
    see = f' <a href="{base}comments/{at.sent.public_id}/">See it</a>' if comment.pk != at.sent.pk else ""
    return (
        f'<div class="status" role="status" data-sent="{at.sent.public_id}">'
        f"<p><strong>Thank you. Your comment is published.</strong>{see}</p>"
        f"<p>To withdraw it later from any device, keep this code: <code>{escape(at.code)}</code></p></div>\n"
    )


def _own(node: Node[Shown], at: Circumstances) -> str:
    context = {"node": node, "comment": node.row, "article": at.article, "editable": at.editable}
    return render_to_string("comments/_own.html", {**context, "sent": at.sent, "code": at.code})


def _more(node: Node[Shown], base: str, words: str) -> str:
    if not node.more:
        return ""
    to = f" to {escape(node.row.name)}" if is_visible(node.row) else ""
    many = f"more than {REPLIES_AT_MOST:,}" if node.more > REPLIES_AT_MOST else f"{node.more:,}"
    said = words.format(many) + (" reply" if node.more == 1 else " replies")
    return f'<p class="more"><a href="{base}comments/{node.row.public_id}/">{said}{to}</a></p>'
