"""Turns away requests that no browser makes, before anything reads them: they would only end as faults of ours."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NUL = ("\0", "%00", "\\000")  # as such, in an address, and as cookies write it


class SoundRequests:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_too_large(request):
            return render(request, "413.html", status=413)
        if not self.is_sound(request):
            return render(request, "400.html", status=400)
        return self.get_response(request)

    @staticmethod
    def is_too_large(request: HttpRequest) -> bool:
        """Files are for the admin; whatever else is larger than a form may be is not read at all."""
        if request.path.startswith("/admin/"):
            return False
        length = request.META.get("CONTENT_LENGTH") or "0"
        return not length.isdecimal() or int(length[:12]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    @staticmethod
    def is_sound(request: HttpRequest) -> bool:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        said = (request.path, request.META.get("QUERY_STRING", ""), request.META.get("HTTP_COOKIE", ""))
        return charset in {"utf-8", "utf8"} and not any(nul in text for nul in NUL for text in said)
