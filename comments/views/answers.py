"""Answers of the people who run the blog: visible at once, with their word beside the name."""

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from articles.models import Article
from comments import moderation, posting, refusals
from comments.forms import BodyField
from comments.models import Comment, SavedReply
from comments.queue import read_seen
from comments.states import State


class AnswerForm(forms.Form):
    body = BodyField(
        label="Your answer",
        error_messages={"required": "Write your answer."},
        help_text="It appears at once. Readers see your name and the word beside it.",
    )


def badge_of(user: User) -> Comment.Badge:
    """The word beside the name: who may write posts is an editor, who may only decide is a moderator."""
    if user.has_perm("articles.change_article"):
        return Comment.Badge.EDITOR
    if user.has_perm("comments.moderate_comment"):
        return Comment.Badge.MODERATOR
    return Comment.Badge.NONE


def name_of(user: User) -> str:
    author = getattr(user, "author", None)
    return str(author.name if author else user.get_full_name() or user.get_username())


def staff_in(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not badge_of(request.user):
        raise PermissionDenied("Only editors and moderators answer from here.")
    return request.user


def comments_of(request: HttpRequest, article_id: int) -> HttpResponse:
    """The visible comments of a post, newest first, each with a way to answer."""
    staff_in(request)
    article = get_object_or_404(Article.objects.visible(), pk=article_id)
    newest = Comment.objects.visible().filter(article=article).select_related("parent").order_by("-pk")[:100]
    context = {"article": article, "comments": newest, "title": "Comments on this post"}
    return render(request, "admin/comments/comments_of.html", {**admin.site.each_context(request), **context})


def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    user = staff_in(request)
    comments = Comment.objects.visible()
    if user.has_perm("comments.moderate_comment"):
        comments |= Comment.objects.waiting()
    comment = get_object_or_404(comments.select_related("article"), public_id=public_id)
    waits = comment.state == State.PENDING
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            words = {"name": name_of(user), "body": form.cleaned_data["body"], "badge": badge_of(user)}
            if waits:
                seen = read_seen(request.POST.get("seen", ""))
                stored = posting.approve_and_answer(comment, seen=seen, by=user, **words)
            else:
                stored = posting.post_as_staff(article=comment.article, by=user, parent=comment, **words)
        except (refusals.Refused, moderation.MoveRefused) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(stored)
    context = {
        "comment": comment,
        "form": form,
        "badge": badge_of(user),
        "name": name_of(user),
        "title": "Approve and answer" if waits else "Answer",
        "waits": waits,
        "seen": request.POST.get("seen", f"{comment.state}.{comment.revision}"),
        "replies": SavedReply.objects.all(),
    }
    status = 422 if form.is_bound else 200
    return render(
        request, "admin/comments/answer.html", {**admin.site.each_context(request), **context}, status=status
    )
