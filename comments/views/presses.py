"""An answer with one press: the page that thanks, and the press that is taken back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles.models import Article
from comments import presses
from comments.models import Comment
from fibroblog import limits, policy, rates
from fibroblog.guard import no_foreign_forms
from fibroblog.visit import network_of


@never_cache
@require_POST
@no_foreign_forms
def with_you(request: HttpRequest, slug: str) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible().at(slug))
    if not policy.current().presses:
        raise Http404("Presses are switched off.")
    comment = pressed_comment(request, article)
    if rates.count("press", network_of(request)) > limits.PRESSES_PER_ADDRESS:
        return render(request, "429.html", {"pressing": True}, status=429)
    key = presses.key_in(request)
    taken_back = request.POST.get("do") == "take back"
    if taken_back:
        presses.take_back(article, comment, key=key)
    else:
        key = presses.press(article, comment, key=key)
    if request.headers.get("X-Requested-With") == "fetch":
        response = HttpResponse(status=204)
    else:
        context = {"article": article, "comment": comment, "taken_back": taken_back}
        response = render(request, "comments/pressed.html", context)
    if key:
        presses.remember(response, article, key, secure=request.is_secure())
    return response


def pressed_comment(request: HttpRequest, article: Article) -> Comment | None:
    """The comment that was meant; None where the post itself was."""
    if "comment" not in request.POST:
        return None
    visible = Comment.objects.visible().select_related("article").filter(article=article)
    return get_object_or_404(visible, public_id=request.POST["comment"])
