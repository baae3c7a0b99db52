"""The numbers of presses in plain words, or nothing while they are small."""

from django import template

from comments.presses import shown

register = template.Library()


@register.filter
def are_with_you(count: int) -> str:
    return f"{count} are with you" if shown(count) else ""


@register.filter
def were_helped(count: int) -> str:
    return f"{count} readers say that this helped." if shown(count) else ""
