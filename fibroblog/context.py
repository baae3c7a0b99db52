"""What every template may use: the site's name and address, and the reader's settings."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .reading import Reading, quick_settings


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "canonical": settings.SITE_URL + request.path,
        "reading": Reading.of(request),
        "quick_settings": quick_settings(request),
    }
