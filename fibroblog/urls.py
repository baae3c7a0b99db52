"""Every address of the site. tests/test_access.py holds a table of who may go where: a new line here needs one there."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

from articles.sitemaps import SITEMAPS, site_map
from fibroblog import contact, errors, health, media, reading, security, staff, twostep
from fibroblog.search.views import search

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error

admin_urls: list[URLPattern | URLResolver] = [
    path("two-step/", twostep.enter_code, name="two-step"),
    path("two-step/set-up/", twostep.set_up, name="two-step-set-up"),
    path("password/forgotten/", staff.ForgottenPassword.as_view(), name="admin_password_reset"),
    path("password/sent/", auth_views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "password/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("password/done/", auth_views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("comments/", include("comments.urls_moderation")),
    path("", admin.site.urls),
]

urlpatterns = [
    path("admin/", include(admin_urls)),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("reading-settings/", reading.settings_page, name="reading-settings"),
    path("search/", search, name="search"),
    path("contact/", contact.contact_page, name="contact"),
    path("sitemap.xml", site_map, {"sitemaps": SITEMAPS}, name="sitemap"),
    path(
        "robots.txt",
        TemplateView.as_view(template_name="fibroblog/robots.txt", content_type="text/plain"),
        name="robots",
    ),
    path(".well-known/security.txt", security.security_txt, name="security-txt"),
    path("media/<path:path>", media.media, name="media"),
    path("", include("comments.urls")),
    path("", include("articles.urls")),
]
