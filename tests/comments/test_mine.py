"""What a writer does with a comment of their own."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from articles import publishing
from articles.models import Article
from comments import moderation, ownership, tokens
from comments.models import Comment, Commenter
from comments.states import State
from fibroblog import limits, policy
from fibroblog.models import Policy
from tests.comments.test_public_views import address, fields
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client: Client, article: Article) -> Client:
    client.post(address(article), fields(article, body="My own words"))
    return client


@pytest.fixture
def own(writer: Client) -> Comment:
    return Comment.objects.select_related("article").get()


def at(comment: Comment, what: str) -> str:
    return f"{comment.get_absolute_url()}{what}/"


@pytest.mark.parametrize("what", ["edit", "withdraw"])
def test_strangers_are_not_told_that_it_exists(own: Comment, what: str) -> None:
    stranger = Client()
    assert stranger.get(at(own, what)).status_code == 404
    assert stranger.post(at(own, what), {"body": "Mine now"}).status_code == 404
    own.refresh_from_db()
    assert (own.body, own.state) == ("My own words", State.PENDING)


def test_the_owner_of_one_comment_has_no_power_over_another(
    writer: Client, own: Comment, article: Article
) -> None:
    other = make_comment(article)
    assert writer.post(at(other, "withdraw")).status_code == 404
    no_owner = make_comment(article, owner="")
    stranger = Client()
    stranger.cookies["own"] = ""
    assert stranger.post(at(no_owner, "withdraw")).status_code == 404


def test_editing_replaces_the_text(writer: Client, own: Comment) -> None:
    form = writer.get(at(own, "edit"))
    assert "My own words" in form.content.decode()
    assert form["Cache-Control"] == "private, no-store"
    response = writer.post(at(own, "edit"), {"body": "Better words"})
    assert response.status_code == 302
    own.refresh_from_db()
    assert (own.body, own.revision) == ("Better words", 2)


def test_an_edit_can_be_previewed_first(writer: Client, own: Comment) -> None:
    text = writer.post(at(own, "edit"), {"body": "*New*", "do": "Preview"}).content.decode()
    assert "<em>New</em>" in text
    own.refresh_from_db()
    assert own.body == "My own words"


def test_an_unusable_edit_is_shown_again(writer: Client, own: Comment) -> None:
    response = writer.post(at(own, "edit"), {"body": " "})
    assert response.status_code == 422
    assert "Write your comment." in response.content.decode()
    long = writer.post(at(own, "edit"), {"body": "y" * 10_001})
    assert "y" * 10_001 in long.content.decode()
    own.refresh_from_db()
    assert own.body == "My own words"


def test_too_late_to_edit_keeps_the_new_text_on_the_page(
    writer: Client, own: Comment, clock: time_machine.Traveller
) -> None:
    clock.shift(limits.COMMENT_EDIT_MINUTES * 60)
    response = writer.post(at(own, "edit"), {"body": "Too late words"})
    assert response.status_code == 409
    assert "Too late words</textarea>" in response.content.decode()
    assert "no longer be changed" in response.content.decode()


@pytest.fixture
def link(article: Article) -> tuple[Comment, str]:
    """A confirmed person's comment, and the token of their own page."""
    person = Commenter.objects.create(email="wren@example.org", name="Wren")
    token = tokens.sign(tokens.Action.OWN, about=person.pk, revision=person.links, holds=timedelta(days=1))
    return make_comment(article, commenter=person, state=State.PENDING), token


