"""What the search is told about comments: the words of the visible ones, not who wrote them."""

from collections.abc import Iterator
from html import unescape

from django.utils.html import strip_tags

from fibroblog.search import index
from fibroblog.search.index import Document
from fibroblog.search.models import Kind

from .models import Comment
from .querysets import CommentQuerySet


def text_of(comment: Comment) -> str:
    """As readers see it, without its markup."""
    return " ".join(unescape(strip_tags(comment.html.replace("<", " <"))).split())


def documents(comments: CommentQuerySet) -> Iterator[Document]:
    for comment in comments.visible().order_by("pk").iterator(chunk_size=index.BATCH):
        yield Document(
            kind=Kind.COMMENT,
            key=comment.pk,
            article=comment.article_id,
            at=comment.created_at,
            title="",
            head="",
            body=text_of(comment),
        )


def update(comment: Comment) -> None:
    """A comment was shown, hidden or changed: the index follows, in the same transaction."""
    if not index.put(documents(Comment.objects.filter(pk=comment.pk))):
        index.drop(Kind.COMMENT, [comment.pk])
