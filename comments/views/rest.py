"""Rest for the moderators: nobody comments anywhere until a day, and readers are told why in one's own words."""

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fibroblog import policy
from fibroblog.last_day import LastDayField

from .moderation import for_moderators, moderator_in, page


class PauseForm(forms.Form):
    until = LastDayField(
        label="Last day of the pause", error_messages={"required": "Choose the last day of the pause."}
    )
    sentence = forms.CharField(
        max_length=300,
        label="What readers are told",
        help_text="Like “We are on holiday and look forward to hearing from you.” The day is added for you.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write a sentence for the readers."},
    )

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError("Choose a day that is still to come.")
        return until


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def pause(request: HttpRequest) -> HttpResponse:
    by = moderator_in(request)
    if request.POST.get("do") == "resume":
        policy.resume(by=by)
        return redirect("pause")
    form = PauseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        policy.pause(**form.cleaned_data, by=by)
        return redirect("pause")
    context = {"form": form, "policy": policy.current(), "title": "Pause all comments"}
    return page(request, "admin/comments/pause.html", context, status=422 if form.errors else 200)
