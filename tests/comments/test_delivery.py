"""The worker's side of the outbox, against a mail server that does all that mail servers do."""

import asyncio
import logging
import re
import smtplib
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments import delivery, moderation, outbox, people, tokens
from comments.delivery import BACK_OFF, CLAIM
from comments.models import Comment, Commenter, Confirmation, Mail
from comments.moderation import Seen
from comments.states import State
from fibroblog import limits
from tests.comments.letters import confirmed, press
from tests.comments.test_public_views import address, fields
from tests.conftest import signed_in
from tests.factories import make_article, make_comment

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # aiosmtpd's own
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, Envelope, Session

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
]


class Server:
    """A real mail server on this machine. ``rcpt`` and ``data`` are its answers; each may depend on the recipient."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.connections = 0
        self.rcpt: Callable[[str], str] = lambda address: "250 OK"
        self.data: Callable[[str], str] = lambda address: "250 OK"

    async def handle_EHLO(  # noqa: N802  # aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str
    ) -> str:
        self.connections += 1
        session.host_name = hostname
        return "250 HELP"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.data(envelope.rcpt_tos[0])
        if answer == "drop":
            server.transport.close()  # type: ignore[union-attr]
            return "451 gone"
        if answer == "hang":
            await asyncio.sleep(3600)
        if answer.startswith("250"):
            self.letters.append(cast("bytes", envelope.content))
        return answer

    def got(self, header: bytes) -> list[bytes]:
        return [
            found.group(1).strip()
            for letter in self.letters
            if (found := re.search(rb"^" + header + rb": ([^\r\n]*)", letter, re.MULTILINE))
        ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def use_smtp(settings: Any) -> Callable[[int], None]:
    def use(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.4

    return use


@pytest.fixture
def server(use_smtp: Callable[[int], None]) -> Iterator[Server]:
    handler = Server()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        controller = Controller(handler, hostname="127.0.0.1", port=free_port())
        controller.start()
    use_smtp(controller.port)
    yield handler
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        controller.stop()


def letters_to(*names: str) -> list[Mail]:
    """One waiting mail for each, in this order."""
    for name in names:
        outbox.send_own_page(confirmed(f"{name}@example.org", name.title()))
    return list(Mail.objects.order_by("pk"))


def states() -> dict[str, tuple[str, int]]:
    rows = Mail.objects.select_related("commenter")
    return {str(row.commenter and row.commenter.name): (row.state, row.attempts) for row in rows}


# A server in trouble -----------------------------------------------------------------------------


def test_a_sound_server_gets_each_mail_once(server: Server) -> None:
    letters_to("wren", "robin")
    assert delivery.deliver() == 2
    assert server.got(b"To") == [b"wren@example.org", b"robin@example.org"]
    assert delivery.deliver() == 0
    assert len(server.letters) == 2
    assert not Mail.objects.exclude(state=Mail.State.SENT, problem="", claimed_at=None).exists()


def test_word_of_somebody_at_risk_goes_before_all_others(
    server: Server, pending: Comment, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters_to("wren", "robin")
    Mail.objects.update(due_at=timezone.now() - timedelta(hours=1))
    outbox.tell_moderators_of_risk(pending)
    monkeypatch.setattr(delivery, "BATCH", 2)
    delivery.deliver()
    delivery.deliver()
    assert server.got(b"To") == [moderator.email.encode(), b"wren@example.org", b"robin@example.org"]


def posts_and_decides(article: Article, moderator: User, name: str) -> int:
    """How many queries it takes to send a comment and to approve it."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = Client().post(
            address(article), fields(article, email=f"{name}@example.org", body=f"By {name}")
        )
    assert answer.status_code == 302
    comment = Comment.objects.get(body=f"By {name}")
    form = {"do": "approve", "seen": "pending.1"}
    signed_in(moderator).post(f"/admin/comments/queue/{comment.public_id}/decide/", form)
    comment.refresh_from_db()
    assert comment.state == State.APPROVED
    return len(queries)


