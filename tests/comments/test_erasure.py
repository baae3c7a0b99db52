"""After somebody had everything erased: no table, file, page, feed or download holds a trace of them."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from articles.models import Article
from comments import delivery, moderation, notifications, outbox, people, posting, reports
from comments.models import Case, Comment, Commenter, Decision, Mail, Report
from comments.moderation import Seen
from comments.states import State
from comments.views.person import remembered
from fibroblog import contact, traces
from tests.comments.letters import confirmed
from tests.factories import make_article, make_comment, make_staff

WREN = "wren@xn--exmple-cua.org"
TYPED = "Wren@Exämple.org"
TRACES = ("MarkName", "MarkText", "MarkOld", "MarkNote", "MarkReport", "MarkContact", "wren@ex", "wren@xn--")


def traces_in_tables() -> set[str]:
    """Every column of every table, read as text."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # a table's name
            text = repr(cursor.fetchall()).lower()
            found |= {f"{table}: {trace}" for trace in TRACES if trace.lower() in text}
    return found


def traces_in_files(folder: Path) -> set[str]:
    found = set()
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes().lower()
            found |= {f"{file.name}: {trace}" for trace in TRACES if trace.lower().encode() in content}
    return found


def live(article: Article) -> Commenter:
    """A person does all that leaves words behind."""
    mo = make_staff("mo", "Moderators", is_superuser=True)
    person = confirmed(WREN, "MarkName")
    states = (State.PENDING, State.APPROVED, State.DECLINED, State.SPAM, State.REMOVED, State.RETURNED)
    for state in states:
        # Long enough for SQLite's overflow pages.
        body = f"MarkText {state} " * 400
        comment = make_comment(
            article, state=State.PENDING, commenter=person, name="MarkName", body=f"MarkOld {state}"
        )
        posting.edit_comment(comment, body=body, visit=posting.Visit(network="n1", seconds=1))
        if state == State.REMOVED:
            moderation.move(comment, State.APPROVED, by=mo, seen=Seen.of(comment))
        if state != State.PENDING:
            comment.refresh_from_db()
            note = "MarkNote" if state in {State.DECLINED, State.RETURNED, State.REMOVED} else ""
            moderation.move(comment, state, by=mo, seen=Seen.of(comment), reason="other", note=note)
    shown = Comment.objects.get(commenter=person, state=State.APPROVED)
    others = make_comment(article, parent=shown, name="Robin", body="Robin answers.")
    people.follow(person, article)
    make_comment(article, name="Robin", body="Robin again.")
    posting.post_comment(
        article=article, visit=posting.Visit(network="n9"), name="Somebody", body="Typed only.", email=TYPED
    )
    case = Case.objects.create(comment=others, revision=1)
    Report.objects.create(case=case, reason="other", note="MarkReport", network="n1", commenter=person)
    reports.report(others, reason="unkind", note="MarkReport unconfirmed", email=TYPED, network="n1")
    contact.send(name="MarkName", email=TYPED, body="MarkContact")
    outbox.send_own_page(person)
    return person


def erase_through_the_page(person: Commenter) -> None:
    path = "/" + notifications.own_page_of(person).split("/", 3)[3]
    assert Client().post(f"{path}erase/").status_code == 200


def public_bytes(article: Article) -> str:
    paths = [
        article.get_absolute_url(),
        f"{article.get_absolute_url()}comments.atom",
        "/",
        "/feeds/comments.atom",
    ]
    paths += [comment.get_absolute_url() for comment in Comment.objects.select_related("article")]
    paths += ["/sitemap.xml", "/search/?q=treatment"]
    return "".join(Client().get(path).content.decode() for path in paths)


