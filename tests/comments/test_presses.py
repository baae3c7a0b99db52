"""Answers with one press: "This helped" on a post, "With you" on a comment."""

import gzip
from http.cookies import Morsel

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import moderation, presses
from comments.models import Comment, Discussion, Press
from comments.moderation import Seen
from comments.states import State
from fibroblog import limits, pages, policy
from fibroblog.models import Policy
from tests.conftest import signed_in
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db


def address(article: Article) -> str:
    return f"{article.get_absolute_url()}comments/with-you/"


def press(client: Client, thing: Article | Comment, **more: str) -> int:
    fields = {"comment": thing.public_id} if isinstance(thing, Comment) else {}
    article = thing.article if isinstance(thing, Comment) else thing
    return client.post(address(article), {**fields, **more}).status_code


def press_by(thing: Article | Comment, *, people: int) -> list[Client]:
    clients = [Client() for _ in range(people)]
    assert {press(client, thing) for client in clients} == {200}
    return clients


def version(article: Article) -> int:
    return pages.version_of(f"discussion:{article.pk}")


def shown_page(article: Article) -> str:
    return Client().get(article.get_absolute_url()).content.decode()


def with_you(comment: Comment) -> int:
    comment.refresh_from_db()
    return comment.with_you


# Pressing ----------------------------------------------------------------------------------------


def test_a_press_on_a_comment_is_one_row_and_a_thank_you(client: Client, approved: Comment) -> None:
    response = client.post(address(approved.article), {"comment": approved.public_id})
    text = response.content.decode()
    assert response.status_code == 200
    assert f"You are with {approved.name}." in text
    assert f'href="{approved.get_absolute_url()}"' in text
    assert "Take it back" in text
    assert response["Cache-Control"] == "private, no-store"
    assert Press.objects.get().comment == approved
    assert with_you(approved) == 0


def test_a_press_on_the_post_is_for_the_post(client: Client, approved: Comment) -> None:
    assert press(client, approved.article) == 200
    assert Press.objects.get().comment is None


def test_the_second_press_is_the_first(client: Client, approved: Comment) -> None:
    for _ in range(3):
        assert press(client, approved) == 200
        assert press(client, approved.article) == 200
    assert Press.objects.count() == 2
    presses.fold()
    assert press(client, approved) == 200
    assert Press.objects.filter(counted=True).count() == 2


def cookie_of(client: Client, article: Article) -> "Morsel[str]":
    return client.post(address(article)).cookies["pressed"]


def test_the_cookie_is_sent_with_presses_alone_and_changes_no_page(client: Client, article: Article) -> None:
    before = shown_page(article)
    cookie = cookie_of(client, article)
    assert cookie["path"] == address(article)
    assert cookie["httponly"]
    assert Press.objects.get().browser not in cookie.value
    # Even a browser that sent it along would get the page that everybody gets.
    response = client.get(article.get_absolute_url())
    assert response["Cache-Control"] == "no-cache"
    assert response.content.decode() == before


def test_a_forged_cookie_is_a_new_browser(client: Client, article: Article) -> None:
    key = cookie_of(client, article).value
    for forged in (f"{key}x", Press.objects.get().browser, "", "x:y"):
        stranger = Client()
        stranger.cookies["pressed"] = forged
        press(stranger, article, do="take back")
    assert Press.objects.count() == 1


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_only_what_readers_see_can_be_pressed(client: Client, article: Article, state: State) -> None:
    comment = make_comment(article, state=state)
    assert press(client, comment) == 404
    assert not Press.objects.exists()


def test_a_comment_of_another_post_is_not_found(client: Client, article: Article, approved: Comment) -> None:
    other = make_article()
    for public_id in (approved.public_id, "", "nonsense"):
        assert client.post(address(other), {"comment": public_id}).status_code == 404
    draft = make_article(status=Article.Status.DRAFT)
    assert press(client, draft) == 404
    assert not Press.objects.exists()


def test_looking_presses_nothing(client: Client, article: Article) -> None:
    assert client.get(address(article)).status_code == 405
    assert client.head(address(article)).status_code == 405
    assert not Press.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_another_site_cannot_press(client: Client, article: Article, headers: dict[str, str]) -> None:
    assert client.post(address(article), headers=headers).status_code == 403
    assert not Press.objects.exists()


