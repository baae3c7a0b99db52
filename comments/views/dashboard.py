"""How moderation goes: numbers for those who moderate, and by month for everybody. Both pages only read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comments import figures, plots, transparency

from .moderation import for_moderators, page


@require_safe
@for_moderators
def dashboard(request: HttpRequest) -> HttpResponse:
    found = figures.look()
    context = {
        "figures": found,
        "plots": [plots.decided_per_day(found), plots.waiting_times(found)],
        "days": figures.DAYS,
        "title": "How moderation goes",
    }
    return page(request, "admin/comments/dashboard.html", context)


@require_safe
def moderation_report(request: HttpRequest) -> HttpResponse:
    context = {
        "months": transparency.months(),
        "about_comments": transparency.ABOUT_COMMENTS.values(),
        "about_looks": transparency.ABOUT_LOOKS.values(),
    }
    return render(request, "comments/moderation_report.html", context)
