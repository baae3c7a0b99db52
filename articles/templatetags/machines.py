"""What the head of a page tells machines: where it belongs, how it is called when shared, and what it is."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from articles import facts, share_cards
from articles.models import Article
from articles.share_drawing import SIZE
from fibroblog import linked

register = template.Library()


@register.inclusion_tag("_shared.html", takes_context=True)
def when_shared(
    context: Context, title: str, description: str = "", article: Article | None = None
) -> dict[str, Any]:
    """Canonical address, description, and the card that others show for a link to this page."""
    return {
        "title": title,
        "description": description,
        "article": article,
        "address": facts.address(article.get_absolute_url()) if article else context["canonical"],
        "card": share_cards.of(article),
        "size": SIZE,
        "SITE_NAME": context["SITE_NAME"],
    }


@register.simple_tag
def facts_of_article(article: Article) -> SafeString:
    return linked.block(facts.of_article(article))


@register.simple_tag
def facts_of_site() -> SafeString:
    return linked.block(facts.of_site())
