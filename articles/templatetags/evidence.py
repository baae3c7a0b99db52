"""How an article page reaches the words of its evidence card."""

from django import template

from articles import cards
from articles.models import Weighing

register = template.Library()


@register.filter
def card(weighing: Weighing) -> list[cards.Row]:
    return cards.card(weighing)


@register.filter
def wider(weighing: Weighing) -> list[cards.Row]:
    return cards.wider(weighing)
