"""Ending a talk from a card: a part of it, or all."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article
from comments import closing, moderation, refusals
from comments.models import Comment, Decision, Discussion
from comments.moderation import Seen
from comments.states import State
from fibroblog import pages
from tests.conftest import signed_in
from tests.factories import make_comment, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(article: Article) -> list[Comment]:
    """A comment, a reply to it, a reply to that, and another comment."""
    first = make_comment(article, public_id="abcdefghj")
    reply = make_comment(article, parent=first)
    return [first, reply, make_comment(article, parent=reply), make_comment(article)]


def test_below_a_locked_comment_nobody_replies(talk: list[Comment], moderator: User) -> None:
    first, reply, deep, other = talk
    closing.lock(reply, by=moderator)
    for parent in (reply, deep):
        with pytest.raises(refusals.Refused, match="closed this part"):
            post(first.article, parent=Comment.objects.get(pk=parent.pk), body=f"To {parent.pk}")
    for parent in (first, other):
        post(first.article, parent=parent, body=f"To {parent.pk}")
    page = Client().get(first.article.get_absolute_url()).content.decode()
    assert page.count("closed this part to new replies") == 2
    assert f"?reply={first.public_id}#" in page
    assert f"?reply={deep.public_id}#" not in page
    own = Client().get(deep.get_absolute_url()).content.decode()
    assert f"?reply={deep.public_id}#" not in own


def test_what_waited_before_the_lock_is_the_moderators_to_decide(
    talk: list[Comment], moderator: User
) -> None:
    reply = make_comment(talk[0].article, parent=talk[0], state=State.PENDING)
    page = signed_in(moderator).get("/admin/comments/queue/").content.decode()
    assert "closed this part" not in page
    closing.lock(talk[0], by=moderator)
    page = signed_in(moderator).get("/admin/comments/queue/").content.decode()
    assert "It was sent before a moderator closed this part to new replies: you can still approve it" in page
    moderation.move(reply, State.APPROVED, by=moderator, seen=Seen.of(reply))
    assert Comment.objects.get(pk=reply.pk).state == State.APPROVED


def test_unlocked_it_takes_replies_again_and_the_log_has_both(talk: list[Comment], moderator: User) -> None:
    first = talk[0]
    before = pages.version_of(f"discussion:{first.article_id}")
    closing.lock(first, by=moderator)
    closing.lock(first, by=moderator)
    closing.unlock(first, by=moderator)
    post(first.article, parent=Comment.objects.get(pk=first.pk))
    entries = Decision.log.filter(what="thread").order_by("pk")
    assert [(entry.was, entry.to, entry.by) for entry in entries] == [
        ("open", "locked", moderator),
        ("locked", "open", moderator),
    ]
    assert pages.version_of(f"discussion:{first.article_id}") == before + 2


def test_the_text_of_a_reply_that_came_too_late_is_given_back(talk: list[Comment], moderator: User) -> None:
    first = talk[0]
    closing.lock(first, by=moderator)
    form = {"name": "Wren", "body": "My long answer.", "parent": first.public_id, "do": "Send comment"}
    response = Client().post(f"/articles/{first.article.slug}/comments/", form)
    assert response.status_code == 422
    assert "My long answer." in response.content.decode()
    assert not Comment.objects.filter(body="My long answer.").exists()


def test_a_discussion_is_closed_and_opened_again(article: Article, moderator: User) -> None:
    closing.close_discussion(article.pk, by=moderator)
    assert not Discussion.objects.of(article).is_open
    with pytest.raises(refusals.Closed):
        post(article)
    Discussion.objects.update(closes_after_days=0)
    closing.open_discussion(article.pk, by=moderator)
    assert Discussion.objects.of(article).is_open
    assert Decision.log.filter(what="discussion", by=moderator, about=article.pk).count() == 2


def test_the_card_does_both(talk: list[Comment], moderator: User, editor: User) -> None:
    path = "/admin/comments/queue/abcdefghj/"
    for what in ("lock", "close"):
        assert signed_in(moderator).get(f"{path}{what}/").status_code == 405
        assert Client().post(f"{path}{what}/").status_code == 302
        assert signed_in(editor).post(f"{path}{what}/").status_code == 403
    article = talk[0].article

    def state() -> tuple[bool, bool]:
        return Comment.objects.get(pk=talk[0].pk).is_locked, Discussion.objects.of(article).is_open

    assert state() == (False, True)
    for what in ("lock", "close"):
        assert signed_in(moderator).post(f"{path}{what}/", {"do": what}).status_code == 302
    assert state() == (True, False)
    card = signed_in(moderator).get(path).content.decode()
    assert "Take replies again" in card
    assert "Open the discussion again" in card
    for what, do in (("lock", "unlock"), ("close", "open")):
        signed_in(moderator).post(f"{path}{what}/", {"do": do})
    assert state() == (False, True)
