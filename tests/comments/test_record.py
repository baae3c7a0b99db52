"""What a sender's record means: trust, a second look, and names that belong to somebody."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article
from comments import moderation, ownership, posting, tokens
from comments.models import Comment, Commenter
from comments.moderation import Seen
from comments.posting import Visit
from comments.reasons import Reason
from comments.refusals import Throttled
from comments.screening import names, rates, record, screen, trust
from comments.screening.verdicts import PASS, Outcome
from comments.states import State
from fibroblog import limits, policy
from fibroblog.models import Policy
from tests.comments.test_public_views import address, fields
from tests.comments.test_screening import submission
from tests.factories import make_comment, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Commenter:
    return Commenter.objects.create(email="wren@example.org", name="Wren")


@pytest.fixture
def trusted(person: Commenter, article: Article) -> Commenter:
    for _ in range(limits.TRUST_APPROVED):
        make_comment(article, commenter=person)
    return person


def visit(person: Commenter, **fields: Any) -> Visit:
    """From the browser of a confirmed person."""
    again = tokens.sign(tokens.Action.WRITE, about=person.pk, revision=person.links, holds=timedelta(days=1))
    return Visit(**{"network": "n", "again": again, **fields})


@pytest.fixture
def at_once() -> None:
    policy.change(Policy(publish_trusted=True))


def test_by_default_everything_waits(trusted: Commenter, article: Article) -> None:
    assert trust.is_trusted(trusted.pk)
    assert post(article, visit=visit(trusted), email=trusted.email).state == State.PENDING


def test_a_trusted_persons_comment_appears_at_once(
    at_once: None, trusted: Commenter, article: Article
) -> None:
    comment = post(article, visit=visit(trusted), email=trusted.email)
    assert (comment.state, comment.commenter) == (State.APPROVED, trusted)
    decision = comment.decisions.get()
    assert (decision.by, decision.reason) == (None, Reason.TRUSTED)
    assert Comment.objects.visible().filter(pk=comment.pk).exists()


@pytest.mark.parametrize(
    "changes",
    [{"body": "Call me on 0151 496 0123"}, {"body": "I want to die."}, {"body": "Меня всё болит"}],
)
def test_whatever_a_check_noticed_waits(
    at_once: None, trusted: Commenter, article: Article, changes: dict[str, str]
) -> None:
    assert (
        post(article, visit=visit(trusted, nudged=True), email=trusted.email, **changes).state
        == State.PENDING
    )


def test_a_typed_address_gives_no_trust(at_once: None, trusted: Commenter, article: Article) -> None:
    assert post(article, email=trusted.email, name="Wren").state == State.PENDING


@pytest.mark.parametrize("bad", [State.DECLINED, State.SPAM, State.REMOVED])
def test_one_bad_one_lately_ends_trust_for_a_time(
    trusted: Commenter, article: Article, bad: State, clock: time_machine.Traveller
) -> None:
    make_comment(article, commenter=trusted, state=bad)
    assert not trust.is_trusted(trusted.pk)
    clock.shift((limits.TRUST_DAYS + 1) * 24 * 3600)
    assert trust.is_trusted(trusted.pk)


def test_a_decision_taken_back_does_not_count(trusted: Commenter, article: Article, moderator: User) -> None:
    comment = make_comment(article, commenter=trusted, state=State.PENDING)
    decision = moderation.move(comment, State.DECLINED, by=moderator, seen=Seen.of(comment))
    assert not trust.is_trusted(trusted.pk)
    moderation.undo(decision, by=moderator)
    assert trust.is_trusted(trusted.pk)


def test_too_few_approved_is_no_trust(person: Commenter, article: Article) -> None:
    for _ in range(limits.TRUST_APPROVED - 1):
        make_comment(article, commenter=person)
    make_comment(article, commenter=person, state=State.PENDING)
    assert not trust.is_trusted(person.pk)
    assert not trust.is_trusted(None)


def test_a_changed_text_of_a_trusted_person_stays_visible_but_not_what_a_moderator_took_back(
    at_once: None, trusted: Commenter, article: Article, moderator: User
) -> None:
    comment = post(article, visit=visit(trusted), email=trusted.email)
    posting.edit_comment(comment, body="Better words for it.", visit=visit(trusted))
    comment.refresh_from_db()
    assert comment.state == State.APPROVED
    moderation.move(comment, State.PENDING, by=moderator, seen=Seen.of(comment))
    posting.edit_comment(comment, body="Still better words.", visit=visit(trusted))
    comment.refresh_from_db()
    assert comment.state == State.PENDING


def test_a_sender_declined_more_than_once_is_looked_at(
    person: Commenter, article: Article, clock: time_machine.Traveller
) -> None:
    senders: list[dict[str, Any]] = [{"commenter": person}, {"owner": "o"}, {"network": "n"}]
    asked: list[dict[str, Any]] = [
        {"commenter": person.pk, "owner": "x"},
        {"owner": "o", "network": "x"},
        {"network": "n"},
    ]
    for sender in senders:
        make_comment(article, state=State.DECLINED, **sender)
    assert all(record.check(submission(**who)).outcome is Outcome.PASS for who in asked)
    for sender in senders:
        make_comment(article, state=State.SPAM, **sender)
    for who in asked:
        verdict = record.check(submission(**who))
        assert (verdict.outcome, verdict.reason, verdict.detail) == (Outcome.HOLD, "declined_lately", "2")
    assert record.check(submission(network="another")).outcome is Outcome.PASS
    assert record.check(submission()).outcome is Outcome.PASS
    clock.shift((limits.DECLINED_DAYS + 1) * 24 * 3600)
    assert all(record.check(submission(**who)).outcome is Outcome.PASS for who in asked)


def test_the_first_comment_of_a_browser_counts_by_its_network(article: Article) -> None:
    for body in ("One", "Two"):
        comment = post(article, visit=Visit(network="n"), body=body)
        moderation.move(comment, State.DECLINED, by=None, seen=Seen.of(comment))
    again = post(article, visit=Visit(network="n"), body="Three")
    assert again.verdicts.get().reason == "declined_lately"
    key = ownership.new_key()
    assert not post(article, visit=Visit(network="n", key=key), body="Four").verdicts.exists()


@pytest.mark.parametrize("name", ["Wren", "wren", "WREN", "wReN", "Ｗren"])
def test_a_confirmed_name_is_not_for_others(person: Commenter, name: str) -> None:
    assert names.check(submission(name=name)).reason == "name_of_somebody"
    assert names.check(submission(name=name, commenter=person.pk)).outcome is Outcome.PASS
    assert names.check(submission(name=name, commenter=person.pk + 1)).reason == "name_of_somebody"
    assert names.check(submission(name="Wrenna")).outcome is Outcome.PASS


# How many ----------------------------------------------------------------------------------------


def test_a_wider_network_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_NETWORK", 2)
    for number in range(2):
        sent = submission(network=f"n{number}", neighbourhood="near")
        assert rates.check(sent).outcome is rates.count(sent).outcome is Outcome.PASS
    third = submission(network="n2", neighbourhood="near")
    assert rates.check(third).reason == "too_many_near_you"
    assert rates.check(submission(network="n9", neighbourhood="far")).outcome is Outcome.PASS


def test_of_two_at_the_same_moment_only_so_many_are_taken_as_are_allowed(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before either was counted: what is counted while it is stored decides."""
    monkeypatch.setattr(limits, "COMMENTS_PER_ADDRESS", 1)
    monkeypatch.setattr(rates, "check", lambda _: PASS)
    post(article, visit=Visit(network="n"), body="One")
    with pytest.raises(Throttled):
        post(article, visit=Visit(network="n"), body="Two")
    assert [comment.body for comment in Comment.objects.all()] == ["One"]


