"""How a stored body is put on a page. Only for what `rendering.sanitise` made: its tags are known to the letter."""

import re
from itertools import count
from typing import NamedTuple

from django import template
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FRAME = '<div class="table-scroll" tabindex="0" role="region" aria-label="Table">'
SLIDE = '<p class="slide">If a column is cut off, slide the table sideways.</p>'
FIRST_ROW = re.compile(r"<table>.*?</tr>", re.DOTALL)
WIDE = 4  # columns; fewer fit on a phone
PARAGRAPH = re.compile("<p>")
HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
WORTH_A_LIST = 4  # headings; fewer are seen at a glance


class Heading(NamedTuple):
    anchor: str
    words: SafeString


def numbered(html: str, prefix: str) -> str:
    """Each paragraph with an id, so that somebody can come back to it."""
    numbers = count(1)
    return PARAGRAPH.sub(lambda found: f'<p id="{prefix}-{next(numbers)}">', html)


@register.filter
def body(html: str) -> SafeString:
    """A stored body for a page: headings and paragraphs to jump to, pictures that load when they come near, and
    tables in frames that scroll by themselves and can be reached by keyboard."""
    numbers = count(1)
    html = HEADING.sub(lambda found: f'<h2 id="part-{next(numbers)}">{found[1]}</h2>', html)
    html = numbered(html, "p")
    html = html.replace("<img ", '<img loading="lazy" ')
    html = FIRST_ROW.sub(_framed, html).replace("</table>", "</table></div>")
    return mark_safe(html)


def _framed(first_row: re.Match[str]) -> str:
    columns = len(re.findall("<t[hd][ >]", first_row[0]))
    return f"{SLIDE if columns >= WIDE else ''}{FRAME}{first_row[0]}"


@register.filter
def contents(html: str) -> list[Heading]:
    """The headings of a long body, for a list of contents; none for a short one."""
    found = [
        # Without its tags a heading is still escaped as it was stored.
        Heading(f"part-{number}", mark_safe(strip_tags(words)))
        for number, words in enumerate(HEADING.findall(html), start=1)
    ]
    return found if len(found) >= WORTH_A_LIST else []
