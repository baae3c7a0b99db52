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
    return _first_of(request, v4=32, v6=64)


def network_of(request: HttpRequest) -> str:
    """A keyed hash of the visitor's network: tells equal from different, no more."""
    return keyed_hash("network", network_address_of(request))


def neighbourhood_of(request: HttpRequest) -> str:
    """The same of the wider network (IPv4 /24, IPv6 /48), through which one sender can come by many addresses."""
    return keyed_hash("neighbourhood", _first_of(request, v4=24, v6=48))


def _first_of(request: HttpRequest, *, v4: int, v6: int) -> str:
    try:
        address = ipaddress.ip_address(address_of(request))
    except ValueError:
        return "0.0.0.0"  # said by nobody; all who say nothing count as one
    if address.version == 6 and address.ipv4_mapped:  # how a server that speaks both writes IPv4
        address = address.ipv4_mapped
    return str(
        ipaddress.ip_network((address, v4 if address.version == 4 else v6), strict=False).network_address
    )


def login_name_of(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The name that somebody tries to sign in with, no longer than the column that it is counted in."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(name).replace("\0", "")[:150]


def keyed_hash(purpose: str, value: str) -> str:
    """64 hex digits that cannot be turned back or compared across purposes without the site's key."""
    return _hash_with(settings.SECRET_KEY, purpose, value)


def keyed_hashes(purpose: str, value: str) -> list[str]:
    """Under the key of today and under former ones that still count, for what must be known again for years."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_hash_with(key, purpose, value) for key in keys]


def _hash_with(key: str, purpose: str, value: str) -> str:
    return hmac.new(key.encode(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


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
