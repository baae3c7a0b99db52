"""The comment form: input rules and the words of its errors. It saves nothing."""

from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from fibroblog import limits, safety
from fibroblog.addresses import AddressField

from .models import Comment, Commenter
from .refusals import PARENT_GONE
from .rendering import render

QUIET_AT_MOST = timedelta(days=731)

_signer = Signer(salt="comments.form")


def signature_of(article: Article) -> str:
    """The same for every visitor, so that the page can be the same for every visitor."""
    return _signer.signature(str(article.pk))


def _nudged(typed: Any) -> QueryDict:
    again = QueryDict(mutable=True)
    again.update(typed)
    again["nudged"] = "1"
    return again


class BodyField(forms.CharField):
    """A comment's text, checked by the very function that renders it."""

    widget = forms.Textarea(attrs={"rows": 6})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        render(text)
        return safety.plain(text)


class CommentForm(forms.Form):
    name = forms.CharField(
        label="Your name or nickname",
        help_text="Shown with your comment.",
        max_length=limits.NAME_MAX_LENGTH,
        error_messages={
            "required": "Enter your name or a nickname.",
            "max_length": "Use a name of at most %(limit_value)d characters; this one has %(show_value)d.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    email = AddressField(
        label="Email (optional)",
        help_text="Never shown; only used to tell you the decision and of replies.",
        required=False,
        error_messages={"invalid": "Enter an email address like name@example.org, or leave it empty."},
    )
    body = BodyField(
        label="Your comment",
        error_messages={"required": "Write your comment."},
        widget=forms.Textarea(attrs={"rows": 6, "data-limit": limits.COMMENT_MAX_LENGTH}),
    )
    follows = forms.BooleanField(label="Also mail me about every new comment on this post", required=False)
    website = forms.CharField(
        label="Leave this box empty (it catches robots)",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    again = forms.CharField(required=False, widget=forms.HiddenInput)
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    seconds = forms.CharField(required=False, widget=forms.HiddenInput)
    signature = forms.CharField(required=False, widget=forms.HiddenInput)
    nudged = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        self.initial.setdefault("signature", signature_of(article))

    def clean_name(self) -> str:
        name = " ".join(safety.INVISIBLE.sub("", safety.plain(self.cleaned_data["name"])).split())
        if not name:
            raise ValidationError("Enter your name or a nickname.", code="required")
        if len(name) > limits.NAME_MAX_LENGTH:  # one Unicode form can be longer than the other
            raise ValidationError(
                f"Use a name of at most {limits.NAME_MAX_LENGTH} characters.", code="max_length"
            )
        return name

    def clean_again(self) -> str:
        """What the browser of a confirmed person kept; nonsense is no reason to refuse a comment."""
        return str(self.data.get("again", ""))[:200]

    def clean(self) -> dict[str, Any] | None:
        if (
            self.cleaned_data.get("follows")
            and not self.cleaned_data.get("email")
            and "email" not in self.errors
        ):
            self.add_error("email", "Enter your email address, or untick the box about new comments.")
        return self.cleaned_data

    def clean_parent(self) -> Comment | None:
        public_id = self.cleaned_data["parent"]
        if not public_id:
            return None
        parent = Comment.objects.visible().filter(article=self.article, public_id=public_id).first()
        if parent is None:
            raise ValidationError(PARENT_GONE)
        return parent

    def clean_seconds(self) -> float | None:
        # Worked out by a script in the browser: nonsense means that we do not know.
        try:
            seconds = float(self.cleaned_data["seconds"])
        except ValueError:
            return None
        return seconds if 0 <= seconds < 10**7 else None

    def clean_signature(self) -> str:
        signature: str = self.cleaned_data["signature"]
        if signature and signature != signature_of(self.article):
            raise ValidationError(
                "This form belongs to another page. Your text is below: please send it again."
            )
        return signature

    def forget_place_when_wrong(self) -> None:
        """Where the parent or the signature is wrong, offer the text as a new comment on this post."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        for name in ("parent", "signature"):
            for problem in self.errors.pop(name, []):
                self.add_error(None, problem)
                typed[name] = self.initial.get(name, "")
        self.data = typed

    def remember_nudge(self) -> None:
        """The writer was asked to think again: sent once more, the text goes in."""
        self.data = _nudged(self.data)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "comment-form"
        helper.form_action = reverse("post-comment", args=[self.article.slug]) + "#error-summary"
        helper.attrs = {"novalidate": "", "data-comment-form": str(self.article.pk)}
        helper.disable_csrf = (
            True  # the page is the same for everybody: fibroblog.guard takes the token's place
        )
        helper.layout = Layout(
            "parent",
            "seconds",
            "signature",
            "again",
            *(["nudged"] if self["nudged"].value() else []),  # on pages that are never stored
            "name",
            "email",
            "follows",
            "body",
            HTML('<p class="form-text" data-count hidden></p>'),
            Div("website", css_class="trap"),
            Div(
                Submit("do", "Preview", css_id="preview-button", css_class="btn-secondary"),
                Submit("do", "Send comment", css_id="send-button"),
                css_class="buttons",
            ),
        )
        return helper


class EditForm(forms.Form):
    body = BodyField(label="Your comment", error_messages={"required": "Write your comment."})
    nudged = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def remember_nudge(self) -> None:
        self.data = _nudged(self.data)


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Your code",
        max_length=40,
        error_messages={"required": "Enter the code that was shown after sending."},
        help_text="It looks like k7m2p9qx4-f3h8-2kpd.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class AddressForm(forms.Form):
    email = AddressField(
        label="Your email address",
        error_messages={
            "required": "Enter your email address.",
            "invalid": "Enter an email address like name@example.org.",
        },
    )


class FollowForm(AddressForm):
    website = forms.CharField(
        label="Leave this box empty (it catches robots)",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )


class MailForm(forms.ModelForm[Commenter]):
    """What a person wants to hear, and when."""

    class Meta:
        model = Commenter
        fields = ["pace", "quiet_until", "hears_replies"]
        labels = {
            "pace": "When do you want mail?",
            "quiet_until": "Quiet until (optional)",
            "hears_replies": "Tell me of replies to my comments",
        }
        help_texts = {"quiet_until": "No mail before this day. It waits for you.", "hears_replies": ""}
        widgets = {
            "pace": forms.RadioSelect,
            "quiet_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages = {"quiet_until": {"invalid": "Enter a day like 2026-12-24, or leave it empty."}}

    def clean_quiet_until(self) -> date | None:
        day: date | None = self.cleaned_data["quiet_until"]
        if day and day > timezone.localdate() + QUIET_AT_MOST:
            raise forms.ValidationError(
                "Choose a day within two years. For no mail at all choose “Not at all”."
            )
        return day
