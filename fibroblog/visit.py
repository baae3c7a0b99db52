"""What a request tells about where it comes from. Views ask here; no other module reads these headers."""

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from . import limits


def address_of(request: HttpRequest) -> str:
    """The visitor's network address; forwarded ones only as far as our own proxies wrote them."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    if not limits.TRUSTED_PROXIES:
        return remote
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return hops[-limits.TRUSTED_PROXIES] if len(hops) >= limits.TRUSTED_PROXIES else remote


def network_address_of(request: HttpRequest) -> str:
    """The address, for IPv6 the first of its /64: one household has so many that one of them says nothing."""
    try:
        address = ipaddress.ip_address(address_of(request))
    except ValueError:
        return "0.0.0.0"  # said by nobody; all who say nothing count as one
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def network_of(request: HttpRequest) -> str:
    """A keyed hash of the visitor's network: tells equal from different, no more."""
    return keyed_hash("network", network_address_of(request))


def login_name_of(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The name that somebody tries to sign in with, no longer than the column that it is counted in."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(name).replace("\0", "")[:150]


def keyed_hash(purpose: str, value: str) -> str:
    """64 hex digits that cannot be turned back or compared across purposes without the site's key."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def is_foreign(request: HttpRequest) -> bool:
    """Whether the browser says that another site sent this form."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site:
        return fetch_site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    try:
        return bool(origin) and urlsplit(str(origin)).netloc != request.get_host()
    except ValueError:  # no browser writes an address that cannot be read
        return True


def says_nothing_of_origin(request: HttpRequest) -> bool:
    return not request.headers.get("Sec-Fetch-Site") and not request.headers.get("Origin")
