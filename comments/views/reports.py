"""Reporting a comment: a page with a few reasons, open to everybody."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from articles.models import Article
from comments import ownership, reports
from comments.models import Comment, Report
from comments.screening import measures
from fibroblog import limits, rates, safety
from fibroblog.addresses import AddressField
from fibroblog.guard import no_foreign_forms
from fibroblog.visit import network_of


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label="What is wrong?",
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong.", "invalid_choice": "Choose what is wrong."},
    )
    note = forms.CharField(
        label="Anything that helps us understand (optional)",
        help_text="Only moderators read it.",
        required=False,
        max_length=500,
        error_messages={
            "max_length": "Use at most %(limit_value)d characters; these are %(show_value)d.",
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = AddressField(
        label="Email (optional)",
        help_text="Only if you want to hear what became of it.",
        required=False,
        error_messages={"invalid": "Enter an email address like name@example.org, or leave it empty."},
    )
    website = forms.CharField(
        label="Leave this box empty (it catches robots)",
        required=False,
        max_length=0,
        error_messages={"max_length": "Please leave the box that catches robots empty."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_note(self) -> str:
        return safety.plain(self.cleaned_data["note"])

    @property
    def helper(self) -> FormHelper:
        """For what stands below the reasons; the page writes those by itself, as a group with a legend."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(Field("note"), Field("email"), Field("website"))
        return helper


@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms
def report(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible().at(slug))
    comment = get_object_or_404(
        Comment.objects.visible().filter(article=article).select_related("article"), public_id=public_id
    )
    form = ReportForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        refused = measures.refusal_of(
            owner=ownership.hash_of(ownership.key_in(request)), network=network_of(request)
        )
        if refused:
            form.add_error(None, refused)
            return render(request, "comments/report.html", {"comment": comment, "form": form}, status=403)
        if rates.count("report", network_of(request)) <= limits.REPORTS_PER_ADDRESS:
            return taken_in(request, comment, form)
        form.add_error(
            None,
            "Many reports came from your connection just now. Yours is kept below: wait ten minutes, then send it again.",
        )
        status = 429
    return render(request, "comments/report.html", {"comment": comment, "form": form}, status=status)


def taken_in(request: HttpRequest, comment: Comment, form: ReportForm) -> HttpResponse:
    answers = {name: form.cleaned_data[name] for name in ("reason", "note", "email")}
    try:
        stored = reports.report(comment, **answers, network=network_of(request))
    except reports.NotShown:
        raise Http404("The comment is no longer shown.") from None
    context = {"comment": comment, "report": stored, "wants_word": bool(answers["email"])}
    return render(request, "comments/reported.html", context)
