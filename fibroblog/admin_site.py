"""The admin under our name, with the second step of signing in and a front page that shows what waits."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from . import twostep


class FibroblogAdmin(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = "Welcome"
    enable_nav_sidebar = False
    final_catch_all_view = True

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def with_second_step(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if twostep.must_verify(request) and request.path != reverse("admin:logout"):
                return redirect(f"{reverse('two-step')}?{urlencode({'next': request.get_full_path()})}")
            return inner(request, *args, **kwargs)

        return with_second_step
