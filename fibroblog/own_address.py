"""Feeds and the sitemap name the site as SITE_URL says, whatever host a request asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def with_own_address(view: Callable[..., Any]) -> Callable[..., Any]:
    """Django's feeds and sitemaps take host and scheme from the request; here the request tells them ours."""
    address = urlsplit(settings.SITE_URL)

    @wraps(view)
    def named(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        request.__dict__["get_host"] = lambda: address.netloc
        request.__dict__["is_secure"] = lambda: address.scheme == "https"
        return view(request, *args, **kwargs)

    return named
