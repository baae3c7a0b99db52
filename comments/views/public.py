"""Reading a comment's own page, and sending a comment."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from comments import discussion, help_lines, ownership, posting, refusals
from comments.forms import CommentForm
from comments.models import Comment, Discussion
from comments.rendering import render as render_text
from comments.screening import words
from comments.thread_html import Circumstances
from fibroblog import limits, policy, rates
from fibroblog.guard import no_foreign_forms
from fibroblog.pagecache import made_for_all
from fibroblog.paging import page_number
from fibroblog.visit import address_of, neighbourhood_of, network_of, says_nothing_of_origin


@require_safe
def comment_page(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    article = Article.objects.visible().filter(slug=slug).first()
    if article is None:
        return moved(request, slug, public_id)
    owner = ownership.hash_of(ownership.key_in(request))
    comment = discussion.readable(article, public_id, owner=owner)
    branch = discussion.branch_of(comment, number=page_number(request), owner=owner) if comment else None
    if branch is None:
        raise Http404("There is no such comment, or it is not shown.")
    row, rules = Discussion.objects.of(article), policy.current()
    made_for_all.turns(request, row.closes_at)
    circumstances = Circumstances(
        article,
        is_open=row.is_open and not rules.is_paused,
        presses=rules.presses,
        owner=owner,
        editable=branch.editable,
    )
    context = {"article": article, "branch": branch, "circumstances": circumstances}
    return render(request, "comments/comment.html", context)


def moved(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """From a former address of the post to the comment's place today, whether or not there is such a comment."""
    article = get_object_or_404(Article.objects.visible().filter(former_slugs__slug=slug))
    response = HttpResponsePermanentRedirect(reverse("comment", args=[article.slug, public_id]))
    ownership.carry_over(request, response, article)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms
def post(request: HttpRequest, slug: str) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible().at(slug))
    if request.method != "POST":
        return redirect(article.get_absolute_url() + "#comment-form")
    form = CommentForm(request.POST, article=article)
    if not form.is_valid():
        return write_again(request, form, status=413 if _is_too_long(form) else 422)
    if request.POST.get("do") == "Preview":
        return preview(request, form)
    try:
        posted = posting.post_comment(
            article=article,
            visit=visit_of(request, form.cleaned_data),
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            body=form.cleaned_data["body"],
            follows=form.cleaned_data["follows"],
            parent=form.cleaned_data["parent"],
        )
    except refusals.Nudged as nudge:
        return think_again(request, form, nudge.reasons)
    except refusals.Refused as refused:
        form.add_error(None, str(refused))
        return write_again(request, form, status=refused.status)
    response = after_sending(request, posted.comment, is_own=bool(posted.key))
    if posted.key:
        ownership.remember(response, article, posted.key, secure=request.is_secure())
    return response


def preview(request: HttpRequest, form: CommentForm) -> HttpResponse:
    if rates.count("preview", network_of(request)) > limits.PREVIEWS_PER_ADDRESS:
        form.add_error(None, words.FOR_WRITERS["too_many_from_you"])
        return write_again(request, form, status=429)
    shown = render_text(form.cleaned_data["body"])
    nudges = posting.advise(form.article, name=form.cleaned_data["name"], body=form.cleaned_data["body"])
    if nudges:
        form.remember_nudge()
    context = {"article": form.article, "form": form, "preview": shown, "nudges": nudges}
    return render(request, "comments/write.html", context)


def think_again(request: HttpRequest, form: CommentForm, nudges: list[str]) -> HttpResponse:
    """The form once more, with what its writer could think of first. Sending it again sends it."""
    form.remember_nudge()
    context = {"article": form.article, "form": form, "nudges": nudges}
    return render(request, "comments/write.html", context, status=422)


def write_again(request: HttpRequest, form: CommentForm, *, status: int) -> HttpResponse:
    """The form once more, with everything that was typed, what is wrong and what to do."""
    form.forget_place_when_wrong()
    return render(request, "comments/write.html", {"article": form.article, "form": form}, status=status)


def after_sending(
    request: HttpRequest, comment: Comment, *, is_own: bool, edited: bool = False, own_page: str = ""
) -> HttpResponse:
    """On to the comment in its place. Who may be at risk is answered at once: a redirect could lose the help lines.

    So is whoever came from their own page (``own_page`` is its token): on this device the post does not show them
    what waits.
    """
    if not own_page and not help_lines.lines_for(request):
        return redirect(address_after_sending(comment, is_own=is_own))
    context = {
        "comment": comment,
        # A change is thanked for here; the post would take it for a new comment.
        "address": address_after_sending(comment, is_own=is_own and not edited),
        "code": ownership.code_of(comment) if is_own and not edited else "",
        "edited": edited,
        "own_page": own_page,
    }
    return render(request, "comments/sent.html", context)


def address_after_sending(comment: Comment, *, is_own: bool) -> str:
    """The page of the discussion on which the comment stands, at the comment."""
    place = discussion.place_of(comment)
    sent = f"&sent={comment.public_id}" if is_own else ""
    return f"{comment.article.get_absolute_url()}?page={place.page}{sent}#comment-{place.anchor}"


def visit_of(request: HttpRequest, cleaned: dict[str, Any]) -> posting.Visit:
    """Where the text comes from. A form that has no such field (the one for changes has a token) is not missing it."""
    return posting.Visit(
        network=network_of(request),
        neighbourhood=neighbourhood_of(request),
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
        key=ownership.key_in(request),
        again=cleaned.get("again", ""),
        seconds=cleaned.get("seconds"),
        trap=cleaned.get("website", ""),
        origin_known="signature" not in cleaned or not says_nothing_of_origin(request),
        signed="signature" not in cleaned or bool(cleaned["signature"]),
        nudged=cleaned["nudged"],
    )


def _is_too_long(form: CommentForm) -> bool:
    return any(problem.code == "too_long" for problem in form.errors.as_data().get("body", []))
