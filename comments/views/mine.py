"""What a writer does with a comment of their own: change it, take it back, take their name off it.

Whose it is says the browser's cookie, the link to the person's own page (``?as=…``), or the code shown after sending.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.models import Article
from comments import export, moderation, ownership, posting, refusals, writer_links
from comments.forms import CodeForm, EditForm
from comments.models import Comment
from comments.rendering import render as render_text
from fibroblog import limits, rates
from fibroblog.visit import network_of

from .person import as_file, person_of
from .public import after_sending, visit_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    comment = own_or_404(request, slug, public_id)
    form = EditForm(request.POST if request.method == "POST" else None, initial={"body": comment.body})
    status = 422 if form.is_bound else 200
    preview, nudges = "", []
    if form.is_valid() and request.POST.get("do") == "Preview":
        preview, status = render_text(form.cleaned_data["body"]), 200
        nudges = posting.advise(comment.article, name=comment.name, body=form.cleaned_data["body"])
    elif form.is_valid():
        visit = visit_of(request, form.cleaned_data)
        try:
            posting.edit_comment(comment, body=form.cleaned_data["body"], visit=visit)
        except refusals.Nudged as nudge:
            nudges = nudge.reasons
        except refusals.Refused as refused:
            form.add_error(None, str(refused))
            status = refused.status
        except moderation.MoveRefused:  # its text is for moderators and may name one
            form.add_error(
                None, "A moderator decided on this comment just now, so it can no longer be changed."
            )
            status = 409
        else:
            own_page = request.GET["as"] if _is_theirs(request, comment) else ""
            response = after_sending(request, comment, is_own=True, edited=True, own_page=own_page)
            ownership.carry_over(request, response, comment.article)
            return response
    if nudges:
        form.remember_nudge()
    context = {
        "comment": comment,
        "form": form,
        "preview": preview,
        "nudges": nudges,
        "can_edit": posting.can_edit(comment),
    }
    return render(request, "comments/edit.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    comment = own_or_404(request, slug, public_id)
    if request.method == "POST":
        return take_back(request, comment)
    return render(request, "comments/withdraw.html", {"comment": comment, "article": comment.article})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def anonymise(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    comment = own_or_404(request, slug, public_id)
    if request.method == "POST":
        return take_name_off(request, comment)
    return render(request, "comments/anonymise.html", {"comment": comment})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest, slug: str) -> HttpResponse:
    """With the code shown after sending, the same on any device; the code is typed, never part of an address."""
    # What was written below a post that is not shown now can still be taken back; of a draft nobody is told.
    with_comments = Article.objects.filter(comments__isnull=False)
    article = get_object_or_404((Article.objects.visible() | with_comments).at(slug))
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    comment = None
    if form.is_valid():
        if rates.count("code", network_of(request)) > limits.CODES_PER_ADDRESS:
            form.add_error(None, "Many codes were tried from your connection. Please wait ten minutes.")
            status = 429
        else:
            comment = ownership.comment_by_code(form.cleaned_data["code"])
            if comment is None or comment.article_id != article.pk:
                form.add_error("code", "No comment on this post has that code. Check each letter and digit.")
            else:
                act = BY_CODE.get(request.POST.get("do", ""), look_at)
                return act(request, comment)
    return render(request, "comments/by_code.html", {"form": form, "article": article}, status=status)


def look_at(request: HttpRequest, comment: Comment) -> HttpResponse:
    context = {"comment": comment, "article": comment.article, "code": ownership.code_of(comment)}
    return render(request, "comments/by_code.html", context)


def take_back(request: HttpRequest, comment: Comment) -> HttpResponse:
    moderation.erase(comment)
    return render(request, "comments/withdrawn.html", {"comment": comment, "article": comment.article})


def take_name_off(request: HttpRequest, comment: Comment) -> HttpResponse:
    posting.anonymise(comment)
    return render(request, "comments/anonymise.html", {"comment": comment, "done": True})


def hand_over(request: HttpRequest, comment: Comment) -> HttpResponse:
    return as_file(export.of_comment(comment), "my-comment.json")


BY_CODE: dict[str, Callable[[HttpRequest, Comment], HttpResponse]] = {
    "withdraw": take_back,
    "anonymise": take_name_off,
    "download": hand_over,
}


def own_or_404(request: HttpRequest, slug: str, public_id: str) -> Comment:
    """Strangers are not even told that the comment exists."""
    # At a former address too: a form may have been open while the post was renamed.
    here = Comment.objects.select_related("article").filter(article__in=Article.objects.at(slug))
    comment = here.filter(public_id=public_id).first()
    if comment is None or not any(proof(request, comment) for proof in PROOFS):
        raise Http404("This comment was not written on this device.")
    return comment


def _was_returned(request: HttpRequest, comment: Comment) -> bool:
    """The mail that asked for a change brought them here."""
    return "change" in request.GET and writer_links.may_change(comment, request.GET["change"])


def _is_theirs(request: HttpRequest, comment: Comment) -> bool:
    person = person_of(request.GET["as"]) if "as" in request.GET else None
    return person is not None and comment.commenter_id == person.pk


PROOFS = (ownership.owns, _is_theirs, _was_returned)
