"""Which corrections of a post are still news to its readers."""

from datetime import timedelta

from django import template
from django.utils import timezone

from articles.models import Article, Correction
from fibroblog import limits

register = template.Library()


@register.filter
def news(article: Article) -> list[Correction]:
    """Those of the last days, newest first. When one of them gets old, ArticleQuerySet.next_flip() knows."""
    since = timezone.localdate() - timedelta(days=limits.CORRECTION_NEWS_DAYS)
    return [correction for correction in article.corrections.all() if correction.made_on > since]
