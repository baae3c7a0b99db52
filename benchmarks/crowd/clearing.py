"""Takes the crowd away again, post by post, each in a transaction: broken off, it goes on where it stopped.

What somebody else wrote below a post of the crowd goes with it. The moderation log keeps its entries, without names or
texts, as it does of everything: the database lets nobody delete them.
"""

from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.db.models.deletion import CASCADE, SET_NULL

from articles import publishing
from articles.models import Article, Author, Tag
from benchmarks.crowd import filling
from benchmarks.crowd.bulk import roomy_sqlite
from comments.models import Comment


def clear(*, tell: Callable[[int], None] = lambda gone: None) -> int:
    """Remove the crowd; ``tell`` hears how many comments are gone so far, which are returned in the end."""
    gone = 0
    tell(gone)
    with roomy_sqlite():
        for post in filling.posts().order_by("pk"):
            gone += _clear_post(post)
            tell(gone)
        with transaction.atomic():
            filling.people().delete()
            publishing.delete_tags(Tag.objects.filter(slug__regex=r"^crowd-[0-9]+$", articles=None))
            publishing.delete_authors(Author.objects.filter(slug="crowd", articles=None))
    return gone


@transaction.atomic
def _clear_post(post: Article) -> int:
    said = Comment.objects.filter(article=post)
    count = said.count()
    _erase(said)
    key = post.pk
    publishing.delete_articles([post])
    Article.history.filter(id=key).delete()  # to delete is an entry, too
    return count


def _erase(rows: models.QuerySet[Any]) -> None:
    """As ``rows.delete()``, which would first read a hundred thousand comments and all that points to them."""
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model is rows.model:
            continue  # replies go in the same breath
        pointing = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows})
        if relation.on_delete is CASCADE:
            _erase(pointing)
        elif relation.on_delete is SET_NULL:
            pointing.update(**{relation.field.name: None})
    rows._raw_delete(rows.db)
