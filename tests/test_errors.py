"""Error pages: plain words, what to do next, and what somebody had typed."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from pytest_django import Settings

from articles.models import Article
from fibroblog import errors
from tests.conftest import signed_in
from tests.factories import make_article

WORDS = "I wrote this for an hour, with sore hands & <b>little</b> light."
SHOWN = "I wrote this for an hour, with sore hands &amp; &lt;b&gt;little&lt;/b&gt; light."


@pytest.fixture
def real_errors(client: Client) -> Client:
    """Shows what a visitor sees; a test client hands the exception on otherwise."""
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
def test_a_page_that_is_not_there_offers_a_search_and_the_latest_posts(client: Client) -> None:
    make_article(title="Does heat help?")
    make_article(title="A hidden draft", status=Article.Status.DRAFT)
    response = client.get("/nowhere/")
    text = response.content.decode()
    assert response.status_code == 404
    assert 'action="/search/"' in text
    assert "Does heat help?" in text
    assert "A hidden draft" not in text
    assert "no-cache" in response.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put"])
def test_what_was_sent_to_a_page_that_is_gone_is_given_back(client: Client, method: str) -> None:
    response = getattr(client, method)("/nowhere/", {"body": WORDS} if method == "post" else None)
    assert response.status_code == 404
    assert (SHOWN in response.content.decode()) is (method == "post")
    assert "<b>little" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "password",
        "password1",
        "password2",
        "old_password",
        "new_password1",
        "new_password2",
        "otp_token",
        "csrfmiddlewaretoken",
    ],
)
def test_secrets_are_never_given_back(client: Client, name: str) -> None:
    secret = "correct horse battery staple " * 2
    assert secret not in client.post("/nowhere/", {name: secret}).content.decode()


@pytest.mark.django_db
def test_a_form_with_far_too_many_fields_sent_to_nowhere_is_no_fault_of_ours(real_errors: Client) -> None:
    response = real_errors.post("/nowhere/", {f"f{number}": "x" for number in range(1_001)})
    assert response.status_code in {400, 404}


@pytest.mark.django_db
def test_an_unreadable_form_sent_to_nowhere_is_no_fault_of_ours(real_errors: Client) -> None:
    response = real_errors.post("/nowhere/", b"garbage", content_type="multipart/form-data; boundary=")
    assert response.status_code in {400, 404}


@pytest.mark.django_db
def test_a_form_too_large_to_read_is_said_kindly(real_errors: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    response = real_errors.post("/contact/", {"body": "x" * 2_000})
    text = response.content.decode()
    assert response.status_code == 413
    assert "larger than we can take in" in text
    assert "your text is still there" in text
    nowhere = real_errors.post(
        "/nowhere/", f"body={'x' * 2_000}", content_type="application/x-www-form-urlencoded"
    )
    assert nowhere.status_code == 413


@pytest.mark.django_db
def test_a_request_that_makes_no_sense_is_answered_in_plain_words(real_errors: Client) -> None:
    response = real_errors.post("/contact/", {f"f{number}": "x" for number in range(1_001)})
    assert response.status_code == 400
    assert "Sorry, we could not read that" in response.content.decode()


@pytest.mark.django_db
def test_a_wrong_host_is_refused(real_errors: Client) -> None:
    assert real_errors.get("/", headers={"Host": "evil.test"}).status_code == 400


@pytest.mark.django_db
def test_a_refusal_gives_its_reason_as_text_and_the_words_back() -> None:
    request = RequestFactory().post("/x/", {"body": WORDS})
    response = errors.permission_denied(request, PermissionDenied("Only <i>editors</i> may."))
    text = response.content.decode()
    assert response.status_code == 403
    assert "Only &lt;i&gt;editors&lt;/i&gt; may." in text
    assert SHOWN in text
    assert (
        "You may need other rights"
        in errors.permission_denied(RequestFactory().get("/"), PermissionDenied()).content.decode()
    )


def test_a_page_open_too_long_keeps_the_text_and_changes_nothing(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post("/admin/articles/article/add/", {"title": "T", "body": WORDS})
    text = response.content.decode()
    assert response.status_code == 403
    assert "This page was open too long" in text
    assert "Your text is safe below." in text
    assert SHOWN in text
    assert 'action="/admin/articles/article/add/"' in text
    assert not Article.objects.exists()


def test_a_page_open_too_long_can_be_sent_on_with_a_new_token(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    text = client.post(
        "/admin/articles/author/add/", {"name": "Eve", "slug": "eve", "bio": ""}
    ).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert token
    again = {"csrfmiddlewaretoken": token[1], "name": "Eve", "slug": "eve", "bio": ""}
    assert client.post("/admin/articles/author/add/", again).status_code == 302


def test_a_form_of_another_site_or_with_a_password_is_not_made_ready_to_send(db: None) -> None:
    fields = {"name": "Eve", "bio": WORDS}
    for request in (
        RequestFactory().post("/x/", fields, headers={"Sec-Fetch-Site": "cross-site"}),
        RequestFactory().post("/x/", {**fields, "password": "a secret of mine"}),
    ):
        text = errors.csrf_failure(request).content.decode()
        assert 'action="/x/"' not in text
        assert "a secret of mine" not in text
        assert SHOWN in text


def test_without_a_text_none_is_promised(db: None) -> None:
    response = errors.csrf_failure(RequestFactory().post("/x/", {"q": " "}))
    assert "Your text is safe" not in response.content.decode()


def test_a_fault_of_ours_is_said_without_a_database(settings: Settings) -> None:
    # No database mark: whatever broke may be just that.
    response = errors.server_error(RequestFactory().get("/"))
    text = response.content.decode()
    assert response.status_code == 500
    assert "The fault is ours." in text
    assert "Traceback" not in text


@pytest.mark.django_db
def test_a_fault_of_ours_shows_the_plain_page(real_errors: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("articles.querysets.ArticleQuerySet.newest", broken)
    response = real_errors.get("/")
    assert response.status_code == 500
    assert "The fault is ours." in response.content.decode()
    assert "secret" not in response.content.decode()


def test_staff_without_the_right_are_told_so(moderator: User) -> None:
    response = signed_in(moderator).get("/admin/articles/article/add/")
    assert response.status_code == 403
    assert "You may need other rights for this page." in response.content.decode()