def test_too_many_presses_are_answered_kindly(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PRESSES_PER_ADDRESS", 2)
    press_by(article, people=2)
    response = client.post(address(article))
    assert response.status_code == 429
    assert "wait ten minutes, then press again" in response.content.decode()
    assert "pressed" not in response.cookies
    assert Press.objects.count() == 2


def test_the_script_gets_no_page(client: Client, approved: Comment) -> None:
    path, fields = address(approved.article), {"comment": approved.public_id}
    response = client.post(path, fields, headers={"X-Requested-With": "fetch"})
    assert (response.status_code, response.content) == (204, b"")
    assert press(client, approved, do="take back") == 200
    assert not Press.objects.exists()


# Numbers -----------------------------------------------------------------------------------------


def test_two_are_not_told_and_three_are(approved: Comment) -> None:
    article = approved.article
    press_by(approved, people=2)
    press_by(article, people=2)
    before = version(article)
    assert presses.fold() == 2
    assert version(article) == before
    text = shown_page(article)
    assert "are with you" not in text
    assert "readers say" not in text
    press_by(approved, people=1)
    press_by(article, people=1)
    assert "are with you" not in shown_page(article)  # not before it was folded in
    assert version(article) == before
    assert presses.fold() == 2
    assert version(article) == before + 1
    text = shown_page(article)
    assert "3 are with you" in text
    assert "3 readers say that this helped." in text


def test_where_nobody_pressed_folding_writes_nothing(approved: Comment) -> None:
    press_by(approved, people=4)
    presses.fold()
    before = version(approved.article)
    with CaptureQueriesContext(connection) as captured:
        assert presses.fold() == 0
    assert version(approved.article) == before
    assert not [q for q in captured if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


def test_one_taken_back_is_counted_no_more(approved: Comment) -> None:
    people = press_by(approved, people=3)
    presses.fold()
    assert press(people[0], approved, do="take back") == 200
    assert "3 are with you" in shown_page(approved.article)
    before = version(approved.article)
    presses.fold()
    assert with_you(approved) == 2
    assert "are with you" not in shown_page(approved.article)
    assert version(approved.article) == before + 1
    assert Press.objects.count() == 2


def test_all_taken_back_at_once_leaves_nothing(approved: Comment) -> None:
    people = [*press_by(approved, people=3), *press_by(approved.article, people=3)]
    presses.fold()
    for client in people:
        press(client, approved, do="take back")
        press(client, approved.article, do="take back")
    presses.fold()
    assert with_you(approved) == 0
    assert Discussion.objects.get().helped == 0
    assert not Press.objects.exists()


def test_taken_back_and_pressed_again_counts_once(approved: Comment) -> None:
    people = press_by(approved, people=3)
    presses.fold()
    for _ in range(2):
        press(people[0], approved, do="take back")
        press(people[0], approved)
    presses.fold()
    assert with_you(approved) == 3
    assert Press.objects.count() == 3


def test_nobody_takes_back_what_another_pressed(client: Client, approved: Comment) -> None:
    press_by(approved, people=1)
    assert press(client, approved, do="take back") == 200
    press(client, approved.article)
    assert press(client, approved, do="take back") == 200
    assert Press.objects.filter(comment=approved).count() == 1


def test_a_comment_that_is_gone_shows_no_number(approved: Comment) -> None:
    press_by(approved, people=3)
    make_comment(approved.article, parent=approved)
    moderation.withdraw(approved)
    before = version(approved.article)
    presses.fold()
    assert version(approved.article) == before
    assert "are with you" not in shown_page(approved.article)


def test_a_discussion_set_back_to_the_ordinary_keeps_its_number(article: Article) -> None:
    press_by(article, people=3)
    presses.fold()
    moderation.reset_discussions([Discussion.objects.get()])
    presses.fold()
    assert Discussion.objects.get().helped == 3


def test_a_number_does_not_close_a_discussion(article: Article) -> None:
    press_by(article, people=1)
    presses.fold()
    assert Discussion.objects.of(article).is_open


# Off, and cheap ----------------------------------------------------------------------------------


def test_switched_off_there_is_no_button_no_number_and_no_address(client: Client, approved: Comment) -> None:
    press_by(approved, people=3)
    press_by(approved.article, people=3)
    presses.fold()
    policy.change(Policy(presses=False))
    for path in (approved.article.get_absolute_url(), approved.get_absolute_url()):
        text = client.get(path).content.decode()
        for word in ("With you", "This helped", "are with you", "readers say", 'id="with-you"'):
            assert word not in text
    assert press(client, approved) == 404
    assert press(client, approved.article) == 404
    assert Press.objects.count() == 6


def test_every_button_has_its_form(client: Client, approved: Comment) -> None:
    for path in (approved.article.get_absolute_url(), approved.get_absolute_url()):
        text = client.get(path).content.decode()
        assert text.count('<form id="with-you"') == 1
        assert text.count('form="with-you"') == 1
        assert f'value="{approved.public_id}">With you<span' in text


def test_staff_see_no_buttons_in_a_preview(editor: User) -> None:
    draft = make_article(status=Article.Status.DRAFT)
    text = signed_in(editor).get(f"/admin/articles/article/{draft.pk}/preview/").content.decode()
    assert "This helped" not in text


def test_a_page_with_fifty_comments_stays_small_and_asks_no_more(client: Client, article: Article) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(article.get_absolute_url())
        return len(captured)

    make_comment(article, parent=make_comment(article))
    queries()  # what is kept in memory for all requests is asked for once
    few = queries()
    for number in range(48):
        make_comment(article, body=f"Some words of an ordinary length, number {number}. " * 4)
    Comment.objects.update(with_you=12)
    assert queries() == few
    assert len(gzip.compress(client.get(article.get_absolute_url()).content)) < 30 * 1024


def test_a_comment_that_comes_back_keeps_its_number(approved: Comment, moderator: User) -> None:
    press_by(approved, people=3)
    presses.fold()
    decision = moderation.move(approved, State.REMOVED, by=moderator, seen=Seen.of(approved))
    moderation.undo(decision, by=moderator)
    assert "3 are with you" in shown_page(approved.article)
