"""The contact form: kept first, mailed by the worker, nothing lost on the way."""

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Page
from fibroblog import contact, limits
from fibroblog.models import ContactMessage
from tests.conftest import signed_in
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
WORDS = "There is a mistake in the post about heat, in the second table."
FILLED = {"name": "Wren", "email": "wren@example.org", "body": WORDS, "website": ""}


def send(client: Client, headers: dict[str, str] | None = None, **fields: str) -> Any:
    return client.post("/contact/", {**FILLED, **fields}, headers=headers or {})


def assert_nothing_happened(mailoutbox: list[EmailMessage]) -> None:
    assert not ContactMessage.objects.exists()
    assert not DBTaskResult.objects.exists()
    assert not mailoutbox


def test_a_message_is_stored_and_left_to_the_worker(client: Client, mailoutbox: list[EmailMessage]) -> None:
    response = send(client)
    assert (response.status_code, response.headers["Location"]) == (302, "/contact/?sent=1#sent")
    message = ContactMessage.objects.get()
    assert (message.name, message.email, message.body) == ("Wren", "wren@example.org", WORDS)
    assert (message.sent_at, message.mailed_at) == (timezone.now(), None)
    task = DBTaskResult.objects.get()
    # Queued tasks hold ids, never words.
    assert task.args_kwargs == {"args": [message.pk], "kwargs": {}}
    assert not mailoutbox
    assert "Your message has reached us" in client.get("/contact/?sent=1").content.decode()


def test_the_worker_mails_active_administrators_once_without_a_word_of_the_visitor(
    administrator: User, editor: User, moderator: User, mailoutbox: list[EmailMessage]
) -> None:
    make_staff("gone", is_superuser=True, is_active=False)
    make_staff("silent", is_superuser=True, email="")
    make_staff("second", is_superuser=True)
    message = contact.send(name="Wren", email="wren@example.org", body=WORDS)
    assert contact.mail_administrators.call(message.pk) == 2
    assert contact.mail_administrators.call(message.pk) == 0
    (mail,) = mailoutbox
    assert sorted(mail.recipients()) == ["root@example.org", "second@example.org"]
    assert mail.to == []
    whole = mail.message().as_string()
    for word in ("Wren", "wren@example.org", "mistake"):
        assert word not in whole
    assert f"http://testserver/admin/fibroblog/contactmessage/{message.pk}/change/" in mail.body
    message.refresh_from_db()
    assert message.mailed_at == timezone.now()


def test_without_an_administrator_the_message_waits_unmailed(mailoutbox: list[EmailMessage]) -> None:
    message = contact.send(name="Wren", email="", body=WORDS)
    assert contact.mail_administrators.call(message.pk) == 0
    message.refresh_from_db()
    assert message.mailed_at is None
    assert not mailoutbox


def test_a_mail_that_cannot_be_sent_leaves_the_message_unmailed(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> int:
        raise ConnectionError

    message = contact.send(name="Wren", email="", body=WORDS)
    monkeypatch.setattr(EmailMessage, "send", refuse)
    with pytest.raises(ConnectionError):
        contact.mail_administrators.call(message.pk)
    message.refresh_from_db()
    assert message.mailed_at is None


def test_a_message_deleted_meanwhile_is_not_mailed(
    administrator: User, mailoutbox: list[EmailMessage]
) -> None:
    assert contact.mail_administrators.call(999) == 0
    assert not mailoutbox


def test_looking_at_the_form_changes_nothing(client: Client, mailoutbox: list[EmailMessage]) -> None:
    text = client.get("/contact/", FILLED).content.decode()
    assert client.head("/contact/").status_code == 200
    assert 'id="contact-form"' in text
    assert Page.objects.get(slug="contact").title in text
    assert "csrfmiddlewaretoken" not in text
    assert client.put("/contact/").status_code == 405
    assert_nothing_happened(mailoutbox)


def test_the_form_works_when_its_page_was_taken_away(client: Client) -> None:
    Page.objects.filter(slug="contact").delete()
    assert "<h1>Contact</h1>" in client.get("/contact/").content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Enter your name or a nickname."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"email": "wren"}, "Enter an email address like name@example.org, or leave it empty."),
        ({"email": "a@example.org\nBcc: b@example.org"}, "Enter an email address"),
        ({"website": "https://spam.test"}, "Please leave the box that catches robots empty."),
        ({"body": WORDS + "\0"}, "Null characters are not allowed."),
    ],
)
def test_a_wrong_form_loses_no_word(
    client: Client, mailoutbox: list[EmailMessage], fields: dict[str, str], sentence: str
) -> None:
    response = send(client, None, **fields)
    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text
    assert WORDS in text
    assert "Error: Contact" in text
    assert 'id="error-summary"' in text
    assert_nothing_happened(mailoutbox)


