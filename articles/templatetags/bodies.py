"""How a stored body is put on a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FRAME = '<div class="table-scroll" tabindex="0" role="region" aria-label="Table">'


@register.filter
def body(html: str) -> SafeString:
    """A stored body, its tables in frames that scroll by themselves and can be reached by keyboard.

    Only for what `rendering.sanitise` made: there "<table>" has no attributes and stands for nothing else.
    """
    return mark_safe(html.replace("<table>", f"{FRAME}<table>").replace("</table>", "</table></div>"))
