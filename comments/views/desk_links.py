"""A page with one comment and one button, from a link in a moderator's mail. The link alone changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments import desk_links, moderation
from comments import queue as cards
from comments.desk_links import Errand
from comments.models import Comment
from comments.moderation import MoveRefused, Seen
from comments.states import State
from fibroblog.guard import no_foreign_forms


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms  # the link itself is the secret: no session is needed, and no token of a cookie can run out
def decide_by_mail(request: HttpRequest, do: str, moderator: int, token: str) -> HttpResponse:
    errand = desk_links.errand_of(do, moderator, token)
    if errand is None:
        return render(request, "comments/desk_link_is_dead.html", status=410)
    is_enough = desk_links.are_enough_from(errand.moderator) and desk_links.are_enough_for(errand.comment)
    if not is_enough:
        return redirect("queue-card", errand.comment.public_id)
    by = errand.moderator
    shows = desk_links.show_words_to(by, signed_in=request.user == by)
    if request.method == "POST" and shows and not desk_links.is_used(errand):
        problem = _carry_out(errand)
    else:
        problem = _changed(errand)
    done = desk_links.is_done(errand)
    comment = Comment.objects.for_queue().get(pk=errand.comment.pk)
    context = {
        "comment": comment,
        # Once it is decided or changed, its words are the card's business.
        "card": None if done or problem or not shows else cards.card_of(comment),
        "moderator": by,
        "to": errand.to,
        "done": done,
        "pressed": request.method == "POST",
        "problem": "" if done else problem,
    }
    status = 409 if request.method == "POST" and not done else 200
    return render(request, "comments/decide_by_mail.html", context, status=status)


def _carry_out(errand: Errand) -> str:
    """Why it was not done, or nothing."""
    seen = Seen(State.PENDING, errand.revision)
    try:
        moderation.move(errand.comment, errand.to, by=errand.moderator, seen=seen)
    except MoveRefused as refused:
        return str(refused)
    return ""


def _changed(errand: Errand) -> str:
    """What happened to the comment since the mail was written, or nothing."""
    same = Seen.of(errand.comment) == Seen(State.PENDING, errand.revision)
    return "" if same and not desk_links.is_used(errand) else moderation.what_happened(errand.comment)
