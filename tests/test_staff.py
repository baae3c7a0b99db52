"""Staff: invited by mail, a forgotten password by mail, and the lock after too many tries."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.mail import EmailMessage
from django.test import Client
from django_tasks_db.models import DBTaskResult

from fibroblog import limits
from tests.conftest import signed_in
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
ADD = "/admin/auth/user/add/"
USERS = "/admin/auth/user/"
LOGIN = "/admin/login/"
STAFF_PASSWORD = "a long password"  # of make_staff
PASSWORD = "a calm and quiet evening"


def invitation(**fields: Any) -> dict[str, Any]:
    groups = Group.objects.filter(name="Editors").values_list("pk", flat=True)
    return {
        "username": "fern",
        "email": "fern@example.org",
        "first_name": "",
        "last_name": "",
        "groups": list(groups),
        **fields,
    }


def work() -> None:
    """What the worker does with the queue."""
    for row in DBTaskResult.objects.ready():
        row.task.call(*row.args_kwargs["args"])
        row.delete()


def link_in(mail: EmailMessage) -> str:
    found = re.findall(r"http://testserver(/\S+)", str(mail.body))
    assert len(found) == 1
    return str(found[0])


def choose_password(client: Client, link: str, password: str = PASSWORD) -> Any:
    form = client.get(link, follow=True)
    if not form.redirect_chain:
        return form
    return client.post(form.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


def sign_in(client: Client, name: str, password: str = STAFF_PASSWORD) -> Any:
    return client.post(LOGIN, {"username": name, "password": password, "next": "/admin/"})


@pytest.fixture
def boss(administrator: User) -> Client:
    return signed_in(administrator)


def test_an_invited_person_chooses_a_password_and_signs_in(
    boss: Client, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    response = boss.post(ADD, invitation(), follow=True)
    assert "The invitation to fern@example.org is on its way." in response.content.decode()
    fern = User.objects.get(username="fern")
    assert (fern.is_staff, fern.is_superuser, fern.is_active) == (True, False, True)
    assert [group.name for group in fern.groups.all()] == ["Editors"]
    assert not mailoutbox, "mail is the worker's"
    assert DBTaskResult.objects.get().args_kwargs["args"] == [fern.pk, "invited"]
    work()
    (mail,) = mailoutbox
    assert mail.to == ["fern@example.org"]
    assert "within 3 days" in mail.body
    link = link_in(mail)
    assert choose_password(client, link).status_code == 302
    assert sign_in(client, "fern", PASSWORD).headers["Location"] == "/admin/"
    assert client.get("/admin/articles/article/add/").status_code == 200
    # A link opens the door once.
    assert 'name="new_password1"' not in client.get(link, follow=True).content.decode()


def test_looking_at_the_invitation_link_uses_nothing_up(
    boss: Client, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    boss.post(ADD, invitation())
    work()
    before = User.objects.get(username="fern").password
    for _ in range(3):  # mail scanners follow links
        Client().head(link_in(mailoutbox[0]), follow=True)
        Client().get(link_in(mailoutbox[0]), follow=True)
    assert User.objects.get(username="fern").password == before
    assert choose_password(client, link_in(mailoutbox[0])).status_code == 302


def test_an_invitation_runs_out_and_the_forgotten_password_form_helps(
    boss: Client, client: Client, mailoutbox: list[EmailMessage], clock: time_machine.Traveller
) -> None:
    boss.post(ADD, invitation())
    work()
    clock.shift(timedelta(days=limits.INVITATION_DAYS, seconds=1))
    assert choose_password(client, link_in(mailoutbox[0])).status_code == 200
    client.post("/admin/password/forgotten/", {"email": "fern@example.org"})
    work()
    assert len(mailoutbox) == 2
    assert choose_password(client, link_in(mailoutbox[1])).status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": ""}, "required"),
        ({"email": "fern"}, "valid email address"),
        ({"username": ""}, "required"),
        ({"username": "root"}, "already exists"),
        ({"groups": ["999"]}, "not one of the available choices"),
    ],
)
def test_a_wrong_invitation_is_said_and_sends_nothing(
    boss: Client, mailoutbox: list[EmailMessage], fields: dict[str, Any], sentence: str
) -> None:
    response = boss.post(ADD, invitation(**fields))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert User.objects.count() == 1
    assert not DBTaskResult.objects.exists()
    assert not mailoutbox


def test_the_same_invitation_twice_makes_one_account(boss: Client) -> None:
    boss.post(ADD, invitation())
    assert boss.post(ADD, invitation()).status_code == 200
    assert User.objects.filter(username="fern").count() == 1
    assert DBTaskResult.objects.count() == 1


def test_opening_the_form_invites_nobody(boss: Client) -> None:
    text = boss.get(ADD, invitation()).content.decode()
    assert "The link works for three days" in text
    assert 'type="password"' not in text
    assert User.objects.count() == 1


@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_only_administrators_invite(client: Client, group: str) -> None:
    assert client.post(ADD, invitation()).status_code == 302
    member = signed_in(make_staff("member", group))
    for path in (ADD, USERS):
        assert member.get(path).status_code == 403
        assert member.post(path, invitation()).status_code == 403
    assert not User.objects.filter(username="fern").exists()
    assert not DBTaskResult.objects.exists()


def test_only_who_never_signed_in_is_invited_again(boss: Client, mailoutbox: list[EmailMessage]) -> None:
    fresh, old = make_staff("fresh"), make_staff("old")
    gone, silent = make_staff("gone", is_active=False), make_staff("silent", email="")
    sign_in(Client(), "old")
    before = User.objects.get(pk=old.pk).password
    form = {"action": "invite_again", "_selected_action": [user.pk for user in (fresh, old, gone, silent)]}
    assert "Invitations sent: 1." in boss.post(USERS, form, follow=True).content.decode()
    work()
    assert [mail.to for mail in mailoutbox] == [["fresh@example.org"]]
    assert User.objects.get(pk=old.pk).password == before


def test_changing_an_account_sends_no_invitation_and_keeps_its_password(boss: Client, editor: User) -> None:
    form = {
        "username": "ed",
        "email": "new@example.org",
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "01/01/2026",
        "date_joined_1": "10:00",
    }
    assert boss.post(f"{USERS}{editor.pk}/change/", form).status_code == 302
    changed = User.objects.get(pk=editor.pk)
    assert (changed.email, changed.password) == ("new@example.org", editor.password)
    assert not DBTaskResult.objects.exists()


def test_forgotten_passwords_cannot_flood_somebodys_mail(
    client: Client, editor: User, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(limits.CONTACT_PER_ADDRESS + 3):
        assert client.post("/admin/password/forgotten/", {"email": "ed@example.org"}).status_code == 302
    work()
    assert len(mailoutbox) == limits.CONTACT_PER_ADDRESS


def test_the_link_names_the_site_whatever_host_was_asked(
    client: Client, editor: User, mailoutbox: list[EmailMessage]
) -> None:
    client.post("/admin/password/forgotten/", {"email": "ed@example.org"}, headers={"Host": "localhost:6666"})
    work()
    assert "http://testserver/admin/password/" in str(mailoutbox[0].body)
    assert "6666" not in str(mailoutbox[0].body)


def test_a_forgotten_password_is_replaced_by_mail(
    client: Client, editor: User, mailoutbox: list[EmailMessage]
) -> None:
    assert 'name="email"' in client.get("/admin/password/forgotten/").content.decode()
    assert not mailoutbox
    response = client.post("/admin/password/forgotten/", {"email": "ed@example.org"}, follow=True)
    assert response.status_code == 200
    work()
    (mail,) = mailoutbox
    assert mail.to == ["ed@example.org"]
    link = link_in(mail)
    done = choose_password(client, link)
    assert done.status_code == 302
    assert client.get(done.headers["Location"]).status_code == 200
    assert sign_in(Client(), "ed").status_code == 200
    assert sign_in(Client(), "ed", PASSWORD).status_code == 302


def test_the_form_does_not_tell_who_has_an_account(
    client: Client, editor: User, mailoutbox: list[EmailMessage]
) -> None:
    make_staff("gone", is_active=False)
    answers = [
        client.post("/admin/password/forgotten/", {"email": f"{name}@example.org"}, follow=True).content
        for name in ("ed", "nobody", "gone")
    ]
    work()
    assert answers[0] == answers[1] == answers[2]
    assert [mail.to for mail in mailoutbox] == [["ed@example.org"]]


def test_a_weak_password_is_refused_and_the_link_stays_good(
    client: Client, editor: User, mailoutbox: list[EmailMessage]
) -> None:
    client.post("/admin/password/forgotten/", {"email": "ed@example.org"})
    work()
    link = link_in(mailoutbox[0])
    for weak in ("short", "password123", "ed@example.org"):
        assert choose_password(client, link, weak).status_code == 200
    assert User.objects.get(pk=editor.pk).password == editor.password
    assert choose_password(client, link).status_code == 302


@pytest.mark.parametrize(
    "link", ["/admin/password/MQ/set-password/", "/admin/password/MQ/x-y/", "/admin/password/%00/x/"]
)
def test_a_made_up_link_opens_nothing(client: Client, editor: User, link: str) -> None:
    text = client.get(link, follow=True).content.decode()
    assert 'name="new_password1"' not in text
    client.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert User.objects.get(pk=editor.pk).password == editor.password


def lock(client: Client, name: str = "ed") -> None:
    for _ in range(limits.LOGIN_ATTEMPTS):
        sign_in(client, name, "wrong")


def test_one_mistake_fewer_than_the_limit_locks_nobody_out(client: Client, editor: User) -> None:
    for _ in range(limits.LOGIN_ATTEMPTS - 1):
        assert sign_in(client, "ed", "wrong").status_code == 200
    assert sign_in(client, "ed").status_code == 302


def test_too_many_tries_lock_the_name_from_there_even_with_the_right_password(
    client: Client, editor: User
) -> None:
    lock(client)
    response = sign_in(client, "ed")
    text = response.content.decode()
    assert response.status_code == 429
    assert "There were many tries to sign in with this name from here." in text
    assert "/admin/password/forgotten/" in text
    assert client.get("/admin/").status_code == 302


def test_nobody_locks_a_moderator_out_from_elsewhere(client: Client, editor: User, moderator: User) -> None:
    lock(client)
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), "ed").status_code == 302
    assert sign_in(client, "mo").status_code == 302


def test_the_lock_opens_by_itself(client: Client, editor: User, clock: time_machine.Traveller) -> None:
    lock(client)
    clock.shift(limits.LOGIN_LOCK_MINUTES * 60 - 1)
    assert sign_in(client, "ed").status_code == 429
    clock.shift(limits.LOGIN_LOCK_MINUTES * 60 + 1)
    assert sign_in(client, "ed").status_code == 302


def test_signing_in_forgives_the_mistakes_before(client: Client, editor: User) -> None:
    for _ in range(3):
        for _ in range(limits.LOGIN_ATTEMPTS - 1):
            sign_in(client, "ed", "wrong")
        assert sign_in(client, "ed").status_code == 302


def test_a_session_belongs_to_the_admin_and_its_pages_are_private(client: Client, editor: User) -> None:
    cookie = sign_in(client, "ed").cookies["sessionid"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Lax")
    assert client.get("/admin/").headers["Cache-Control"] == "private, no-store"


def test_accounts_without_staff_rights_do_not_get_in(client: Client) -> None:
    make_staff("reader", is_staff=False)
    assert sign_in(client, "reader").status_code == 200
    assert client.get("/admin/").status_code == 302
