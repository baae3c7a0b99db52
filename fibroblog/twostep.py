"""The second step of signing in for staff: a code from an app (TOTP), or a recovery code.

Who has set it up must use it; with STAFF_SECOND_FACTOR everybody on the staff must set it up.
"""

import io

import qrcode
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp import login, match_token, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from qrcode.image.svg import SvgPathImage

from .guard import safe_next

RECOVERY_CODES = 10


class CodeForm(forms.Form):
    token = forms.CharField(
        label="Code",
        max_length=16,
        error_messages={"required": "Enter the code that your app shows."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.user = user

    def clean_token(self) -> str:
        token = str(self.cleaned_data["token"]).replace(" ", "").lower()
        self.device = match_token(self.user, token)
        if self.device is None:
            raise ValidationError(
                "That code is not right, or it was used before. Wait for the next one and try again."
            )
        return token


def must_verify(request: HttpRequest) -> bool:
    """Whether this signed-in person still has to pass (or set up) the second step."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff or user.is_verified():  # type: ignore[attr-defined]
        return False
    return is_asked_of(user)


def is_asked_of(user: User) -> bool:
    """Whether this member of the staff needs the second step to sign in."""
    return bool(settings.STAFF_SECOND_FACTOR or user_has_device(user))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        return redirect_to_login(request.get_full_path())
    if not user_has_device(user):
        return redirect("two-step-set-up")
    form = CodeForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        login(request, form.device)
        return HttpResponseRedirect(safe_next(request) or reverse("admin:index"))
    return _page(request, "admin/two_step.html", {"form": form, "title": "Enter your code"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the picture to scan, take the first code, then show the recovery codes once."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        return redirect_to_login(request.get_full_path())
    if user_has_device(user):
        return redirect("two-step")
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})
    error = ""
    if request.method == "POST":
        codes = confirm(device, request.POST.get("token", "").replace(" ", ""))
        if codes:
            login(request, device)
            return _page(request, "admin/two_step_codes.html", {"codes": codes, "title": "Keep these codes"})
        error = "That code is not right. Look at your app again: the code changes every 30 seconds."
    context = {"picture": picture_of(device.config_url), "secret": secret_of(device), "error": error}
    return _page(request, "admin/two_step_set_up.html", {**context, "title": "Set up a second step"})


@transaction.atomic
def confirm(device: TOTPDevice, token: str) -> list[str]:
    """Accept the app when its first code is right; returns the recovery codes, or nothing."""
    if not device.verify_token(token):
        return []
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    spare = StaticDevice.objects.create(user=device.user, name="recovery codes", confirmed=True)
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=spare, token=code) for code in codes)
    return codes


@transaction.atomic
def take_away(user: User) -> None:
    """Forget somebody's app and recovery codes, when the phone is lost."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def picture_of(address: str) -> SafeString:
    """The QR code as inline SVG, drawn here: nothing of the secret leaves the site."""
    out = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, box_size=12).save(out)
    svg = out.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])  # made by the library from a secret of ours, no one's input


def secret_of(device: TOTPDevice) -> str:
    """The secret for typing by hand, in groups of four."""
    from base64 import b32encode

    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context})
