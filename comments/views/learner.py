"""The page of the spam learner: what it knows, how well it does, trying a text; training, file and reset."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from comments import learner, learner_file, learning
from comments.learner import Judgement, Knowledge, Trial
from comments.screening import crisis
from fibroblog import limits, policy

from .moderation import for_moderators, moderator_in, page

MAY_RESET = "comments.reset_learnt"
SHOWN = 15  # words each way


class TryForm(forms.Form):
    text = forms.CharField(
        max_length=limits.COMMENT_MAX_LENGTH,
        label="A text to try",
        help_text="Nothing is kept of it.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write or paste a text first."},
    )


class ImportForm(forms.Form):
    file = forms.FileField(
        label="A file from “Export”",
        error_messages={"required": "Choose a file first.", "empty": "This file is empty."},
    )

    def clean_file(self) -> Knowledge:
        file: File[bytes] = self.cleaned_data["file"]
        try:
            # One byte more than may be, so that a larger file is known without being read.
            return learner_file.from_file(file.read(learner_file.MOST_BYTES + 1))
        except learner_file.BadFile as bad:
            raise forms.ValidationError(str(bad)) from None


@dataclass(frozen=True)
class Word:
    word: str
    spam: int
    ham: int


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def learner_page(request: HttpRequest) -> HttpResponse:
    form = TryForm(request.POST if request.method == "POST" else None)
    return _shown(request, form=form)


@require_POST
@for_moderators
def train(request: HttpRequest) -> HttpResponse:
    learning.ask(by=moderator_in(request))
    return redirect("learner")


@require_POST
@for_moderators
def export(request: HttpRequest) -> HttpResponse:
    _check_right(request)
    knowledge = learning.hand_out(by=moderator_in(request))
    response = HttpResponse(learner_file.as_file(knowledge), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="learner.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@for_moderators
def import_file(request: HttpRequest) -> HttpResponse:
    _check_right(request)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, form=TryForm(), import_form=form)
    learning.take_in(form.cleaned_data["file"], by=moderator_in(request))
    messages.success(request, "Imported. The next comment is already compared with it.")
    return redirect("learner")


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def reset(request: HttpRequest) -> HttpResponse:
    _check_right(request)
    if request.method == "POST":
        learning.reset(by=moderator_in(request))
        messages.success(request, "Reset. It knows nothing now, and learns from decisions made from now on.")
        return redirect("learner")
    context = {"known": learning.known(learning.row()), "title": "Reset the spam learner"}
    return page(request, "admin/comments/learner_reset.html", context)


def _check_right(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY_RESET):
        raise PermissionDenied("Only administrators can take the words out, put others in, or reset them.")


def _shown(request: HttpRequest, *, form: TryForm, import_form: ImportForm | None = None) -> HttpResponse:
    import_form = import_form or ImportForm()
    learnt = learning.row()
    known, own, imported = learning.known(learnt), *learning.parts(learnt)
    for_spam, against = (
        [Word(word, *known.words[word]) for word in words] for words in learner.weightiest(known, SHOWN)
    )
    context: dict[str, Any] = {
        "learnt": learnt,
        "known": known,
        "own": own,
        "imported": imported,
        "least": learner.LEAST_TEXTS,
        "spam_from": round(learner.SPAM_FROM * 100),
        "trial": Trial(**learnt.trial),
        "tables": [("Words that speak for spam", for_spam), ("Words that speak against it", against)],
        "is_on": policy.current().learner_hint,
        "is_being_done": learning.is_being_done(),
        "most_texts": limits.LEARN_TEXTS,
        "form": form,
        "import_form": import_form,
        "may_reset": request.user.has_perm(MAY_RESET),
        "title": "The spam learner",
        **_tried(form, known),
    }
    status = 422 if form.errors or import_form.errors else 200
    return page(request, "admin/comments/learner.html", context, status=status)


def _tried(form: TryForm, known: Knowledge) -> dict[str, Judgement | bool | None]:
    """What the learner says of the text; of somebody who may be at risk no number is ever worked out."""
    if not form.is_valid():
        return {}
    text = form.cleaned_data["text"]
    at_risk = crisis.is_in(text)
    return {
        "was_tried": True,
        "at_risk": at_risk,
        "judgement": None if at_risk else learner.judge(text, known),
    }
