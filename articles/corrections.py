"""Everything that changes the dated notes on a post, and so moves the post's date and stamps."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from fibroblog import pages
from fibroblog.safety import make_plain

from .models import Article, Correction


@transaction.atomic
def save_correction(correction: Correction) -> Correction:
    make_plain(correction, "text")
    correction.save()
    _moved([correction.article_id])
    return correction


@transaction.atomic
def delete_corrections(corrections: Iterable[Correction]) -> None:
    posts = []
    for correction in corrections:
        posts.append(correction.article_id)
        correction.delete()
    _moved(posts)


def _moved(posts: list[int]) -> None:
    # Feeds and search engines look at the post's date: a correction is news of it. Who has not seen the post yet
    # needs no such news.
    Article.objects.visible().filter(pk__in=posts).update(updated_at=timezone.now())
    pages.changed(articles=posts, site=True)
