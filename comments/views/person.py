"""A person's private page, behind a link that was mailed: all they wrote, their mail, their data, the way out."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments import export, outbox, people, tokens
from comments.forms import AddressForm, MailForm
from comments.models import Comment, Commenter
from comments.tokens import Action, BadToken
from fibroblog import limits, rates
from fibroblog.guard import no_foreign_forms
from fibroblog.visit import network_of


@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms
def ask_for_page(request: HttpRequest) -> HttpResponse:
    """Mail the link to one's own page. The answer is the same for every address, known or not."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    done = form.is_valid()
    if done and rates.count("own-page", network_of(request), per=rates.DAY) <= limits.OWN_PAGES_PER_ADDRESS:
        people.send_own_page(form.cleaned_data["email"])
    status = 422 if form.is_bound and not done else 200
    return render(request, "comments/ask_for_page.html", {"form": form, "done": done}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms
def own_page(request: HttpRequest, token: str) -> HttpResponse:
    person = person_of(token)
    if person is None:
        return link_is_old(request)
    form = MailForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        people.set_mail(form.save(commit=False))
        return redirect(reverse("own-page", args=[token]) + "?saved=1#mail")
    person.refresh_from_db()
    theirs = Comment.objects.filter(commenter=person)
    context = {
        "person": person,
        "token": token,
        "form": form,
        "comments": theirs.for_writer(),
        "editable": frozenset(theirs.editable().values_list("pk", flat=True)),
        "subscriptions": person.subscriptions.select_related("article"),
        **remembered(person),
    }
    return render(request, "comments/own_page.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    person = person_of(token)
    if person is None:
        return link_is_old(request)
    return as_file(export.of_person(person), "my-comments.json")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms
def erase(request: HttpRequest, token: str) -> HttpResponse:
    person = person_of(token)
    if person is None:
        return link_is_old(request)
    count = person.comments.count()
    if request.method == "POST":
        people.erase(person)
    context = {"token": token, "count": count, "done": request.method == "POST"}
    return render(request, "comments/erase.html", context)


@never_cache
@require_POST
@no_foreign_forms
def unfollow(request: HttpRequest, token: str, subscription: int) -> HttpResponse:
    person = person_of(token)
    if person is None:
        return link_is_old(request)
    people.unfollow(get_object_or_404(person.subscriptions, pk=subscription))
    return redirect(reverse("own-page", args=[token]) + "#following")


@never_cache
@require_POST
@no_foreign_forms
def renew_links(request: HttpRequest, token: str) -> HttpResponse:
    """Every link sent so far stops working, this one too; a new one is mailed."""
    person = person_of(token)
    if person is None:
        return link_is_old(request)
    outbox.send_own_page(people.renew_links(person))
    return render(request, "comments/links_renewed.html")


def person_of(token: str) -> Commenter | None:
    try:
        link = tokens.read(Action.OWN, token)
    except BadToken:
        return None
    return Commenter.objects.filter(pk=link.about, links=link.revision).first()


def remembered(person: Commenter) -> dict[str, Any]:
    """What a page gives the browser to keep, so that the next comment needs no mail; only a script can keep it."""
    holds = timedelta(days=limits.OWNERSHIP_DAYS)
    return {
        "again": tokens.sign(Action.WRITE, about=person.pk, revision=person.links, holds=holds),
        "address": person.email,
    }


def as_file(content: dict[str, Any], name: str) -> JsonResponse:
    response = JsonResponse(content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def link_is_old(request: HttpRequest) -> HttpResponse:
    context = {"form": AddressForm(), "old": True}
    return render(request, "comments/ask_for_page.html", context, status=410)
