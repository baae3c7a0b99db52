"""Words that belong to what a template has at hand."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince

register = template.Library()


@register.filter
def sentence(sentences: dict[str, str], reason: str) -> str:
    """The sentence that belongs to a reason."""
    return sentences.get(reason, "")


@register.filter
def since(moment: datetime) -> str:
    """How long ago: Django's words, but for "0 minutes"."""
    if timezone.now() - moment < timedelta(minutes=1):
        return "less than a minute"
    return timesince(moment)
