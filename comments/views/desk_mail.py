"""Each moderator's own choice of mail: what they hear, when, and when not."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comments import desk_mail, hours
from comments.models import DeskMail
from fibroblog import policy

from .moderation import for_moderators, moderator_in, page

MOST_HOURS = 6  # a digest more often is none
CLOCK = [("", "–"), *((hour, f"{hour:02}:00") for hour in range(24))]


class DeskMailForm(forms.ModelForm[DeskMail]):
    quiet_from = forms.TypedChoiceField(
        choices=CLOCK, coerce=int, empty_value=None, required=False, label="From"
    )
    quiet_to = forms.TypedChoiceField(
        choices=CLOCK, coerce=int, empty_value=None, required=False, label="Until"
    )

    class Meta:
        model = DeskMail
        fields = ["pace", "hours", "quiet_from", "quiet_to", "with_text", "alarm"]
        labels = {
            "pace": "What waits for a moderator",
            "hours": "Hours of the one mail",
            "with_text": "Put the comments’ words and names into the mail",
            "alarm": "Tell me when a comment waits for too long",
        }
        help_texts = {
            "hours": "Full hours from 0 to 23, like “8, 17”.",
            "with_text": "Mail is read in many places. Without this it says how many wait and why, no more.",
        }
        widgets = {
            "pace": forms.RadioSelect,
            "hours": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        }
        error_messages = {"pace": {"required": "Choose what you want to hear."}}

    def clean_hours(self) -> str:
        """As they are kept: each once, in the order of the day."""
        typed = [part for part in re.split(r"[\s,;]+", self.cleaned_data["hours"]) if part]
        if not all(re.fullmatch(r"\d{1,2}", part, re.ASCII) and int(part) < 24 for part in typed):
            raise forms.ValidationError(
                "Enter full hours from 0 to 23 with commas between them, like “8, 17”."
            )
        chosen = sorted({int(part) for part in typed})
        if len(chosen) > MOST_HOURS:
            raise forms.ValidationError(f"Choose {MOST_HOURS} hours at most.")
        return ", ".join(map(str, chosen))

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if chosen.get("pace") == DeskMail.Pace.DIGEST and "hours" in chosen:
            self._check_digest(chosen["hours"], chosen.get("quiet_from"), chosen.get("quiet_to"))
        return chosen

    def _check_digest(self, typed: str, start: int | None, end: int | None) -> None:
        if not typed:
            self.add_error("hours", "Enter at least one hour for the mail, like “8”.")
        elif start is not None and end is not None and start != end:
            in_quiet = [hour for hour in typed.split(", ") if hours.is_between(int(hour), start, end)]
            if in_quiet:
                self.add_error("hours", f"{in_quiet[0]} lies in your quiet hours. Choose another hour.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def choose(request: HttpRequest) -> HttpResponse:
    moderator = moderator_in(request)
    choice = DeskMail.objects.filter(user=moderator).first() or DeskMail(user=moderator)
    form = DeskMailForm(request.POST if request.method == "POST" else None, instance=choice)
    if form.is_valid():
        desk_mail.choose(form.instance)
        return redirect(reverse("desk-mail") + "?saved=1")
    context = {
        "form": form,
        "now": timezone.localtime(),
        "alarm_hours": policy.current().alarm_hours,
        "email": moderator.email,
        "title": "Mail from the desk",
    }
    return page(request, "admin/comments/desk_mail.html", context, status=422 if form.errors else 200)
