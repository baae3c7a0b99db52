"""What is shown to somebody who may be at risk: on the very next page they see, whatever became of their form.

Nothing of it is kept in an address or a cookie: the page answers what was sent with it.
"""

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fibroblog import policy, safety
from fibroblog.typed import typed_text

from .screening import crisis

DEFAULT = """\
Find a help line where you live, in your language: https://findahelpline.com/
"""


def lines() -> list[SafeString]:
    """The lines as the people who run the blog wrote them, plain text with links."""
    text = policy.current().help_lines.strip() or DEFAULT
    return [_with_links(line.strip()) for line in text.splitlines() if line.strip()]


def lines_for(request: HttpRequest) -> list[SafeString]:
    """The lines, if somebody who may be at risk sent this very form; else none. Costs nothing on a GET."""
    if request.method != "POST" or request.path.startswith("/admin/"):
        return []
    typed = typed_text(request)
    return lines() if typed and crisis.is_in(*typed.values()) else []


def _with_links(line: str) -> SafeString:
    parts = []
    end = 0
    for found in safety.WRITTEN_OUT.finditer(line):
        address = safety.safe_link(found[0])
        parts.append(format_html("{}", line[end : found.start()]))
        linked = '<a href="{}">{}</a>' if address else "{1}"
        parts.append(format_html(linked, address, found[0]))
        end = found.end()
    return format_html("{}" * (len(parts) + 1), *parts, line[end:])
