"""A refused writer asks for another look, by a signed link: in the mail, or beside their own comment."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.models import Article
from comments import appeals, reasons, writer_links
from comments.appeals import AppealRefused
from comments.models import Appeal, Comment
from comments.screening import crisis
from fibroblog.guard import no_foreign_forms

from .addresses import link_is_dead


class AppealForm(forms.Form):
    words = forms.CharField(
        required=False,
        max_length=1000,
        label="What should we know? (optional)",
        help_text="One or two sentences are enough. Only moderators read them.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms
def appeal(request: HttpRequest, slug: str, public_id: str, token: str) -> HttpResponse:
    here = Comment.objects.select_related("article").filter(article__in=Article.objects.at(slug))
    comment = get_object_or_404(here, public_id=public_id)
    decision = writer_links.appealed_by(comment, token)
    if decision is None or not comment.body:
        return link_is_dead(request)
    form = AppealForm(request.POST if request.method == "POST" else None)
    asked = Appeal.objects.filter(decision=decision).first()
    status = 422 if form.is_bound else 200
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            asked, status = appeals.ask(comment, decision, words=words, at_risk=crisis.is_in(words)), 200
        except AppealRefused as refused:
            form.add_error(None, str(refused))
            status = 409
    context = {
        "comment": comment,
        "form": form,
        "appeal": asked,
        "why": reasons.told(decision),
        "can_ask": asked is not None or writer_links.can_appeal(comment, decision),
    }
    return render(request, "comments/appeal.html", context, status=status)
