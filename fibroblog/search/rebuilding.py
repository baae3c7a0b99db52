"""The whole index anew, from what is in the database. The verbs keep it up to date by themselves."""

from django.db import transaction

from articles import documents as of_posts
from articles.models import Article
from comments import documents as of_comments
from comments.models import Comment

from . import index
from .models import IndexedDocument


@transaction.atomic
def rebuild() -> dict[str, int]:
    """How many posts and comments can be found now."""
    index.empty()
    return {
        "Posts": index.put(of_posts.documents(Article.objects.all())),
        "Comments": index.put(of_comments.documents(Comment.objects.all())),
    }


def is_needed() -> bool:
    """A blog from before there was an index."""
    return not IndexedDocument.objects.exists() and Article.objects.visible().exists()
