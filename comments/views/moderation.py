"""The moderation queue: cards, decisions, undo. Works without a script; with one, a card changes in place."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from comments import appeals, moderation, notifications, reasons, reports
from comments import queue as cards
from comments.finding import AGES, REASONS, Finding
from comments.models import Case, Comment, Decision, RefusalReason, SavedReply
from comments.moderation import MoveRefused, Seen
from comments.states import State

P = ParamSpec("P")

ONE_STEP = {"approve": State.APPROVED, "spam": State.SPAM}
TITLES = {
    State.DECLINED: "Decline a comment",
    State.RETURNED: "Ask for a change",
    State.REMOVED: "Remove a comment",
}
SAID = {State.APPROVED: "Approved", State.SPAM: "Marked as spam"}


def for_moderators(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Signed in, on the staff, past the second step, and allowed to moderate."""

    @wraps(view)
    def allowed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.has_perm("comments.moderate_comment"):
            raise PermissionDenied("Only moderators can open the moderation queue.")
        return view(request, *args, **kwargs)

    return admin.site.admin_view(allowed)


class DeclineForm(forms.Form):
    reason = forms.ModelChoiceField(
        RefusalReason.objects.none(),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason. The writer will read its sentence."},
    )
    note = forms.CharField(
        required=False,
        max_length=500,
        label="Words to the writer (optional)",
        help_text="They are shown under the reason's sentence.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[RefusalReason]", self.fields["reason"]).queryset = reasons.offered()

    def clean(self) -> dict[str, Any] | None:
        reason = self.cleaned_data.get("reason")
        if reason and reason.needs_note and not self.cleaned_data.get("note"):
            self.add_error("note", "Say in a sentence what it is, so that the writer understands.")
        return self.cleaned_data


@require_safe
@for_moderators
def queue(request: HttpRequest) -> HttpResponse:
    leaf = cards.leaf_of(
        moderator_in(request),
        state=request.GET.get("state", ""),
        person=request.GET.get("person", ""),
        number=request.GET.get("page", "1"),
        finding=Finding.asked(request.GET),
    )
    title = "What one person wrote" if leaf.person else "Moderation queue"
    return page(
        request,
        "admin/comments/queue.html",
        {
            "leaf": leaf,
            "title": title,
            "ages": AGES,
            "reasons": REASONS,
            "refusals": RefusalReason.objects.all(),
        },
    )


@require_safe
@for_moderators
def others(request: HttpRequest) -> HttpResponse:
    """For an open queue: fresh cards in place of those that others decided on, or look at, meanwhile."""
    changed = cards.changed_since(request.GET.getlist("card"))
    back = cards.way_back(request.GET.get("back", ""))
    context = {"cards": changed, "back": back, "tick": not _is_list(back)}
    return render(request, "admin/comments/_others.html", context)


@require_safe
@for_moderators
def card(request: HttpRequest, public_id: str) -> HttpResponse:
    """One comment's card by itself, for links."""
    shown = cards.card_of(comment_or_404(public_id))
    return page(request, "admin/comments/card.html", {"card": shown, "title": "One comment"})


@require_POST
@for_moderators
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    to = ONE_STEP.get(request.POST.get("do", ""))
    if to is None:
        return redirect("queue")
    return act(
        request,
        public_id,
        lambda comment: moderation.move(comment, to, by=moderator_in(request), seen=seen(request)),
    )


