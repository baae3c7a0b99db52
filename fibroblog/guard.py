"""Forms on pages that are the same for everybody: no token per visitor, but no other site may send them.

Such a page can be stored once and served to all, so it cannot carry a one-use token. Instead the browser's own
word about the sender counts (Sec-Fetch-Site, else Origin), and a form may carry a constant signature of its page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

from .visit import is_foreign

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def safe_next(request: HttpRequest) -> str:
    """Where to go on, as the request says, if that is an address on this site; else nothing."""
    target = request.POST.get("next") or request.GET.get("next", "")
    own = target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()})
    return target if own else ""


def no_foreign_forms(view: View[P]) -> View[P]:
    """Refuse POSTs that another site's page sent; takes the place of Django's token on this view."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and is_foreign(request):
            raise PermissionDenied("This form was sent from another website.")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)
