"""The moderators' queue."""

import re

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import claims, moderation
from comments.models import Comment, Commenter, Decision, Note, Verdict
from comments.moderation import Seen
from comments.states import State
from fibroblog import limits
from tests.conftest import signed_in
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db

QUEUE = "/admin/comments/queue/"


@pytest.fixture
def desk(moderator: User) -> Client:
    return signed_in(moderator)


def html(client: Client, path: str = QUEUE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def seen_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return f"{comment.state}.{comment.revision}"


def press(client: Client, comment: Comment, do: str, **more: str) -> int:
    seen = more.pop("seen", None) or seen_of(comment)
    return client.post(f"{QUEUE}{comment.public_id}/decide/", {"do": do, "seen": seen, **more}).status_code


def state_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.state


def test_a_card_shows_what_is_needed_to_judge(desk: Client, article: Article, approved: Comment) -> None:
    comment = make_comment(article, parent=approved, state=State.PENDING, body="Is it *so*?", name="Robin")
    Verdict.objects.create(
        comment=comment, revision=1, check_name="links", outcome="hold", reason="links", detail="3"
    )
    text = html(desk)
    assert f'id="card-{comment.public_id}"' in text
    for shown in (
        "Robin",
        "<em>so</em>",
        article.title,
        f"Answers {approved.name}",
        approved.body,
        "3 links",
        "1 waiting",
    ):
        assert shown in text
    for button in ("Approve", "Decline…", "Spam"):
        assert f">{button}</button>" in text


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "All done. Nothing is waiting." in html(desk)


def test_the_oldest_comes_first(desk: Client, article: Article, clock: time_machine.Traveller) -> None:
    first = make_comment(article, state=State.PENDING)
    clock.shift(60)
    second = make_comment(article, state=State.PENDING)
    text = html(desk)
    assert text.index(first.public_id) < text.index(second.public_id)


def test_addresses_are_never_on_a_card(desk: Client, article: Article) -> None:
    make_comment(article, state=State.PENDING, email="wren@example.org")
    assert "wren@example.org" not in html(desk)


def test_approve_and_undo(desk: Client, pending: Comment) -> None:
    assert press(desk, pending, "approve") == 302
    assert state_of(pending) == State.APPROVED
    text = html(desk)
    assert "<strong>Approved</strong> by mo" in text
    decision = Decision.objects.get()
    undo = f"{QUEUE}{pending.public_id}/undo/"
    assert desk.post(undo, {"decision": str(decision.pk)}).status_code == 302
    assert state_of(pending) == State.PENDING
    assert desk.post(undo, {"decision": str(decision.pk)}).status_code == 409
    assert Decision.objects.count() == 2


def test_spam_leaves_the_queue_and_is_found_under_spam(
    desk: Client, pending: Comment, clock: time_machine.Traveller
) -> None:
    press(desk, pending, "spam")
    assert state_of(pending) == State.SPAM
    clock.shift(3601)
    assert pending.public_id not in html(desk)
    assert pending.public_id in html(desk, f"{QUEUE}?state=spam")


def test_what_was_judged_wrongly_long_ago_can_be_approved(desk: Client, article: Article) -> None:
    comment = make_comment(article, state=State.SPAM)
    assert press(desk, comment, "approve") == 302
    assert state_of(comment) == State.APPROVED


def test_a_second_click_changes_nothing_more_and_is_told(desk: Client, pending: Comment) -> None:
    seen = seen_of(pending)
    press(desk, pending, "approve", seen=seen)
    assert press(desk, pending, "approve", seen=seen) == 409
    assert Decision.objects.count() == 1


def test_the_second_of_two_moderators_is_told_who_did_what(
    desk: Client, pending: Comment, other_moderator: User, clock: time_machine.Traveller
) -> None:
    seen = seen_of(pending)
    press(desk, pending, "approve", seen=seen)
    clock.shift(120)
    second = signed_in(other_moderator)
    response = second.post(f"{QUEUE}{pending.public_id}/decide/", {"do": "spam", "seen": seen})
    assert response.status_code == 409
    assert "mo changed this to “Approved” 2 minutes ago." in response.content.decode()
    assert state_of(pending) == State.APPROVED
    assert Decision.objects.count() == 1


def test_declining_needs_a_reason(desk: Client, pending: Comment) -> None:
    path = f"{QUEUE}{pending.public_id}/decline/"
    assert "Why is it not published?" in html(desk, path)
    response = desk.post(path, {"seen": seen_of(pending), "note": "Kind words that I typed"})
    assert response.status_code == 422
    assert "Choose a reason" in response.content.decode()
    assert "Kind words that I typed" in response.content.decode()
    assert state_of(pending) == State.PENDING


def test_another_reason_needs_words(desk: Client, pending: Comment) -> None:
    path = f"{QUEUE}{pending.public_id}/decline/"
    response = desk.post(path, {"seen": seen_of(pending), "reason": "other"})
    assert "Say in a sentence" in response.content.decode()
    assert state_of(pending) == State.PENDING


def test_declining_keeps_the_reason_and_the_note(desk: Client, pending: Comment) -> None:
    path = f"{QUEUE}{pending.public_id}/decline/"
    assert (
        desk.post(path, {"seen": seen_of(pending), "reason": "advice", "note": "Sorry."}).status_code == 302
    )
    assert Decision.objects.get().reason == "advice"
    assert Note.objects.get().text == "Sorry."


def test_reasons_of_the_system_cannot_be_picked(desk: Client, pending: Comment) -> None:
    path = f"{QUEUE}{pending.public_id}/decline/"
    assert desk.post(path, {"seen": seen_of(pending), "reason": "robot"}).status_code == 422


@pytest.mark.parametrize(
    "seen", ["", "nonsense", "pending.0", "approved.1", "pending.x", "pending.99999999999999999999"]
)
def test_a_decision_that_saw_something_else_is_refused(desk: Client, pending: Comment, seen: str) -> None:
    assert press(desk, pending, "approve", seen=seen or " ") == 409
    assert state_of(pending) == State.PENDING
    assert not Decision.objects.exists()


def test_an_unknown_button_does_nothing(desk: Client, pending: Comment) -> None:
    assert press(desk, pending, "explode") == 302
    assert state_of(pending) == State.PENDING


def test_looking_never_decides(desk: Client, pending: Comment) -> None:
    for path in ("decide", "undo"):
        assert desk.get(f"{QUEUE}{pending.public_id}/{path}/", {"do": "approve"}).status_code == 405
    assert desk.get(f"{QUEUE}several/").status_code == 405
    desk.get(f"{QUEUE}{pending.public_id}/decline/", {"reason": "advice", "seen": seen_of(pending)})
    assert state_of(pending) == State.PENDING


def test_a_reply_below_a_waiting_comment_is_explained(
    desk: Client, article: Article, approved: Comment
) -> None:
    reply = make_comment(article, parent=approved, state=State.PENDING)
    moderation.move(approved, State.PENDING, by=None, seen=Seen.of(approved))
    response = desk.post(f"{QUEUE}{reply.public_id}/decide/", {"do": "approve", "seen": seen_of(reply)})
    assert response.status_code == 409
    assert "Decide on that one first" in response.content.decode()


def test_what_is_visible_can_be_removed_with_a_reason(desk: Client, approved: Comment) -> None:
    text = html(desk, f"{QUEUE}?state=approved")
    assert "Remove…</button>" in text
    path = f"{QUEUE}{approved.public_id}/decline/"
    seen = seen_of(approved)
    assert "Remove a comment" in html(desk, f"{path}?seen={seen}")
    response = desk.post(path, {"seen": seen, "reason": "private", "back": "state=approved&page=1"})
    assert response["Location"] == f"{QUEUE}{approved.public_id}/"
    assert state_of(approved) == State.REMOVED
    assert "Undo" in html(desk, response["Location"])


def test_declining_puts_no_token_into_the_address(desk: Client, pending: Comment) -> None:
    form = re.search(rf'<form method="get" id="decline-{pending.public_id}".*?</form>', html(desk), re.DOTALL)
    assert form
    assert "csrfmiddlewaretoken" not in form[0]


def test_addresses_cannot_be_spelt_out_by_filters(desk: Client, article: Article) -> None:
    make_comment(article, email="wren@example.org")
    for lookup in ("email__startswith=w", "network__startswith=a", "owner=x", "digest__contains=d"):
        response = desk.get(f"/admin/comments/comment/?{lookup}")
        assert response.status_code in {302, 400}, lookup


# Several at once ---------------------------------------------------------------------------------


def ticked(*comments: Comment) -> list[str]:
    return [f"{comment.public_id}.{seen_of(comment)}" for comment in comments]


def test_several_are_named_before_they_are_approved(desk: Client, article: Article) -> None:
    two = [make_comment(article, state=State.PENDING, name=name) for name in ("Wren", "Robin")]
    asked = desk.post(f"{QUEUE}several/", {"do": "approve", "comment": ticked(*two)})
    text = asked.content.decode()
    assert "Wren" in text
    assert "Robin" in text
    assert {state_of(comment) for comment in two} == {State.PENDING}
    done = desk.post(f"{QUEUE}several/", {"do": "approve", "comment": ticked(*two), "sure": "1"})
    assert "Approved: 2." in done.content.decode()
    assert {state_of(comment) for comment in two} == {State.APPROVED}
    assert Decision.objects.count() == 2


def test_one_that_changed_meanwhile_does_not_hold_up_the_others(
    desk: Client, article: Article, other_moderator: User
) -> None:
    first, second = (make_comment(article, state=State.PENDING) for _ in range(2))
    boxes = ticked(first, second)
    moderation.move(first, State.SPAM, by=other_moderator, seen=Seen.of(first))
    text = desk.post(f"{QUEUE}several/", {"do": "approve", "comment": boxes, "sure": "1"}).content.decode()
    assert "Approved: 1." in text
    assert "maz changed this to “Spam”" in text
    assert (state_of(first), state_of(second)) == (State.SPAM, State.APPROVED)


def test_a_parent_and_its_reply_can_be_approved_together(
    desk: Client, article: Article, approved: Comment
) -> None:
    reply = make_comment(article, parent=approved, state=State.PENDING)
    moderation.move(approved, State.PENDING, by=None, seen=Seen.of(approved))
    desk.post(f"{QUEUE}several/", {"do": "approve", "comment": ticked(reply, approved), "sure": "1"})
    assert (state_of(approved), state_of(reply)) == (State.APPROVED, State.APPROVED)


def test_nothing_ticked_is_said(desk: Client) -> None:
    response = desk.post(f"{QUEUE}several/", {"do": "approve"}, follow=True)
    assert "Tick one comment or more first." in response.content.decode()


# Rights and speed --------------------------------------------------------------------------------


def test_only_moderators_get_in(client: Client, editor: User, administrator: User, pending: Comment) -> None:
    assert client.get(QUEUE)["Location"].startswith("/admin/login/")
    assert signed_in(editor).get(QUEUE).status_code == 403
    assert signed_in(administrator).get(QUEUE).status_code == 200
    assert press(signed_in(editor), pending, "approve") == 403
    assert press(client, pending, "approve") == 302
    assert state_of(pending) == State.PENDING


def test_rights_that_were_taken_away_are_gone_on_the_next_request(
    moderator: User, desk: Client, pending: Comment
) -> None:
    assert desk.get(QUEUE).status_code == 200
    moderator.groups.clear()
    assert press(desk, pending, "approve") == 403
    assert state_of(pending) == State.PENDING


def test_a_decision_needs_the_pages_own_token(moderator: User, pending: Comment) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(moderator, backend="django.contrib.auth.backends.ModelBackend")
    assert press(strict, pending, "approve") == 403
    assert state_of(pending) == State.PENDING


def test_the_script_gets_the_changed_card_alone(desk: Client, pending: Comment) -> None:
    seen = seen_of(pending)
    path = f"{QUEUE}{pending.public_id}/decide/"
    response = desk.post(path, {"do": "approve", "seen": seen}, headers={"X-Requested-With": "fetch"})
    text = response.content.decode()
    assert text.lstrip().startswith("<article") or "<html" not in text
    assert "<strong>Approved</strong>" in text
    assert "Undo" in text
    again = desk.post(path, {"do": "spam", "seen": seen}, headers={"X-Requested-With": "fetch"})
    assert again.status_code == 409
    assert "mo changed this" in again.content.decode()


def test_the_queue_takes_the_same_queries_however_many_wait(desk: Client, approved: Comment) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            html(desk)
        return len(captured)

    article = make_article()
    make_comment(article, state=State.PENDING)
    few = count()
    for number in range(60):
        comment = make_comment(article, state=State.PENDING, parent=None)
        Verdict.objects.create(
            comment=comment, revision=1, check_name="links", outcome="hold", reason="links", detail=number
        )
    assert count() == few
    assert html(desk).count("data-card") == limits.QUEUE_PAGE


def test_after_a_decision_one_is_back_on_the_same_page(desk: Client, pending: Comment) -> None:
    path = f"{QUEUE}{pending.public_id}/decide/"
    response = desk.post(
        path, {"do": "approve", "seen": seen_of(pending), "back": "state=&page=2&evil=https://x"}
    )
    assert response["Location"] == f"{QUEUE}?page=2#card-{pending.public_id}"


def test_an_unknown_comment_is_not_found(desk: Client) -> None:
    for path in ("", "decline/"):
        assert desk.get(f"{QUEUE}unknown99/{path}").status_code == 404
    assert desk.post(f"{QUEUE}unknown99/decide/", {"do": "approve"}).status_code == 404


def test_the_log_can_be_read_and_not_written(moderator: User, administrator: User, pending: Comment) -> None:
    decision = moderation.move(pending, State.SPAM, by=moderator, seen=Seen.of(pending))
    for person in (moderator, administrator):
        client = signed_in(person)
        text = html(client, "/admin/comments/decision/")
        assert re.search(r"Waiting for approval → Spam", text)
        assert client.get("/admin/comments/decision/add/").status_code == 403
        assert (
            client.post(f"/admin/comments/decision/{decision.pk}/delete/", {"post": "yes"}).status_code == 403
        )
        assert (
            client.post(f"/admin/comments/decision/{decision.pk}/change/", {"reason": "other"}).status_code
            == 403
        )


def test_the_log_names_what_is_gone(administrator: User, moderator: User, pending: Comment) -> None:
    moderation.move(pending, State.SPAM, by=moderator, seen=Seen.of(pending))
    pending.delete()
    moderator.delete()
    text = html(signed_in(administrator), "/admin/comments/decision/")
    assert "A deleted account" in text
    assert "deleted" in text


def test_moderators_never_see_addresses_in_the_admin(
    moderator: User, administrator: User, article: Article
) -> None:
    comment = make_comment(article, email="wren@example.org")
    path = f"/admin/comments/comment/{comment.pk}/change/"
    assert "wren@example.org" not in html(signed_in(moderator), path)
    assert "wren@example.org" in html(signed_in(administrator), path)
    # Nor can an address be found out by searching for it.
    assert "0 results" in html(signed_in(moderator), "/admin/comments/comment/?q=wren@example.org")


def test_a_card_tells_what_became_of_a_confirmed_persons_comments(
    article: Article, moderator: User, editor: User
) -> None:
    person = Commenter.objects.create(email="wren@private.example", name="Wren")
    other = Commenter.objects.create(email="ash@private.example", name="Ash")
    for state in (State.APPROVED, State.APPROVED, State.DECLINED, State.PENDING):
        make_comment(article, state=state, commenter=person)
    theirs = make_comment(article, state=State.APPROVED, commenter=other, body="Of another")
    client = signed_in(moderator)
    queue = client.get(QUEUE).content.decode()
    assert "A confirmed person: 2 approved, 1 declined, 1 waiting for approval." in queue
    history = client.get(f"{QUEUE}?person={person.pk}").content.decode()
    assert history.count("data-card=") == 4
    assert "Of another" not in history
    assert "private.example" not in queue + history, "moderators see people, not addresses"
    assert "Of another" in client.get(f"/admin/comments/queue/{theirs.public_id}/").content.decode()
    assert client.get(f"{QUEUE}?person=nonsense").status_code == 200
    assert signed_in(editor).get(f"{QUEUE}?person={person.pk}").status_code == 403


# An open queue, while others decide ----------------------------------------------------------------


def shown_on(text: str, comment: Comment) -> str:
    found = re.search(rf'data-card="({comment.public_id}[^"]*)"', text)
    assert found, comment
    return found[1]


def test_what_just_came_has_not_waited_for_0_minutes(
    desk: Client, pending: Comment, clock: time_machine.Traveller
) -> None:
    assert "waiting for <time" in html(desk)
    assert ">less than a minute</time>" in html(desk)
    clock.shift(125)
    assert ">2\xa0minutes</time>" in html(desk)


def test_an_open_queue_learns_what_others_did_and_nothing_else(
    desk: Client, article: Article, other_moderator: User
) -> None:
    decided, changed, claimed, same = (make_comment(article, state=State.PENDING) for _ in range(4))
    text = html(desk)
    shown = [shown_on(text, comment) for comment in (decided, changed, claimed, same)]
    moderation.move(decided, State.DECLINED, by=other_moderator, seen=Seen.of(decided), reason="off_topic")
    Comment.objects.filter(pk=changed.pk).update(revision=2, body="Other words", html="<p>Other words</p>")
    claims.claim(claimed, by=other_moderator)
    fresh = desk.get(f"{QUEUE}others/", {"card": shown}).content.decode()
    found = re.findall(r'id="card-(\w+)"', fresh)
    assert sorted(found) == sorted(one.public_id for one in (decided, changed, claimed))
    assert "Declined" in fresh
    assert "Other words" in fresh
    assert "maz is looking at this" in fresh
    again = [shown_on(fresh, comment) for comment in (decided, changed, claimed)]
    assert "card" not in desk.get(f"{QUEUE}others/", {"card": [*again, shown[3]]}).content.decode()


def test_a_claim_that_ended_leaves_an_open_queue_too(
    desk: Client, pending: Comment, other_moderator: User, clock: time_machine.Traveller
) -> None:
    claims.claim(pending, by=other_moderator)
    shown = shown_on(html(desk), pending)
    clock.shift(limits.CLAIM_MINUTES * 60 + 1)
    fresh = desk.get(f"{QUEUE}others/", {"card": shown}).content.decode()
    assert "is looking at this" not in fresh
    assert shown_on(fresh, pending).endswith(".")


def test_an_open_queue_asks_in_few_queries_and_nonsense_is_nothing(desk: Client, article: Article) -> None:
    waiting = [make_comment(article, state=State.PENDING) for _ in range(12)]
    text = html(desk)
    shown = [shown_on(text, comment) for comment in waiting]
    with CaptureQueriesContext(connection) as none_changed:
        desk.get(f"{QUEUE}others/", {"card": shown})
    Comment.objects.filter(pk=waiting[0].pk).update(state=State.SPAM)
    with CaptureQueriesContext(connection) as one_changed:
        desk.get(f"{QUEUE}others/", {"card": shown})
    Comment.objects.filter(pk__in=[comment.pk for comment in waiting]).update(state=State.SPAM)
    with CaptureQueriesContext(connection) as all_changed:
        desk.get(f"{QUEUE}others/", {"card": shown})
    assert len(none_changed) <= 7  # of which six ask who the moderator is, and what they may
    assert len(one_changed) == len(all_changed)
    for nonsense in (".", "a.b.c.d", "x" * 5000, "%00", f"{waiting[0].public_id}"):
        assert desk.get(f"{QUEUE}others/", {"card": [nonsense]}).status_code == 200
