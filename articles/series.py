"""Everything that changes a series and its parts. A change reaches all of its posts: each shows its number."""

from collections.abc import Iterable

from django.db import transaction

from fibroblog import pages
from fibroblog.safety import make_plain

from .former_slugs import free, remember
from .models import Part, Series


@transaction.atomic
def save_series(series: Series, *, parts: Iterable[Part] = (), gone: Iterable[Part] = ()) -> Series:
    """Store a series with the parts that are new or changed, and without those that are ``gone``.

    One verb for all of it, so that the stamps of its posts move together and in one order.
    """
    before = Series.objects.filter(pk=series.pk).first()
    posts = set(_posts_of(series)) if before else set()
    make_plain(series, "title", "description")
    series.save()
    if before:
        remember(before, series)
    free(series)
    for part in gone:
        part.delete()
    for part in parts:
        part.series = series
        part.save()
    pages.changed(articles=posts | set(_posts_of(series)), site=True)
    return series


@transaction.atomic
def delete_series(several: Iterable[Series]) -> None:
    posts: set[int] = set()
    for series in several:
        posts.update(_posts_of(series))
        series.delete()
    pages.changed(articles=posts, site=True)


def _posts_of(series: Series) -> list[int]:
    return list(series.parts.values_list("article_id", flat=True))
