"""What else a moderator does from a card: care, covering private words, ending a talk, answering an appeal."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from comments import appeals, care, closing, masking
from comments import queue as cards
from comments.models import Appeal, Assessment, Comment

from .moderation import act, comment_or_404, for_moderators, is_for_script, moderator_in, page, seen


class CareForm(forms.Form):
    steps = forms.MultipleChoiceField(
        choices=list(care.STEPS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="What I did",
    )
    level = forms.TypedChoiceField(
        coerce=lambda value: Assessment.Level(int(value)),
        choices=Assessment.Level.choices,
        widget=forms.RadioSelect,
        label="How I judge it",
        error_messages={"required": "Choose how you judge it."},
    )


class MaskForm(forms.Form):
    piece = forms.CharField(
        max_length=300,
        label="The words to cover, exactly as they are written",
        help_text="They are covered in the text and the name, in capitals or not, and in the earlier texts, notes, "
        "reports and appeals kept with this comment. This cannot be undone.",
        error_messages={"required": "Enter the words to cover."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


@for_moderators
def assess(request: HttpRequest, public_id: str) -> HttpResponse:
    """Someone may be at risk: the checklist, and how this moderator judges the text."""
    comment = comment_or_404(public_id)
    asked_for = request.POST.get("appeal") or request.GET.get("appeal", "")
    appeal = int(asked_for) if asked_for.isdecimal() and len(asked_for) < 19 else 0
    form = CareForm(request.POST if request.method == "POST" else None, auto_id=f"{public_id}-care-%s")
    if form.is_valid():
        try:
            care.assess(
                comment,
                level=form.cleaned_data["level"],
                steps=form.cleaned_data["steps"],
                revision=seen(request).revision,
                appeal=appeal,
                by=moderator_in(request),
            )
        except care.CareNeeded as lacks:
            form.add_error(None, str(lacks))
        else:
            return act(request, public_id, lambda _: None)
    context = {"form": form, "appeal": appeal, "title": "Someone may be at risk"}
    return asked(request, "care", comment, context, status=422 if form.is_bound else 200)


@for_moderators
def mask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Cover somebody's private data: first a look at what the text becomes, then for good."""
    comment = comment_or_404(public_id)
    form = MaskForm(request.POST if request.method == "POST" else None, auto_id=f"{public_id}-mask-%s")
    name = preview = ""
    if form.is_valid():
        piece, by = form.cleaned_data["piece"], moderator_in(request)
        try:
            name, preview = masking.preview(comment, piece)
        except masking.MaskRefused as refused:
            form.add_error("piece", str(refused))
        else:
            if request.POST.get("do") == "cover":
                return act(
                    request, public_id, lambda found: masking.mask(found, piece, by=by, seen=seen(request))
                )
    context = {"form": form, "name": name, "preview": preview, "title": "Cover private words"}
    return asked(request, "mask", comment, context, status=422 if form.errors else 200)


@require_POST
@for_moderators
def lock(request: HttpRequest, public_id: str) -> HttpResponse:
    """End, or open again, the part of a discussion below one comment."""
    verb = closing.unlock if request.POST.get("do") == "unlock" else closing.lock
    return act(request, public_id, lambda comment: verb(comment, by=moderator_in(request)))


@require_POST
@for_moderators
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """End, or open again, the whole discussion that a comment stands in."""
    verb = closing.open_discussion if request.POST.get("do") == "open" else closing.close_discussion
    return act(request, public_id, lambda comment: verb(comment.article_id, by=moderator_in(request)))


@require_POST
@for_moderators
def stands(request: HttpRequest, public_id: str) -> HttpResponse:
    """An appeal: another moderator looked, and the decision stands."""
    number = request.POST.get("appeal", "")
    found = Appeal.objects.select_related("decision", "comment")
    appeal = get_object_or_404(
        found, pk=int(number) if number.isdecimal() and len(number) < 19 else 0, comment__public_id=public_id
    )
    answer = request.POST.get("answer", "").replace("\0", "").strip()[:500]
    return act(
        request, public_id, lambda _: appeals.let_stand(appeal, by=moderator_in(request), answer=answer)
    )


@require_safe
@for_moderators
def around(request: HttpRequest, public_id: str) -> HttpResponse:
    """The talk that a comment stands in: what it answers, and what others answered there."""
    comment = comment_or_404(public_id)
    visible = Comment.objects.visible().order_by("-pk")
    context = {
        "comment": comment,
        "above": Comment.objects.ancestors_of(comment),
        "beside": visible.filter(parent=comment.parent_id or 0).exclude(pk=comment.pk)[:5],
        "below": visible.filter(parent=comment)[:5],
        "title": "The talk around it",
    }
    template = "_around" if is_for_script(request) else "around"
    return page(request, f"admin/comments/{template}.html", context)


def asked(
    request: HttpRequest, what: str, comment: Comment, context: dict[str, Any], *, status: int
) -> HttpResponse:
    """A form that belongs to a card: alone to our script, which puts it on the card, else on a page of its own."""
    sent = request.POST if request.method == "POST" else request.GET
    shown = cards.card_of(comment)
    seen_then, back = sent.get("seen", shown.seen), cards.way_back(sent.get("back", ""))
    context = {**context, "card": shown, "seen": seen_then, "back": back}
    part = f"admin/comments/_{what}.html"
    if is_for_script(request):
        return render(request, part, context, status=status)
    return page(request, "admin/comments/asked.html", {**context, "part": part}, status=status)