@pytest.mark.usefixtures("real_transactions")
def test_nothing_of_an_erased_person_is_left_in_any_table_or_page(tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    article = make_article()
    person = live(article)
    other = confirmed("robin@example.org", "Robin")
    theirs = make_comment(article, commenter=other, name="Robin", body="Robin's own.")
    delivery.deliver()
    assert len({trace.split(": ")[1] for trace in traces_in_tables()}) >= len(TRACES) - 1
    assert traces_in_files(tmp_path)
    logged = Decision.objects.count()
    withdrawable = person.comments.filter(state__in=["pending", "approved", "returned"]).count()
    erase_through_the_page(person)
    assert traces_in_tables() == set()
    assert traces_in_files(tmp_path) == set()
    text = public_bytes(article)
    assert not [trace for trace in TRACES if trace.lower() in text.lower()]
    assert "This comment was withdrawn by its writer." in text
    assert "Robin answers." in text
    assert "Robin's own." in text.replace("&#x27;", "'").replace("’", "'")
    assert Decision.objects.count() == logged + withdrawable, "the log keeps its rows and gains one for each"
    theirs.refresh_from_db()
    assert (theirs.name, theirs.state, theirs.commenter) == ("Robin", State.APPROVED, other)
    assert not Mail.objects.filter(recipient=outbox.recipient(WREN)).exists()
    reasons = list(Report.objects.order_by("pk").values_list("reason", flat=True))
    assert reasons == ["other", "unkind"], "what was reported stays, without words"


SCAN = """
import django; django.setup()
from django.core.management import call_command
from django.contrib.auth.models import User
from django.db import connection
from django.conf import settings
call_command("migrate", verbosity=0)
from tests.comments import test_erasure as scan
from tests.factories import make_article
from comments import delivery
article = make_article()
person = scan.live(article)
assert delivery.deliver() > 3
before = scan.traces_in_files(settings.DATA_DIR)
names = {name.split(":")[0].split(".")[-1] for name in before}
assert any("sqlite3" in name for name in names) and "log" in names, before
with connection.cursor() as cursor:
    modes = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "secure_delete")]
assert modes == ["wal", 1], modes
scan.erase_through_the_page(person)
assert scan.traces_in_tables() == set(), scan.traces_in_tables()
left = scan.traces_in_files(settings.DATA_DIR)
assert left == set(), left
print("nothing left")
"""


@pytest.mark.real_time
def test_no_file_of_the_site_holds_anything_of_an_erased_person(tmp_path: Path) -> None:
    """With the real settings and SQLite in a process of its own: database file, journal, its index, the mail."""
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "EMAIL_URL"}
    }
    environment |= {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "fibroblog.settings",
        "SITE_URL": "http://localhost",
        "EXTRA_HOSTS": "testserver",
    }
    ran = subprocess.run(
        [sys.executable, "-c", SCAN],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert "nothing left" in ran.stdout
    assert (tmp_path / "fibroblog.sqlite3").stat().st_size > 100_000


@pytest.mark.django_db
def test_mails_of_others_in_the_same_file_stay(tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    end = "\n" + "-" * 79 + "\n"
    mails = [
        f"Content-Type: text/plain\nTo: {who}@example.org\n\nHello{end}" for who in ("robin", "WREN", "jay")
    ]
    (tmp_path / "several.log").write_text("".join(mails))
    (tmp_path / "one.log").write_text(mails[1])
    (tmp_path / "other.log").write_text(mails[0])
    traces._forget_files("wren@example.org")
    assert (tmp_path / "several.log").read_text() == mails[0] + mails[2]
    assert not (tmp_path / "one.log").exists()
    assert (tmp_path / "other.log").read_text() == mails[0]


@pytest.mark.django_db
def test_a_withdrawn_comments_mails_are_not_sent(article: Article, moderator: User) -> None:
    person = confirmed()
    parent = make_comment(article, commenter=confirmed("robin@example.org", "Robin"))
    comment = make_comment(article, state=State.PENDING, parent=parent, commenter=person)
    moderation.move(comment, State.APPROVED, by=moderator, seen=Seen.of(comment))
    typed = posting.post_comment(
        article=article, visit=posting.Visit(network="n1"), name="Jay", body="Typed", email="jay@example.org"
    ).comment
    assert Mail.objects.filter(state=Mail.State.WAITING).count() == 3
    moderation.withdraw(comment)
    moderation.withdraw(typed)
    assert delivery.deliver() == 0
    assert not Mail.objects.filter(state=Mail.State.WAITING).exists()


@pytest.mark.django_db
def test_erased_comments_can_never_be_shown_again(article: Article, moderator: User) -> None:
    person = confirmed()
    for state in (State.DECLINED, State.SPAM, State.REMOVED):
        make_comment(article, state=state, commenter=person)
    assert people.erase(person) == 3
    for comment in Comment.objects.all():
        with pytest.raises(moderation.MoveRefused):
            moderation.move(comment, State.APPROVED, by=None, seen=Seen.of(comment))
    assert not Comment.objects.exclude(
        body="", html="", name="", network="", digest="", text_hash=""
    ).exists()


@pytest.mark.several_writers
@pytest.mark.usefixtures("real_transactions")
def test_a_comment_that_is_posted_while_its_writer_is_erased_does_not_survive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article, person = make_article(), confirmed()
    make_comment(article, commenter=person)
    lock, came_in = moderation.lock_threads, []

    def post() -> None:
        visit = posting.Visit(network="n1", again=str(remembered(person)["again"]))
        posted = posting.post_comment(
            article=article, visit=visit, name="Wren", body="MarkText", email=person.email
        )
        came_in.append(posted.comment)
        connection.close()

    def lock_late(comments: Iterable[Comment]) -> None:
        monkeypatch.setattr(moderation, "lock_threads", lock)
        poster = threading.Thread(target=post)
        poster.start()
        poster.join()
        lock(comments)

    monkeypatch.setattr(moderation, "lock_threads", lock_late)
    assert people.erase(person) == 2
    (comment,) = came_in
    assert comment.commenter is not None
    comment.refresh_from_db()
    assert (comment.body, comment.state, comment.commenter_id) == ("", "withdrawn", None)
