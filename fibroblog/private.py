"""Whatever is answered to somebody with a cookie of ours is for them alone: no cache may keep it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

OWNERSHIP_COOKIE = "own"
PRIVATE_COOKIES = (OWNERSHIP_COOKIE, settings.SESSION_COOKIE_NAME)
PRIVATE = "private, no-store"


class PrivateResponses:
    """Pages for everybody may be kept but must be asked about each time: an approval shows at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD"} or response.cookies or self.is_private(request):
            response["Cache-Control"] = PRIVATE
        elif not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-cache"
        return response

    @staticmethod
    def is_private(request: HttpRequest) -> bool:
        """Files never differ by visitor, so they stay cacheable for everybody."""
        if request.path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
            return False
        return any(name in request.COOKIES for name in PRIVATE_COOKIES)
