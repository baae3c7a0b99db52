"""Links from mails: confirm an address, never write to it again, stop mail; and the wish to follow a post.

A link by itself changes nothing: mail scanners follow links. It leads to a page with a button, and that posts.
"""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import publishing
from articles.models import Article, Author
from comments import desk_mail, people, tokens
from comments.forms import FollowForm
from comments.models import Commenter, Confirmation, Subscription
from comments.tokens import Action, BadToken, Link
from fibroblog.guard import no_foreign_forms
from fibroblog.visit import network_of

from .person import remembered


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms  # the link itself is the secret: no token of a cookie is needed, and none can run out
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    confirmation = confirmation_of(Action.CONFIRM, token)
    if confirmation is None:
        return link_is_dead(request)
    context: dict[str, object] = {"confirmation": confirmation, "article": article_of(confirmation)}
    if request.method == "POST":
        try:
            context |= {"done": True, **remembered(people.confirm(confirmation))}
        except Confirmation.DoesNotExist:  # the other click of a double click came through first
            return link_is_dead(request)
    return render(request, "comments/confirm.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # mail programs post here by themselves (RFC 8058), without cookies and from anywhere
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    confirmation = confirmation_of(Action.REFUSE, token)
    if confirmation is None:
        return link_is_dead(request)
    done = request.method == "POST"
    person = people.refuse(confirmation) if done else None
    return render(request, "comments/refuse.html", {"done": done, "person": person})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # as above
def stop_mail(request: HttpRequest, what: str, token: str) -> HttpResponse:
    try:
        stop = STOPS[what](token)
    except (KeyError, BadToken):
        return link_is_dead(request)
    if request.method == "POST":
        stop()
    return render(request, "comments/stop_mail.html", {"what": what, "done": request.method == "POST"})


def _all(token: str) -> Callable[[], object]:
    link = tokens.read(Action.STOP, token)
    person = Commenter.objects.filter(pk=link.about).first()
    if person is None:
        return _nothing
    _check_revision(link, person)
    return lambda: people.stop(person)


def _discussion(token: str) -> Callable[[], object]:
    link = tokens.read(Action.STOP_DISCUSSION, token)
    followed = Subscription.objects.select_related("commenter").filter(pk=link.about).first()
    if followed is None:
        return _nothing
    _check_revision(link, followed.commenter)
    return lambda: people.unfollow(followed)


def _author(token: str) -> Callable[[], object]:
    author = Author.objects.filter(pk=tokens.read(Action.STOP_AUTHOR, token).about).first()
    return _nothing if author is None else lambda: publishing.stop_mail_to(author)


def _desk(token: str) -> Callable[[], object]:
    moderator = User.objects.filter(pk=tokens.read(Action.STOP_DESK, token).about).first()
    return _nothing if moderator is None else lambda: desk_mail.stop(moderator)


def _alarm(token: str) -> Callable[[], object]:
    moderator = User.objects.filter(pk=tokens.read(Action.STOP_ALARM, token).about).first()
    return _nothing if moderator is None else lambda: desk_mail.stop_alarm(moderator)


def _check_revision(link: Link, person: Commenter) -> None:
    """Raises BadToken for a link that its person made useless: it must not say "Done"."""
    if link.revision != person.links:
        raise BadToken


def _nothing() -> None:
    """Whom the link was for is gone, so there is nothing left to stop: that is as good as done."""


STOPS: dict[str, Callable[[str], Callable[[], object]]] = {
    "all": _all,
    "discussion": _discussion,
    "author": _author,
    "desk": _desk,
    "alarm": _alarm,
}


@require_http_methods(["GET", "HEAD", "POST"])
@no_foreign_forms
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for word of every new comment on a post, without writing one."""
    article = get_object_or_404(Article.objects.visible().at(slug))
    form = FollowForm(request.POST if request.method == "POST" else None)
    done = form.is_valid()
    if done and not form.cleaned_data["website"]:
        people.ask_to_confirm(
            email=form.cleaned_data["email"], name="", network=network_of(request), article=article
        )
    status = 422 if form.is_bound and not done else 200
    context = {"article": article, "form": form, "done": done}
    return render(request, "comments/follow.html", context, status=status)


def confirmation_of(action: Action, token: str) -> Confirmation | None:
    try:
        link = tokens.read(action, token)
    except BadToken:
        return None
    asked = Confirmation.objects.select_related(
        "comment__article", "report__case__comment__article", "article"
    )
    return asked.filter(pk=link.about).first() if link.revision == 1 else None


def article_of(confirmation: Confirmation) -> Article | None:
    """The post whose discussion it is about."""
    comment = confirmation.report.case.comment if confirmation.report else confirmation.comment
    return comment.article if comment else confirmation.article


def link_is_dead(request: HttpRequest) -> HttpResponse:
    return render(request, "comments/link_is_dead.html", status=410)