@for_moderators
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Not published, back to its writer for a change, or, where it is visible already, removed: each with a reason
    that the writer reads."""
    comment = comment_or_404(public_id)
    asked = request.POST if request.method == "POST" else request.GET
    not_so = State.RETURNED if asked.get("to") == State.RETURNED else State.DECLINED
    to = State.REMOVED if seen(request).state == State.APPROVED else not_so
    # Several of these forms may stand open in one queue.
    form = DeclineForm(request.POST if request.method == "POST" else None, auto_id=f"{public_id}-%s")
    told = ""
    if form.is_valid() and request.POST.get("do") == "preview":
        why = reasons.told_by(form.cleaned_data["reason"], form.cleaned_data["note"])
        told = notifications.letter_on_decision(comment, to, why)
    elif form.is_valid():
        return act(
            request,
            public_id,
            lambda comment: moderation.move(
                comment,
                to,
                by=moderator_in(request),
                seen=seen(request),
                reason=form.cleaned_data["reason"].code,
                note=form.cleaned_data["note"],
            ),
        )
    shown = cards.card_of(comment)
    context = {
        "card": shown,
        "seen": asked.get("seen", shown.seen),
        "back": cards.way_back(asked.get("back", "")),
        "form": form,
        "sentences": reasons.sentences(),
        "to": to,
        "title": TITLES[to],
        "told": told,
        "replies": SavedReply.objects.all(),
    }
    status = 422 if form.errors else 200
    part = "admin/comments/_decline.html"
    if is_for_script(request):
        return render(request, part, context, status=status)
    return page(request, "admin/comments/asked.html", {**context, "part": part}, status=status)


@require_POST
@for_moderators
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    number = request.POST.get("decision", "")
    comment = comment_or_404(public_id)
    decision = get_object_or_404(
        Decision, pk=int(number) if number.isdecimal() and len(number) < 19 else 0, comment=comment
    )
    return act(request, public_id, lambda _: moderation.undo(decision, by=moderator_in(request)))


@require_POST
@for_moderators
def stays(request: HttpRequest, public_id: str) -> HttpResponse:
    """Readers reported it, and it may stay as it is."""
    number, count = cards.read_looked(request.POST.get("looked", ""))
    case = get_object_or_404(Case, pk=number, comment=comment_or_404(public_id))
    return act(
        request, public_id, lambda _: reports.stays(case, by=moderator_in(request), reports_seen=count)
    )


@require_POST
@for_moderators
def several(request: HttpRequest) -> HttpResponse:
    """First a page that names each ticked comment, then, on its button, the decisions one by one."""
    to = ONE_STEP.get(request.POST.get("do", ""))
    chosen = cards.chosen(request.POST.getlist("comment"))
    if to is None or not chosen:
        return redirect(reverse("queue") + "?nothing=1")
    if "sure" not in request.POST:
        one_by_one = [comment for comment, _ in chosen if comment.at_risk]
        named = {
            "chosen": [(comment, seen) for comment, seen in chosen if not comment.at_risk],
            "one_by_one": one_by_one,
            "do": request.POST["do"],
            "verb": to.label,
            "title": "Several at once",
        }
        return page(request, "admin/comments/several.html", named)
    done, refused = moderation.move_several(chosen, to, by=moderator_in(request))
    context: dict[str, Any] = {"done": done, "refused": refused, "said": SAID[to], "title": "Several at once"}
    return page(request, "admin/comments/several_done.html", context)


def act(request: HttpRequest, public_id: str, verb: Callable[[Comment], object]) -> HttpResponse:
    """Carry out one decision and answer with the changed card: alone to our script, else in the queue."""
    comment = comment_or_404(public_id)
    problem = ""
    try:
        verb(comment)
    except (MoveRefused, reports.LookRefused, appeals.AppealRefused) as refused:
        problem = str(refused)
    if is_for_script(request):
        shown = cards.card_of(comment_or_404(public_id), problem=problem)
        return render(request, "admin/comments/_card.html", {"card": shown}, status=409 if problem else 200)
    if problem:
        shown = cards.card_of(comment_or_404(public_id), problem=problem)
        return page(request, "admin/comments/card.html", {"card": shown, "title": "Not changed"}, status=409)
    back = cards.way_back(request.POST.get("back", ""))
    if _is_list(back):
        # In a list by state the card is gone now; by itself it shows what became of it, and the way to undo.
        return redirect("queue-card", public_id)
    return redirect(f"{reverse('queue')}?{back}#card-{public_id}")


def _is_list(back: str) -> bool:
    """One came from comments of one state or person, not from what waits."""
    return "state=" in back or "person=" in back


def is_for_script(request: HttpRequest) -> bool:
    """Our own script asks for a part of a page."""
    return request.headers.get("X-Requested-With") == "fetch"


def comment_or_404(public_id: str) -> Comment:
    return get_object_or_404(Comment.objects.for_queue(), public_id=public_id)


def seen(request: HttpRequest) -> Seen:
    """The state and revision that the card showed; nonsense is something that no comment is in."""
    return cards.read_seen(request.POST.get("seen") or request.GET.get("seen", ""))


def moderator_in(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)