def test_to_look_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_ADDRESS", 1)
    for _ in range(3):
        assert rates.check(submission(network="n")).outcome is Outcome.PASS


def post_from(article: Article, remote: str, body: str, forwarded: str = "") -> int:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    response = Client().post(
        address(article), fields(article, body=body), REMOTE_ADDR=remote, headers=headers
    )
    return response.status_code


def test_a_spoofed_forwarded_address_does_not_begin_a_new_count(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_ADDRESS", 2)
    sent = [post_from(article, "192.0.2.1", f"Comment {i}", f"198.51.100.{i}") for i in range(4)]
    assert sent == [302, 302, 429, 429]
    assert Comment.objects.count() == 2


def test_behind_our_proxy_only_what_it_wrote_counts(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_ADDRESS", 2)
    monkeypatch.setattr(limits, "TRUSTED_PROXIES", 1)
    same = [post_from(article, "10.0.0.1", f"A {i}", f"198.51.100.{i}, 203.0.113.9") for i in range(3)]
    other = post_from(article, "10.0.0.1", "B", "203.0.113.9, 203.0.113.200")
    assert (same, other) == ([302, 302, 429], 302)


def test_addresses_side_by_side_share_the_wider_count(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_NETWORK", 2)
    near = [post_from(article, f"192.0.2.{i}", f"A {i}") for i in range(3)]
    assert near == [302, 302, 429]
    assert post_from(article, "192.0.3.1", "B") == 302


# An import ---------------------------------------------------------------------------------------


def test_an_import_passes_the_same_checks_without_a_visit() -> None:
    calm = submission(body="I liked this post.", nudged=True)
    assert screen(calm) == []
    found = screen(submission(body="Take 60 mg. Call 0151 496 0123.", nudged=True))
    assert [(v.outcome, v.reason) for v in found] == [
        (Outcome.HOLD, "nudge_dosing"), (Outcome.HOLD, "nudge_phone"),
    ]  # fmt: skip
    assert screen(submission(body="I want to die.", nudged=True))[0].reason == "at_risk"
    for _ in range(limits.COMMENTS_PER_ADDRESS + 1):
        assert screen(calm) == []  # nobody is counted
