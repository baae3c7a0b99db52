"""The sentence that belongs to a reason."""

from django import template

register = template.Library()


@register.filter
def sentence(sentences: dict[str, str], reason: str) -> str:
    return sentences.get(reason, "")
