"""The comment form: input rules and the words of its errors. It saves nothing."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.http import QueryDict
from django.urls import reverse

from articles.models import Article
from fibroblog import limits, safety

from .models import Comment
from .posting import PARENT_GONE
from .rendering import render

_signer = Signer(salt="comments.form")


def signature_of(article: Article) -> str:
    """The same for every visitor, so that the page can be the same for every visitor."""
    return _signer.signature(str(article.pk))


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
    email = forms.EmailField(
        label="Email (optional)",
        help_text="Never shown. It lets the people who run this blog answer you.",
        required=False,
        error_messages={"invalid": "Enter an email address like name@example.org, or leave it empty."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    body = BodyField(
        label="Your comment",
        error_messages={"required": "Write your comment."},
        widget=forms.Textarea(attrs={"rows": 6, "data-limit": limits.COMMENT_MAX_LENGTH}),
    )
    website = forms.CharField(
        label="Leave this box empty (it catches robots)",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    seconds = forms.CharField(required=False, widget=forms.HiddenInput)
    signature = forms.CharField(required=False, widget=forms.HiddenInput)

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
            "name",
            "email",
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
