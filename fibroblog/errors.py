"""Error pages: plain words, what to do next, and the text that somebody had typed."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from .typed import OURS, SECRETS, typed_text
from .visit import is_foreign


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    context = {"why": str(exception), "typed": typed_text(request)}
    return render(request, "403.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    from articles.models import Article

    latest = Article.objects.visible().newest()[:5]
    return render(request, "404.html", {"latest": latest, "typed": typed_text(request)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """No database, no context: whatever broke may be what those need."""
    return HttpResponse(loader.get_template("500.html").render({}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long: the text again, with a new token, in a form that sends it on."""
    typed = typed_text(request)
    # A form that another site sent, or one with a password in it, is not made ready to be sent again.
    names = set(request.POST) - {"csrfmiddlewaretoken"} if typed else set()
    secret = any(part in name for name in names for part in SECRETS)
    again = bool(typed) and not secret and not is_foreign(request)
    hidden = {name: request.POST[name] for name in OURS & names}
    context = {"expired": True, "typed": typed, "again": again, "hidden": hidden, "send_again": request.path}
    return render(request, "403.html", context, status=403)


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    return render(request, "429.html", {"signing_in": True}, status=429)
