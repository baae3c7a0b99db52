"""The only way to the HTML that a comment stores: a small Markdown subset, with HTML switched off.

People type plain text and it just works: a line break is a line break, an address becomes a link.
"""

from functools import lru_cache

from django.core.exceptions import ValidationError
from markdown_it import MarkdownIt

from fibroblog import limits, safety

_markdown = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 12}).enable(
    [
        "emphasis",
        "link",
        "autolink",
        "list",
        "blockquote",
        "code",
        "fence",
        "backticks",
        "escape",
        "newline",
    ]
)


def render(text: str) -> str:
    """Safe HTML for a comment's text.

    Raises ValidationError when the text is empty, too long, or holds what cannot be stored.
    """
    if len(text) > limits.COMMENT_MAX_LENGTH:
        raise ValidationError(
            f"Your comment has {len(text):,} characters; the most is {limits.COMMENT_MAX_LENGTH:,}. "
            "Please shorten it, or send it in two parts.",
            code="too_long",
        )
    return render_kept(text)


@lru_cache(2)  # the form looks at a text, then it is stored: no need to judge it twice
def render_kept(text: str) -> str:
    """The same of a text that was taken in before: what moderators cover makes it longer, and that must not hinder them."""
    text = safety.plain(text)
    if not safety.INVISIBLE.sub("", text).strip():
        raise ValidationError("Write your comment.", code="empty")
    return safety.COMMENT.clean(_markdown.render(text)).strip()
