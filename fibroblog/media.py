"""Serves uploaded pictures where no web server in front does it. A name is never used for a second picture."""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest
from django.utils._os import safe_join
from django.views.decorators.http import require_safe

KINDS = {"image/png", "image/jpeg", "image/webp", "image/avif", "image/gif", "image/svg+xml"}
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
    except (SuspiciousFileOperation, ValueError):
        raise Http404 from None
    kind = mimetypes.guess_type(file.name)[0]
    if kind not in KINDS:
        raise Http404
    try:
        response = FileResponse(file.open("rb"), content_type=kind)
    except OSError:  # not there, a folder, or a name longer than names can be
        raise Http404 from None
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    # A picture opened by itself runs nothing and loads nothing, whatever is in it.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
