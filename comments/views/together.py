"""Moderating together, on the card: who looks at it, handing it over, notes, a second opinion."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from comments import claims, remarks
from comments.models import Comment, Remark
from comments.moderators import moderators

from .desk import asked
from .moderation import act, comment_or_404, for_moderators, moderator_in

KINDS = {"note": Remark.Kind.NOTE, "ask": Remark.Kind.QUESTION, "answer": Remark.Kind.OPINION}


class TogetherForm(forms.Form):
    text = forms.CharField(
        required=False,
        max_length=1000,
        label="A note for the other moderators",
        help_text="No visitor reads it. It goes when the comment’s words go.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    to = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        to_field_name="username",
        label="Hand it over to",
        empty_label="Choose somebody",
        error_messages={"invalid_choice": "Choose a moderator from the list."},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = moderators().exclude(pk=by.pk).order_by("username")
        cast("forms.ModelChoiceField[User]", self.fields["to"]).queryset = others


@for_moderators
def together(request: HttpRequest, public_id: str) -> HttpResponse:
    comment, by = comment_or_404(public_id), moderator_in(request)
    form = TogetherForm(
        request.POST if request.method == "POST" else None, by=by, auto_id=f"{public_id}-with-%s"
    )
    if form.is_valid():
        try:
            _carry_out(comment, request.POST.get("do", ""), form.cleaned_data, by=by)
        except (claims.ClaimRefused, remarks.RemarkRefused) as refused:
            form.add_error(None, str(refused))
        else:
            return act(request, public_id, lambda _: None)
    context = {"form": form, "title": "Together"}
    return asked(request, "together", comment, context, status=422 if form.errors else 200)


def _carry_out(comment: Comment, do: str, answers: dict[str, Any], *, by: User) -> None:
    if do == "claim":
        claims.claim(comment, by=by)
    elif do == "release":
        claims.release(comment, by=by)
    elif do == "hand":
        if answers["to"] is None:
            raise claims.ClaimRefused("Choose whom you hand it over to.")
        claims.hand_over(comment, to=answers["to"], by=by)
    else:
        remarks.add(comment, answers["text"], kind=KINDS.get(do, Remark.Kind.NOTE), by=by)
