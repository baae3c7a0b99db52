"""The sender of a comment: what they wrote, what moderators noted and decided about them, and deciding it."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from comments import measures, remarks
from comments import queue as cards
from comments.models import Comment, Measure
from fibroblog import limits
from fibroblog.last_day import LastDayField

from .moderation import comment_or_404, for_moderators, moderator_in, page

SHOWN = 20  # comments and measures on one page


class MeasureForm(forms.Form):
    kind = forms.TypedChoiceField(
        coerce=Measure.Kind,
        choices=[
            (Measure.Kind.HOLD, "Their comments always wait for a moderator, also where others’ do not"),
            (Measure.Kind.PAUSE, "Pause: they cannot write or report until a day"),
            (Measure.Kind.BLOCK, "Block: they cannot write or report, and what waits of them goes to spam"),
        ],
        widget=forms.RadioSelect,
        label="What to do",
        error_messages={"required": "Choose what to do."},
    )
    until = LastDayField(required=False, label="Last day")
    why = forms.CharField(
        max_length=500,
        label="Why",
        help_text="For the other moderators. The sender does not read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, for the other moderators."},
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        max_length=1000,
        label="A note for the other moderators",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write the note first."},
    )


@for_moderators
def sender(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = comment_or_404(public_id)
    form = MeasureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            measures.impose(comment, **form.cleaned_data, by=moderator_in(request))
        except measures.MeasureRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("sender", public_id)
    return _shown(request, comment, form=form, note=NoteForm(), status=422 if form.errors else 200)


@require_POST
@for_moderators
def note(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = comment_or_404(public_id)
    form = NoteForm(request.POST)
    if comment.commenter is None:  # erased meanwhile
        form.add_error(None, "Notes are kept for confirmed people only.")
    elif form.is_valid():
        remarks.note_on_person(comment.commenter, form.cleaned_data["text"], by=moderator_in(request))
        return redirect("sender", public_id)
    return _shown(request, comment, form=MeasureForm(), note=form, status=422)


@require_safe
@for_moderators
def in_force(request: HttpRequest) -> HttpResponse:
    """All that is decided about people now, to look at it again, also where nothing is left of what they wrote."""
    running = Measure.objects.in_force().select_related("by").order_by("-pk")
    context = {"measures": running[:500], "title": "Held, paused and blocked"}
    return page(request, "admin/comments/measures.html", context)


@require_POST
@for_moderators
def end(request: HttpRequest, pk: int) -> HttpResponse:
    measures.end(get_object_or_404(Measure, pk=pk), by=moderator_in(request))
    back = request.POST.get("back", "")
    return redirect("sender", back) if back.isalnum() else redirect("measures")


def _shown(
    request: HttpRequest, comment: Comment, *, form: MeasureForm, note: NoteForm, status: int
) -> HttpResponse:
    person = comment.commenter
    wrote = measures.sent_by_same(comment).select_related("article")
    context: dict[str, Any] = {
        "comment": comment,
        "person": person,
        "is_staff": comment.by_id is not None,
        "record": cards.records_of([comment]).get(cast("int", comment.commenter_id), ""),
        "measures": measures.against(comment).select_related("by"),
        "wrote": wrote[:SHOWN],
        "count": wrote.count(),
        "to_spam": measures.blocked_with(comment).count(),
        "remarks": person.remarks.select_related("by") if person else [],
        "days": limits.GUEST_MEASURE_DAYS,
        "form": form,
        "note": note,
        "title": "Who sent it",
    }
    return page(request, "admin/comments/sender.html", context, status=status)
