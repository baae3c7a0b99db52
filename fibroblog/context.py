"""What every template may use: the site's name and address, the reader's settings, and help for who may need it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from comments import help_lines

from .paging import page_number
from .reading import Reading, quick_settings


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "canonical": own_address(request),
        "reading": Reading.of(request),
        "quick_settings": quick_settings(request),
        # Looked at once, and only by pages that answer a form.
        "help_lines": SimpleLazyObject(lambda: help_lines.lines_for(request)),
    }


def own_address(request: HttpRequest) -> str:
    """The one address of a page: a further page of a list is one of its own, whatever else was asked for is not."""
    number = page_number(request)
    return f"{settings.SITE_URL}{request.path}" + (f"?page={number}" if number > 1 else "")
