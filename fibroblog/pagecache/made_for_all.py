"""How a view knows that it makes a page for everybody, under which stamps and until when.

Such a request is built by the layer from a page's key alone; no visitor can send one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

OCCASION = "fibroblog.pagecache.occasion"  # no header's name: those begin with HTTP_


@dataclass
class Occasion:
    versions: Mapping[str, int]  # of the page's stamps, as read before it is made
    until: float  # seconds since the epoch when a clock next changes it


def occasion_of(request: HttpRequest) -> Occasion | None:
    found = request.META.get(OCCASION)
    return found if isinstance(found, Occasion) else None


def turns(request: HttpRequest, at: datetime | None) -> None:
    """Say of the page that is made now that it looks different from ``at`` on, though nobody touches it."""
    occasion = occasion_of(request)
    if occasion is not None and at is not None and at > timezone.now():
        occasion.until = min(occasion.until, at.timestamp())
