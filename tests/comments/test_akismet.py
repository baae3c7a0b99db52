"""Akismet's protocol against a server on this machine: ham, spam, slow, down, nonsense."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
import time_machine
from pytest_django.fixtures import Settings

from articles.models import Article
from comments import akismet, moderation, posting
from comments.models import Comment, Verdict
from comments.moderation import Seen
from comments.posting import Visit
from comments.reasons import Reason
from comments.screening import screen
from comments.screening.verdicts import Outcome
from comments.states import State
from fibroblog import limits
from tests.comments.test_screening import submission
from tests.factories import make_staff, post

pytestmark = pytest.mark.django_db


class Akismet:
    """What the server was asked, and what it shall answer."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answer = "false"
        self.status = 200
        self.hold = threading.Event()
        self.hold.set()


@pytest.fixture
def service(settings: Settings) -> Iterator[Akismet]:
    state = Akismet()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.asked.append({"path": self.path, **{k: v[0] for k, v in parse_qs(body).items()}})
            state.hold.wait(5)
            try:
                self.send_response(state.status)
                self.send_header("X-akismet-pro-tip", "discard")
                self.end_headers()
                self.wfile.write(state.answer.encode())
            except OSError:
                pass  # the one who asked went away

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.AKISMET_KEY = "a-key"
    settings.AKISMET_URL = f"http://127.0.0.1:{server.server_port}/1.1/"
    yield state
    state.hold.set()
    server.shutdown()
    thread.join()
    server.server_close()


VISIT = Visit(network="n", address="192.0.2.7", agent="A browser")


def sent(article: Article, body: str = "Thank you.") -> Comment:
    return post(article, visit=VISIT, body=body, email="wren@example.org")


def reasons(comment: Comment) -> list[str]:
    return list(comment.verdicts.values_list("reason", flat=True))


def test_without_a_key_nobody_is_asked(service: Akismet, settings: Settings, article: Article) -> None:
    settings.AKISMET_KEY = ""
    assert reasons(sent(article)) == []
    assert service.asked == []
    assert akismet.retry_akismet() == 0


def test_ham_waits_without_a_mark_and_the_question_is_as_the_protocol_says(
    service: Akismet, article: Article
) -> None:
    comment = sent(article)
    assert (comment.state, reasons(comment)) == (State.PENDING, [])
    assert service.asked == [
        {
            "path": "/1.1/comment-check",
            "api_key": "a-key",
            "blog": "http://testserver",
            "user_ip": "192.0.2.7",
            "user_agent": "A browser",
            "comment_type": "comment",
            "comment_author": "Wren",
            "comment_author_email": "wren@example.org",
            "comment_content": "Thank you.",
        }
    ]


def test_spam_goes_to_the_spam_folder(service: Akismet, article: Article) -> None:
    service.answer = "true"
    comment = sent(article)
    assert (comment.state, reasons(comment)) == (State.SPAM, ["akismet_spam"])
    assert comment.decisions.get().reason == Reason.AKISMET


def test_who_may_be_at_risk_is_neither_sent_there_nor_binned(service: Akismet, article: Article) -> None:
    service.answer = "true"
    assert sent(article, "I want to die.").state == State.PENDING
    assert service.asked == []


@pytest.mark.parametrize("changes", [{"trap": "x"}, {"body": "Take 60 mg."}, {"address": ""}])
def test_it_is_asked_last_and_only_when_it_matters(service: Akismet, changes: dict[str, str]) -> None:
    screen(submission(**{"address": "192.0.2.7", "network": "n", **changes}))
    assert service.asked == []


def test_a_throttled_comment_is_not_sent_there(service: Akismet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_ADDRESS", 0)
    assert screen(submission(address="192.0.2.7", network="n"))[-1].outcome is Outcome.REFUSE
    assert service.asked == []


@pytest.mark.parametrize(("answer", "status"), [("invalid", 200), ("", 200), ("true", 500), ("<html>", 200)])
def test_anything_but_true_and_false_is_an_outage(
    service: Akismet, article: Article, answer: str, status: int
) -> None:
    service.answer, service.status = answer, status
    comment = sent(article)
    assert (comment.state, reasons(comment)) == (State.PENDING, ["akismet_unreachable"])


def test_a_slow_one_is_not_waited_for_and_then_left_alone(
    service: Akismet, article: Article, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    monkeypatch.setattr(limits, "AKISMET_SECONDS", 0.05)
    service.hold.clear()
    assert reasons(sent(article, "One")) == ["akismet_unreachable"]
    assert reasons(sent(article, "Two")) == ["akismet_unreachable"]
    assert len(service.asked) == 1  # the second did not wait
    service.hold.set()
    monkeypatch.setattr(limits, "AKISMET_SECONDS", 5)
    clock.shift(limits.AKISMET_REST_SECONDS + 1)
    assert reasons(sent(article, "Three")) == []
    assert len(service.asked) == 2


def test_a_dead_one(settings: Settings, article: Article) -> None:
    settings.AKISMET_KEY, settings.AKISMET_URL = "a-key", "http://127.0.0.1:1/"
    assert reasons(sent(article)) == ["akismet_unreachable"]
    assert akismet.retry_akismet() == 0


@pytest.fixture
def open_question(service: Akismet, article: Article) -> Comment:
    service.answer = "invalid"
    comment = sent(article)
    service.asked.clear()
    return comment


def test_asked_again_ham_loses_its_mark(service: Akismet, open_question: Comment) -> None:
    assert akismet.retry_akismet() == 0  # still down
    assert reasons(open_question) == ["akismet_unreachable"]
    service.answer = "false"
    assert akismet.retry_akismet() == 1
    assert reasons(open_question) == []
    assert service.asked[-1]["user_ip"] == "0.0.0.0"  # we keep no address
    open_question.refresh_from_db()
    assert open_question.state == State.PENDING
    assert akismet.retry_akismet() == 0


def test_asked_again_spam_goes_to_the_folder_by_the_system(service: Akismet, open_question: Comment) -> None:
    service.answer = "true"
    assert akismet.retry_akismet() == 1
    open_question.refresh_from_db()
    assert (open_question.state, reasons(open_question)) == (State.SPAM, ["akismet_spam"])
    decision = open_question.decisions.get()
    assert (decision.by, decision.reason) == (None, Reason.AKISMET)


def test_what_was_decided_or_changed_or_is_at_risk_is_not_asked_again(
    service: Akismet, open_question: Comment, article: Article
) -> None:
    decided, changed, risky = (sent(article, body) for body in ("Two", "Three", "Four"))
    moderation.move(decided, State.APPROVED, by=make_staff("mo2", "Moderators"), seen=Seen.of(decided))
    posting.edit_comment(changed, body="Three!", visit=Visit())
    Comment.objects.filter(pk=risky.pk).update(at_risk=True)
    service.answer = "true"
    service.asked.clear()
    assert akismet.retry_akismet() == 1
    assert [question["comment_content"] for question in service.asked] == ["Thank you."]
    states = Comment.objects.in_bulk()
    assert [states[c.pk].state for c in (decided, changed, risky)] == [
        State.APPROVED,
        State.PENDING,
        State.PENDING,
    ]


def test_neither_address_nor_agent_is_stored(service: Akismet, article: Article) -> None:
    sent(article)
    stored = str(list(Comment.objects.values())) + str(list(Verdict.objects.values()))
    assert "192.0.2.7" not in stored
    assert "A browser" not in stored
    assert "192.0.2.7" not in repr(VISIT)