def test_a_change_from_ones_own_page_is_confirmed_on_any_device(link: tuple[Comment, str]) -> None:
    comment, token = link
    answer = Client().post(f"{at(comment, 'edit')}?as={token}", {"body": "Better words"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Your change was saved" in text
    assert f'href="/my-comments/{token}/"' in text
    assert f'data-sent="{comment.public_id}"' in text
    assert "on this device" not in text
    assert ownership.code_of(comment) not in text
    comment.refresh_from_db()
    assert comment.body == "Better words"


def test_a_change_that_is_published_at_once_is_not_said_to_wait(
    link: tuple[Comment, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    comment, token = link
    policy.change(Policy(publish_trusted=True))
    monkeypatch.setattr("comments.screening.trust.is_trusted", lambda _: True)
    moderation.move(comment, State.APPROVED, by=None, seen=moderation.Seen.of(comment))
    text = Client().post(f"{at(comment, 'edit')}?as={token}", {"body": "Better words"}).content.decode()
    assert "Your comment is published." in text
    assert "A person will read it" not in text


def test_withdrawing_needs_a_button_not_a_look(writer: Client, own: Comment) -> None:
    assert writer.get(at(own, "withdraw")).status_code == 200
    assert writer.head(at(own, "withdraw")).status_code == 200
    own.refresh_from_db()
    assert own.state == State.PENDING
    assert "is withdrawn" in writer.post(at(own, "withdraw")).content.decode()
    own.refresh_from_db()
    assert (own.state, own.body) == (State.WITHDRAWN, "")
    assert "is withdrawn" in writer.post(at(own, "withdraw")).content.decode()
    assert own.decisions.count() == 1, "the second click changes nothing more"


def test_withdrawing_needs_the_forms_own_token(own: Comment, writer: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = writer.cookies
    assert strict.post(at(own, "withdraw")).status_code == 403
    own.refresh_from_db()
    assert own.state == State.PENDING


def test_a_visible_comment_can_be_withdrawn_at_any_age(
    writer: Client, own: Comment, article: Article, clock: time_machine.Traveller
) -> None:
    moderation.move(own, State.APPROVED, by=None, seen=moderation.Seen.of(own))
    clock.shift(300 * 24 * 3600)
    assert "Withdraw" in writer.get(article.get_absolute_url()).content.decode()
    writer.post(at(own, "withdraw"))
    assert "My own words" not in Client().get(article.get_absolute_url()).content.decode()


@pytest.fixture
def old_address(own: Comment, article: Article) -> str:
    """Where the comment was before its post was renamed; ``own`` knows where it is."""
    before = own.get_absolute_url()
    article.slug = own.article.slug = "renamed"
    publishing.save_article(article)
    return before


def test_a_former_address_leads_to_the_comment_and_its_writer_is_known_there(
    writer: Client, own: Comment, old_address: str
) -> None:
    moved = writer.get(old_address)
    assert moved.status_code == 301
    assert moved["Location"] == own.get_absolute_url()
    assert moved.cookies["own"]["path"] == "/articles/renamed/"
    assert moved["Cache-Control"] == "private, no-store"
    newcomer = Client()
    newcomer.cookies["own"] = moved.cookies["own"].value
    assert "My own words" in newcomer.get(moved["Location"]).content.decode()


def test_a_former_address_gives_strangers_no_cookie_and_tells_them_nothing(old_address: str) -> None:
    stranger = Client()
    stranger.cookies["own"] = "forged:value"
    for path in (old_address, old_address.replace(old_address.split("/")[-2], "nonsense1")):
        moved = stranger.get(path)
        assert moved.status_code == 301
        assert not moved.cookies
        assert stranger.get(moved["Location"]).status_code == 404
    assert stranger.get(f"{old_address}edit/").status_code == 404


def test_a_form_left_open_while_the_post_was_renamed_still_changes_and_withdraws(
    writer: Client, own: Comment, old_address: str
) -> None:
    response = writer.post(f"{old_address}edit/", {"body": "Better words"})
    assert response["Location"].startswith("/articles/renamed/?page=1&sent=")
    assert response.cookies["own"]["path"] == "/articles/renamed/"
    own.refresh_from_db()
    assert own.body == "Better words"
    assert "is withdrawn" in writer.post(f"{old_address}withdraw/").content.decode()


@pytest.mark.parametrize("state", [State.PENDING, State.APPROVED])
def test_the_name_can_be_taken_off_once_whether_shown_or_waiting(
    writer: Client, own: Comment, state: State
) -> None:
    if state == State.APPROVED:
        moderation.move(own, state, by=None, seen=moderation.Seen.of(own))
    page = own.article.get_absolute_url()
    assert at(own, "anonymous") in writer.get(page).content.decode()
    assert writer.post(at(own, "anonymous")).status_code in {200, 302}
    own.refresh_from_db()
    assert own.name == "Anonymous"
    assert at(own, "anonymous") not in writer.get(page).content.decode()


def test_the_code_withdraws_from_any_device(own: Comment, article: Article) -> None:
    elsewhere = Client()
    path = f"{address(article)}withdraw/"
    assert elsewhere.get(path).status_code == 200
    typed = ownership.code_of(own).upper().replace("-", " ", 1).replace(" ", "-")
    shown = elsewhere.post(path, {"code": f" {typed} "}).content.decode()
    assert "My own words" in shown
    own.refresh_from_db()
    assert own.state == State.PENDING, "to look at it changes nothing"
    answer = elsewhere.post(path, {"code": ownership.code_of(own), "do": "withdraw"})
    assert "is withdrawn" in answer.content.decode()
    own.refresh_from_db()
    assert own.state == State.WITHDRAWN
    assert "withdrawn already" in elsewhere.post(path, {"code": typed}).content.decode()


@pytest.mark.parametrize("state", [State.DECLINED, State.SPAM, State.REMOVED])
def test_nobody_is_called_a_spammer(link: tuple[Comment, str], state: State) -> None:
    comment, token = link
    for step in [State.APPROVED, state] if state == State.REMOVED else [state]:
        moderation.move(comment, step, by=None, seen=moderation.Seen.of(comment))
    code = {"code": ownership.code_of(comment)}
    for page in (
        Client().get(f"/my-comments/{token}/"),
        Client().post(f"{address(comment.article)}withdraw/", code),
    ):
        assert '<span class="badge">Not published</span>' in page.content.decode()


def test_the_code_takes_the_name_off_and_hands_the_comment_over(own: Comment, article: Article) -> None:
    path = f"{address(article)}withdraw/"
    answer = Client().post(path, {"code": ownership.code_of(own), "do": "download"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.json()["text"] == "My own words"
    Client().post(path, {"code": ownership.code_of(own), "do": "anonymise"})
    own.refresh_from_db()
    assert (own.name, own.body, own.state) == ("Anonymous", "My own words", State.PENDING)


def test_a_wrong_code_does_nothing(own: Comment, article: Article) -> None:
    right = ownership.code_of(own)
    other_post = make_article()
    path = f"{address(article)}withdraw/"
    for wrong in (
        right[:-1] + ("a" if right[-1] != "a" else "b"),
        own.public_id,
        f"{own.public_id}-",
        "x",
        right[1:],
    ):
        response = Client().post(path, {"code": wrong})
        assert response.status_code == 422
        assert "Check each letter" in response.content.decode()
    assert Client().post(f"{address(other_post)}withdraw/", {"code": right}).status_code == 422
    own.refresh_from_db()
    assert own.state == State.PENDING


def test_codes_cannot_be_tried_without_end(own: Comment, article: Article) -> None:
    path = f"{address(article)}withdraw/"
    for _ in range(limits.CODES_PER_ADDRESS):
        Client().post(path, {"code": "wrong"})
    response = Client().post(path, {"code": ownership.code_of(own)})
    assert response.status_code == 429
    own.refresh_from_db()
    assert own.state == State.PENDING


def test_a_code_outlives_the_sites_key(own: Comment, article: Article, settings: Settings) -> None:
    noted, old = ownership.code_of(own), settings.SECRET_KEY
    settings.SECRET_KEY = "another key that is long enough for this site"
    path = f"{address(article)}withdraw/"
    assert Client().post(path, {"code": noted, "do": "withdraw"}).status_code == 422
    settings.SECRET_KEY_FALLBACKS = [old]
    assert ownership.code_of(own) != noted
    assert "is withdrawn" in Client().post(path, {"code": noted, "do": "withdraw"}).content.decode()
    own.refresh_from_db()
    assert (own.state, own.body) == (State.WITHDRAWN, "")


def test_the_code_works_when_the_post_is_no_longer_shown(own: Comment, article: Article) -> None:
    article.status = Article.Status.DRAFT
    publishing.save_article(article)
    path = f"{address(article)}withdraw/"
    form = Client().get(path)
    assert form.status_code == 200
    assert article.title not in form.content.decode()
    answer = Client().post(path, {"code": ownership.code_of(own), "do": "withdraw"}).content.decode()
    assert "is withdrawn" in answer
    assert article.get_absolute_url() not in answer
    own.refresh_from_db()
    assert own.body == ""


def test_of_a_draft_the_page_for_codes_tells_nobody() -> None:
    draft = make_article(status=Article.Status.DRAFT)
    assert Client().get(f"{address(draft)}withdraw/").status_code == 404
