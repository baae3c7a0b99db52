"""How soon comments are usually decided on, for the places where one is written."""

from django import template

from comments import answer_time as answer_times

register = template.Library()


@register.simple_tag
def answer_time() -> str:
    return answer_times.promise()