def test_sending_and_deciding_never_touch_the_mail_server(
    server: Server,
    use_smtp: Callable[[int], None],
    article: Article,
    moderator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    posts_and_decides(article, moderator, "warm")
    Mail.objects.all().delete()
    with_server = posts_and_decides(article, moderator, "wren")
    assert server.connections == 0
    use_smtp(free_port())

    def no_connection(*args: object, **kwargs: object) -> None:
        raise AssertionError("a request opened a connection")

    monkeypatch.setattr(smtplib.SMTP, "connect", no_connection)
    assert posts_and_decides(article, moderator, "robin") == with_server
    assert Mail.objects.filter(state=Mail.State.WAITING, kind=Mail.Kind.CONFIRM).count() == 2


def test_a_dead_server_loses_nothing_and_blames_one_mail_a_round(
    use_smtp: Callable[[int], None], clock: time_machine.Traveller
) -> None:
    use_smtp(free_port())
    letters_to("wren", "robin", "jay")
    assert delivery.deliver() == 0
    assert states() == {"Wren": ("waiting", 1), "Robin": ("waiting", 0), "Jay": ("waiting", 0)}
    row = Mail.objects.get(attempts=1)
    assert row.due_at == row.created_at + BACK_OFF[0]
    assert row.problem.startswith("ConnectionRefusedError")


def test_what_a_dead_server_held_up_goes_out_when_it_is_back(
    server: Server, use_smtp: Callable[[int], None], settings: Any, clock: time_machine.Traveller
) -> None:
    up = settings.EMAIL_PORT
    use_smtp(free_port())
    letters_to("wren", "robin")
    delivery.deliver()
    use_smtp(up)
    clock.shift(BACK_OFF[0])
    assert delivery.deliver() == 2
    assert sorted(server.got(b"To")) == [b"robin@example.org", b"wren@example.org"]


def test_pauses_grow_until_a_mail_is_given_up_and_listed_for_administrators(
    use_smtp: Callable[[int], None],
    clock: time_machine.Traveller,
    administrator: User,
    moderator: User,
    server: Server,
    settings: Any,
) -> None:
    up = settings.EMAIL_PORT
    use_smtp(free_port())
    (row,) = letters_to("wren")
    pauses = []
    for _ in range(limits.MAIL_ATTEMPTS - 1):
        before = row.due_at
        delivery.deliver()
        row.refresh_from_db()
        assert row.state == Mail.State.WAITING
        pauses.append(row.due_at - before)
        clock.move_to(row.due_at - timedelta(seconds=1))
        assert delivery.deliver() == 0
        clock.move_to(row.due_at)
    assert pauses == BACK_OFF
    assert pauses == sorted(pauses)
    delivery.deliver()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (Mail.State.GIVEN_UP, limits.MAIL_ATTEMPTS)
    clock.shift(timedelta(days=30))
    assert delivery.deliver() == 0
    listing = signed_in(administrator).get("/admin/comments/mail/?state__exact=given_up").content.decode()
    assert "Given up" in listing
    assert "wren@example.org" not in listing
    again = {"action": "send_again", "_selected_action": [row.pk]}
    assert signed_in(moderator).post("/admin/comments/mail/", again).status_code == 403
    assert Mail.objects.get().state == Mail.State.GIVEN_UP
    use_smtp(up)
    signed_in(administrator).post("/admin/comments/mail/", again)
    assert delivery.deliver() == 1
    assert server.got(b"To") == [b"wren@example.org"]


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_an_address_that_is_refused_for_good_is_given_up_at_once(server: Server, where: str) -> None:
    setattr(server, where, lambda address: "550 no wren@example.org here" if "wren" in address else "250 OK")
    letters_to("wren", "robin")
    assert delivery.deliver() == 1
    assert states() == {"Wren": ("given_up", 1), "Robin": ("sent", 1)}
    assert "@" not in Mail.objects.get(state="given_up").problem
    assert "550" in Mail.objects.get(state="given_up").problem


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_an_address_that_is_refused_for_now_is_tried_later(
    server: Server, where: str, clock: time_machine.Traveller
) -> None:
    setattr(server, where, lambda address: "451 later" if "wren" in address else "250 OK")
    letters_to("wren", "robin")
    assert delivery.deliver() == 1
    assert states() == {"Wren": ("waiting", 1), "Robin": ("sent", 1)}
    setattr(server, where, lambda address: "250 OK")
    assert delivery.deliver() == 0
    clock.shift(BACK_OFF[0])
    assert delivery.deliver() == 1


@pytest.mark.parametrize("how", ["drop", "hang"])
def test_a_mail_that_breaks_the_line_does_not_hold_up_the_others(
    server: Server, how: str, clock: time_machine.Traveller
) -> None:
    server.data = lambda address: how if "wren" in address else "250 OK"
    letters_to("wren", "robin", "jay")
    assert delivery.deliver() == 0
    assert states()["Robin"] == ("waiting", 0)
    assert delivery.deliver() == 2, "the next round begins with the others"
    assert states()["Wren"] == ("waiting", 1)
    server.data = lambda address: "250 OK"
    clock.shift(BACK_OFF[0])
    assert delivery.deliver() == 1


def test_a_server_that_refuses_our_password_marks_no_other_mail(server: Server, settings: Any) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    letters_to("wren", "robin")
    assert delivery.deliver() == 0
    assert sorted(states().values()) == [("waiting", 0), ("waiting", 1)]


def test_a_letter_that_cannot_be_written_is_given_up_and_holds_up_nobody(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    letters_to("wren", "robin", "jay")
    bad = ['"a\x0b.:b"@example.org', "robin@example.org\r\nBcc: all@example.org"]
    for name, address_ in zip(("Wren", "Robin"), bad, strict=True):
        Commenter.objects.filter(name=name).update(email=address_)
    assert delivery.deliver() == 1
    assert states() == {"Wren": ("given_up", 1), "Robin": ("given_up", 1), "Jay": ("sent", 1)}
    assert server.got(b"To") == [b"jay@example.org"]
    assert "example.org" not in caplog.text


def test_a_site_name_cannot_add_a_header(server: Server, settings: Any, article: Article) -> None:
    settings.EMAIL_SUBJECT_PREFIX = "[Site\r\nBcc: all@example.org] "
    letters_to("wren")
    assert delivery.deliver() == 0
    assert Mail.objects.get().state == Mail.State.GIVEN_UP
    assert server.letters == []


def test_names_and_titles_add_no_header(server: Server, article: Article, moderator: User) -> None:
    nasty = "x\r\nBcc: all@example.org\r\n\r\nBuy"
    Article.objects.filter(pk=article.pk).update(title=nasty)
    wren = confirmed(name=nasty)
    comment = make_comment(article, state=State.PENDING, commenter=wren, name=nasty)
    comment.refresh_from_db()
    moderation.move(comment, State.DECLINED, by=moderator, seen=Seen.of(comment), reason="other", note=nasty)
    assert delivery.deliver() == 1
    head, _, _ = server.letters[0].replace(b"\r\n", b"\n").partition(b"\n\n")
    assert b"Bcc" not in head
    assert b"all@" not in head
    assert server.got(b"Subject") == [b"[Fibroblog] Your comment is not published"]


def test_no_log_line_holds_an_address(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    server.rcpt = lambda address: f"550 {address} is unknown"
    letters_to("wren")
    delivery.deliver()
    assert "A mail could not be sent: SMTPRecipientsRefused 550" in caplog.text
    assert "wren" not in caplog.text


# A worker that dies ------------------------------------------------------------------------------


class Died(BaseException):
    """As when the machine stops: nothing catches it."""


def test_a_crash_after_sending_doubles_one_mail_and_one_only(
    server: Server, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    letters_to("wren", "robin")
    mark = delivery._mark

    def die(mails: list[Mail], state: Mail.State) -> None:
        if state == Mail.State.SENT:
            raise Died
        mark(mails, state)

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark", die)
        with pytest.raises(Died):
            delivery.deliver()
    assert delivery.deliver() == 1, "Robin's; Wren's is claimed by the dead one"
    clock.shift(CLAIM - timedelta(seconds=1))
    assert delivery.deliver() == 0
    clock.shift(timedelta(seconds=2))
    assert delivery.deliver() == 1
    clock.shift(CLAIM * 2)
    assert delivery.deliver() == 0
    ids = server.got(b"Message-ID")
    assert len(ids) == 3
    assert len(set(ids)) == 2, "the double can be told by its id"


def test_a_crash_before_sending_doubles_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    letters_to("wren")

    def die(message: EmailMessage) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_send", die)
        with pytest.raises(Died):
            delivery.deliver()
    assert delivery.deliver() == 0
    clock.shift(CLAIM + timedelta(seconds=1))
    assert delivery.deliver() == 1
    assert len(server.letters) == 1


def test_a_mail_that_no_worker_outlives_is_given_up_like_any_other(
    server: Server, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    letters_to("wren")

    def die(message: EmailMessage) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_send", die)
        for _ in range(limits.MAIL_ATTEMPTS):
            with pytest.raises(Died):
                delivery.deliver()
            clock.shift(CLAIM + timedelta(seconds=1))
    assert delivery.deliver() == 0
    row = Mail.objects.get()
    assert (row.state, row.attempts, row.problem) == (
        Mail.State.GIVEN_UP,
        limits.MAIL_ATTEMPTS,
        "WorkerDied",
    )
    assert not server.letters


def test_whoever_is_erased_while_mail_goes_out_gets_none_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    letters_to("wren", "robin")
    send = delivery._send

    def erase_meanwhile(message: EmailMessage) -> None:
        for person in Commenter.objects.all():
            people.erase(person)
        send(message)

    monkeypatch.setattr(delivery, "_send", erase_meanwhile)
    assert delivery.deliver() == 1, "the one that was on its way at that moment"
    assert [letter.to for letter in mail.outbox] == [["wren@example.org"]]
    assert not Mail.objects.exists()
    assert delivery.deliver() == 0


# Several at once ---------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Each in a thread with a connection of its own, all let go at the same moment."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, act) for act in acts]]


@pytest.mark.usefixtures("real_transactions")
def test_two_workers_send_each_mail_once(server: Server) -> None:
    letters_to(*(f"bird{number}" for number in range(12)))
    sent = at_once(delivery.deliver, delivery.deliver)
    assert sum(sent) == 12  # type: ignore[arg-type]
    assert len(server.letters) == len(set(server.got(b"To"))) == 12
    assert not Mail.objects.exclude(state=Mail.State.SENT, attempts=1).exists()


@pytest.mark.usefixtures("real_transactions")
def test_two_workers_tear_no_digest_in_two(server: Server, clock: time_machine.Traveller) -> None:
    article, person = make_article(), confirmed(pace="daily")
    people.follow(person, article)
    for _ in range(5):
        make_comment(article)
    clock.shift(timedelta(hours=9))
    assert set(at_once(delivery.deliver, delivery.deliver)) == {0, 1}
    assert server.got(b"Subject") == [b"[Fibroblog] 5 things that happened"]


@pytest.mark.usefixtures("real_transactions")
def test_the_same_event_written_twice_at_once_is_one_mail() -> None:
    article, person = make_article(), confirmed()
    people.follow(person, article)
    comment = make_comment(article)
    Mail.objects.all().delete()
    at_once(*[lambda: outbox.tell_of_comment(Comment.objects.get(pk=comment.pk))] * 4)
    assert Mail.objects.count() == 1


@pytest.mark.usefixtures("real_transactions")
def test_a_link_pressed_twice_at_once_makes_one_person() -> None:
    article = make_article()
    asked = Confirmation.objects.create(email="wren@example.org", name="Wren", article=article)
    token = tokens.sign(tokens.Action.CONFIRM, about=asked.pk, revision=1, holds=timedelta(days=1))
    path = f"/mail/confirm/{token}/"
    statuses = at_once(*[lambda: press(path)] * 3)
    assert statuses.count(200) == 1
    assert statuses.count(410) == 2
    assert Commenter.objects.count() == 1
    assert Commenter.objects.get().subscriptions.count() == 1


@pytest.mark.usefixtures("real_transactions")
def test_erasing_while_moderators_decide_ends_well() -> None:
    """They take the same threads and stamps: none waits for the other for ever, and nothing stays."""
    articles = [make_article(), make_article()]
    person = confirmed()
    comments = [
        make_comment(article, state=State.PENDING, commenter=person) for article in articles for _ in range(4)
    ]

    def decide() -> int:
        refused = 0
        for comment in reversed(comments):
            try:
                moderation.move(comment, State.APPROVED, by=None, seen=Seen(State.PENDING, 1))
            except moderation.MoveRefused:
                refused += 1
        return refused

    at_once(lambda: people.erase(Commenter.objects.get()), decide, delivery.deliver)
    assert not Commenter.objects.exists()
    assert not Comment.objects.exclude(state=State.WITHDRAWN, body="", name="").exists()
