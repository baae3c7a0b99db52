"""Answers of the people who run the blog."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import publishing
from articles.models import Author
from comments import moderation
from comments.models import Comment
from comments.moderation import Seen
from comments.states import State
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


def answer(comment: Comment) -> str:
    return f"/admin/comments/answer/{comment.public_id}/"


def test_an_editor_answers_under_their_authors_name_with_the_word(editor: User, approved: Comment) -> None:
    publishing.save_author(Author(name="Eve Example", slug="eve", user=editor))
    client = signed_in(editor)
    assert approved.public_id in client.get(f"/admin/comments/of/{approved.article_id}/").content.decode()
    response = client.post(answer(approved), {"body": "Thank *you*."})
    stored = approved.replies.get()
    assert response["Location"].endswith(f"/comments/{stored.public_id}/")
    assert (stored.name, stored.badge, stored.state) == ("Eve Example", "editor", State.APPROVED)
    page = Client().get(approved.article.get_absolute_url()).content.decode()
    assert "Eve Example" in page
    assert '<span class="badge">Editor</span>' in page


def test_a_moderators_answer_carries_their_word(moderator: User, approved: Comment) -> None:
    signed_in(moderator).post(answer(approved), {"body": "Please be kind."})
    assert approved.replies.get().badge == "moderator"


def test_a_second_click_answers_once(editor: User, approved: Comment) -> None:
    client = signed_in(editor)
    for _ in range(2):
        client.post(answer(approved), {"body": "Once."})
    assert approved.replies.count() == 1


def test_an_empty_answer_is_said(editor: User, approved: Comment) -> None:
    response = signed_in(editor).post(answer(approved), {"body": " "})
    assert response.status_code == 422
    assert "Write your answer." in response.content.decode()
    assert not approved.replies.exists()


def test_what_is_not_shown_cannot_be_answered(editor: User, approved: Comment) -> None:
    moderation.move(approved, State.REMOVED, by=None, seen=Seen.of(approved))
    assert signed_in(editor).post(answer(approved), {"body": "Late."}).status_code == 404


def test_strangers_and_staff_without_rights_cannot_answer(
    client: Client, moderator: User, approved: Comment
) -> None:
    assert client.post(answer(approved), {"body": "x"})["Location"].startswith("/admin/login/")
    moderator.groups.clear()
    assert signed_in(moderator).post(answer(approved), {"body": "x"}).status_code == 403
    assert signed_in(moderator).get(f"/admin/comments/of/{approved.article_id}/").status_code == 403
    assert not approved.replies.exists()
