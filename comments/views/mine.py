"""What a writer does with a comment of their own: change it, take it back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.models import Article
from comments import moderation, ownership, posting
from comments.forms import CodeForm, EditForm
from comments.models import Comment
from comments.rendering import render as render_text
from fibroblog import limits, rates
from fibroblog.visit import network_of

from .public import address_after_sending


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    comment = own_or_404(request, slug, public_id)
    form = EditForm(request.POST if request.method == "POST" else None, initial={"body": comment.body})
    status = 422 if form.is_bound else 200
    preview = ""
    if form.is_valid() and request.POST.get("do") == "Preview":
        preview, status = render_text(form.cleaned_data["body"]), 200
    elif form.is_valid():
        visit = posting.Visit(network=network_of(request), key=ownership.key_in(request))
        try:
            posting.edit_comment(comment, body=form.cleaned_data["body"], visit=visit)
        except posting.Refused as refused:
            form.add_error(None, str(refused))
            status = refused.status
        except moderation.MoveRefused:  # its text is for moderators and may name one
            form.add_error(
                None, "A moderator decided on this comment just now, so it can no longer be changed."
            )
            status = 409
        else:
            return redirect(address_after_sending(comment, is_own=True))
    context = {"comment": comment, "form": form, "preview": preview, "can_edit": posting.can_edit(comment)}
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
def withdraw_by_code(request: HttpRequest, slug: str) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible().at(slug))
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if rates.count("code", network_of(request)) > limits.CODES_PER_ADDRESS:
            form.add_error(None, "Many codes were tried from your connection. Please wait ten minutes.")
            status = 429
        else:
            comment = ownership.comment_by_code(form.cleaned_data["code"])
            if comment is not None and comment.article_id == article.pk:
                return take_back(request, comment)
            form.add_error("code", "No comment on this post has that code. Check each letter and digit.")
    return render(request, "comments/withdraw.html", {"form": form, "article": article}, status=status)


def take_back(request: HttpRequest, comment: Comment) -> HttpResponse:
    context = {"comment": comment, "article": comment.article}
    try:
        moderation.withdraw(comment)
    except moderation.MoveRefused:
        return render(request, "comments/withdraw.html", {**context, "refused": True}, status=409)
    return render(request, "comments/withdrawn.html", context)


def own_or_404(request: HttpRequest, slug: str, public_id: str) -> Comment:
    """Strangers are not even told that the comment exists."""
    comment = (
        Comment.objects.select_related("article").filter(article__slug=slug, public_id=public_id).first()
    )
    if comment is None or not ownership.owns(request, comment):
        raise Http404("This comment was not written on this device.")
    return comment
