"""Addresses that posts, authors, series and topics had before: kept when one is renamed, given up when it is used anew."""

from .models import Article, Author, FormerSlug, Series, Tag

Renamed = Article | Author | Series | Tag


def remember(before: Renamed, now: Renamed) -> None:
    """Keep the old address where it changed. Who left an address last is whom its readers look for."""
    if before.slug != now.slug:
        lead(before.slug, to=now)


def lead(slug: str, *, to: Renamed) -> None:
    kind = _kind(to)
    FormerSlug.objects.filter(slug=slug, **{f"{kind}__isnull": False}).delete()
    FormerSlug.objects.create(slug=slug, **{kind: to})


def free(taken_by: Renamed) -> None:
    """An address in use leads to what has it now."""
    FormerSlug.objects.filter(slug=taken_by.slug, **{f"{_kind(taken_by)}__isnull": False}).delete()


def _kind(thing: Renamed) -> str:
    """The name of the foreign key; a field of the model itself, never something typed."""
    return str(thing._meta.model_name)