@pytest.mark.parametrize(
    ("body", "sentence"), [("", "Write your message."), ("x" * 10_001, "at most 10000 characters")]
)
def test_a_message_has_words_but_not_without_end(
    client: Client, mailoutbox: list[EmailMessage], body: str, sentence: str
) -> None:
    response = send(client, body=body)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert body in response.content.decode()
    assert_nothing_happened(mailoutbox)


def test_typed_words_are_shown_as_text(client: Client) -> None:
    text = send(client, name="", body="</textarea><script>alert(1)</script>").content.decode()
    assert "<script>alert" not in text


def test_no_email_address_is_needed(client: Client) -> None:
    assert send(client, email="").status_code == 302
    assert ContactMessage.objects.get().email == ""


def test_too_many_messages_from_one_connection_wait_and_keep_their_text(
    client: Client, clock: time_machine.Traveller
) -> None:
    for number in range(limits.CONTACT_PER_ADDRESS):
        assert send(client, body=f"Message {number}").status_code == 302
    response = send(client)
    assert response.status_code == 429
    text = response.content.decode()
    assert "Yours is kept below: wait ten minutes" in text
    assert WORDS in text
    assert ContactMessage.objects.count() == limits.CONTACT_PER_ADDRESS
    other = Client(REMOTE_ADDR="198.51.100.7")
    assert send(other).status_code == 302
    clock.shift(limits.RATE_WINDOW_MINUTES * 60)
    assert send(client).status_code == 302


def test_mistakes_do_not_use_up_what_one_may_send(client: Client) -> None:
    for _ in range(limits.CONTACT_PER_ADDRESS + 1):
        send(client, name="")
    assert send(client).status_code == 302


def test_the_same_click_twice_is_thanked_twice_and_loses_nothing(client: Client) -> None:
    assert [send(client).status_code for _ in range(2)] == [302, 302]
    assert ContactMessage.objects.filter(body=WORDS).exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "https://evil.test"},
        {"Origin": "http://testserver.evil.test"},
        {"Origin": "null"},
        {"Origin": "http://testserver:8080"},
        {"Origin": "http://["},
    ],
)
def test_a_form_sent_by_another_site_is_refused_and_its_text_given_back(
    client: Client, mailoutbox: list[EmailMessage], headers: dict[str, str]
) -> None:
    response = send(client, headers=headers)
    assert response.status_code == 403
    assert "This form was sent from another website." in response.content.decode()
    assert WORDS in response.content.decode()
    assert_nothing_happened(mailoutbox)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://testserver"}],
)
def test_a_form_sent_from_here_is_taken_without_a_token(headers: dict[str, str]) -> None:
    assert send(Client(enforce_csrf_checks=True), headers=headers).status_code == 302


def test_messages_are_read_by_administrators_and_written_by_nobody(
    administrator: User, editor: User, moderator: User
) -> None:
    message = contact.send(name="Wren", email="", body=WORDS)
    path = f"/admin/fibroblog/contactmessage/{message.pk}/change/"
    boss = signed_in(administrator)
    assert WORDS in boss.get(path).content.decode()
    assert "Wren" in boss.get("/admin/fibroblog/contactmessage/").content.decode()
    assert boss.get("/admin/fibroblog/contactmessage/add/").status_code == 403
    boss.post(path, {"body": "other", "name": "other"})
    message.refresh_from_db()
    assert message.body == WORDS
    for user in (editor, moderator):
        assert signed_in(user).get(path).status_code == 403
    assert str(message) == "Wren, 03 March 2026"
