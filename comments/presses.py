"""Answers with one press: "This helped" on a post, "With you" on a comment. One per browser, taken back as easily.

The numbers that readers see are written by `fold` alone, so that a press never moves a public page by itself.
"""

from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.crypto import get_random_string

from articles.models import Article
from fibroblog import pages

from .browser_keys import BrowserKey
from .models import Comment, Discussion, Press
from .states import State

SHOWN_FROM = 3  # fewer could be told apart, and a lonely "1" is no comfort
# A press that was taken back after it was counted stays until the next fold, as nobody's: else that fold could not
# know where to count again. No hash begins with this.
NOBODY = "nobody-"

_keys = BrowserKey("pressed", salt="comments.presses", prefix="pressed")
key_in = _keys.key_in


def press(article: Article, comment: Comment | None, *, key: str) -> str:
    """Note a press on the comment, or on the post itself; a second one by the same browser is the first.

    Returns the key that the browser has to keep: the one it came with, if any.
    """
    key = key or _keys.new()
    Press.objects.get_or_create(article=article, comment=comment, browser=_keys.hash_of(key))
    return key


def take_back(article: Article, comment: Comment | None, *, key: str) -> None:
    mine = Press.objects.filter(article=article, comment=comment, browser=_keys.hash_of(key))
    if not mine.filter(counted=False).delete()[0]:
        mine.update(browser=NOBODY + get_random_string(40), counted=False)


@transaction.atomic
def fold() -> int:
    """Bring the shown numbers up to the presses; returns for how many posts and comments it counted.

    Called once a minute at most: however many press, a page changes no more often than that.
    """
    # Locked, so that whoever takes one back now waits, and then finds it counted.
    new = list(Press.objects.select_for_update().filter(counted=False))
    valid = Press.objects.exclude(browser__startswith=NOBODY)
    on_comments = {press.comment_id for press in new if press.comment_id}
    on_posts = {press.article_id for press in new if not press.comment_id}
    changed = set()
    for comment in Comment.objects.filter(pk__in=on_comments).only("article_id", "state", "with_you"):
        count = valid.filter(comment=comment).count()
        if shown(count) != shown(comment.with_you) and comment.state == State.APPROVED:
            changed.add(comment.article_id)
        Comment.objects.filter(pk=comment.pk).update(with_you=count)
    for article in on_posts:
        count = valid.filter(article=article, comment=None).count()
        discussion, _ = Discussion.objects.get_or_create(article_id=article)
        if shown(count) != shown(discussion.helped):
            changed.add(article)
        Discussion.objects.filter(pk=discussion.pk).update(helped=count)
    seen = [press.pk for press in new]
    Press.objects.filter(pk__in=seen, browser__startswith=NOBODY).delete()
    Press.objects.filter(pk__in=seen).update(counted=True)
    pages.changed(discussions=changed)
    return len(on_comments) + len(on_posts)


def count_again(article_id: int) -> None:
    """Have the next fold count the presses on a post, whose number was lost."""
    Press.objects.filter(article=article_id, comment=None).update(counted=False)


def shown(count: int) -> int:
    """The number that readers see; nought where they see none."""
    return count if count >= SHOWN_FROM else 0


def remember(response: HttpResponseBase, article: Article, key: str, *, secure: bool) -> None:
    # Sent with presses alone: the post's own page stays the same for everybody.
    _keys.remember(response, key, path=reverse("with-you", args=[article.slug]), secure=secure)
