"""Reading settings: theme, text size, spacing and pictures as a small closed set, kept in one first-party cookie.

The server writes them on <html>, so that nothing flashes and nothing needs a script.
"""

from dataclasses import asdict, dataclass
from typing import Self

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from .guard import no_foreign_forms, safe_next

COOKIE = "reading"
THEMES = {"device": "Same as my device", "light": "Light", "sepia": "Sepia", "dim": "Dim", "dark": "Dark"}
SIZES = {"normal": "Normal", "large": "Large", "larger": "Larger"}
SPACINGS = {"normal": "Normal", "wide": "Wide"}
PICTURES = {"normal": "As they are", "dim": "Dimmed"}
LISTS = (THEMES, SIZES, SPACINGS, PICTURES)  # in the order of the cookie


@dataclass(frozen=True)
class Reading:
    theme: str = "device"
    size: str = "normal"
    spacing: str = "normal"
    pictures: str = "normal"

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        return cls.read(request.COOKIES.get(COOKIE, ""))

    @classmethod
    def read(cls, said: str) -> Self:
        """What the cookie says; anything that is not on the lists counts as not said."""
        parts = said.split(".")
        # Cookies from before pictures could be dimmed have one word less.
        if len(parts) not in {len(LISTS) - 1, len(LISTS)}:
            return cls()
        if any(part not in choices for part, choices in zip(parts, LISTS, strict=False)):
            return cls()
        return cls(*parts)

    @property
    def said(self) -> str:
        """What the cookie has to say for it; empty for the settings that need none."""
        return "" if self == type(self)() else ".".join(asdict(self).values())


class ReadingForm(forms.Form):
    theme = forms.ChoiceField(label="Colours", choices=list(THEMES.items()), widget=forms.RadioSelect)
    size = forms.ChoiceField(label="Text size", choices=list(SIZES.items()), widget=forms.RadioSelect)
    spacing = forms.ChoiceField(
        label="Space between lines", choices=list(SPACINGS.items()), widget=forms.RadioSelect
    )
    pictures = forms.ChoiceField(label="Pictures", choices=list(PICTURES.items()), widget=forms.RadioSelect)


def quick_settings(request: HttpRequest) -> list[dict[str, object]]:
    """The fields of the settings as short lists, for the foot of a page; each with what is chosen now."""
    chosen = asdict(Reading.of(request))
    lists = {
        "theme": ("Colours", THEMES),
        "size": ("Text size", SIZES),
        "spacing": ("Space", SPACINGS),
        "pictures": ("Pictures", PICTURES),
    }
    return [
        {"name": name, "label": label, "choices": list(choices.items()), "chosen": chosen[name]}
        for name, (label, choices) in lists.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms
def settings_page(request: HttpRequest) -> HttpResponse:
    back = safe_next(request)
    if request.method == "POST" and "reset" in request.POST:
        response: HttpResponse = redirect("reading-settings")
        response.delete_cookie(COOKIE)
        return response
    form = ReadingForm(
        request.POST if request.method == "POST" else None, initial=asdict(Reading.of(request))
    )
    if form.is_valid():
        response = HttpResponseRedirect(back or reverse("reading-settings"))
        response.set_cookie(
            COOKIE,
            ".".join(form.cleaned_data[name] for name in form.fields),
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
        return response
    status = 422 if form.is_bound else 200
    return render(request, "fibroblog/reading_settings.html", {"form": form, "back": back}, status=status)
