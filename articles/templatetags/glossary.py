"""The texts of a post as a page tells them: with its hard words explained in place."""

from typing import NamedTuple

from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from articles import glossary
from articles.models import Article, GlossaryTerm

from .bodies import body, numbered

register = template.Library()


class Told(NamedTuple):
    short: SafeString
    body: SafeString
    words: list[GlossaryTerm]  # each has to be explained on the page


@register.simple_tag
def told(article: Article) -> Told:
    """A word is marked once in the short version and once in the story: many read only one of them."""
    entries = glossary.entries()
    short, in_short = glossary.explain(linebreaks(article.short_version, autoescape=True), entries)
    story, in_story = glossary.explain(article.body, entries)
    words = {term.pk: term for term in (*in_short, *in_story)}
    return Told(
        mark_safe(numbered(short, "s")),
        body(story),
        sorted(words.values(), key=lambda term: term.word.lower()),
    )
