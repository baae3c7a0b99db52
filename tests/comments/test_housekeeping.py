"""What is forgotten by itself, when, and what stays."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User

from articles.models import Article
from comments import appeals, moderation, posting
from comments.models import Comment, Decision, Note, Revision, Verdict
from comments.moderation import MoveRefused, Seen
from comments.reasons import Reason
from comments.states import State
from fibroblog import limits, tidy
from tests.conftest import signed_in
from tests.factories import make_comment, make_staff

pytestmark = pytest.mark.django_db
SECRET = "the lantern of Zanzibar"


def refused(article: Article, state: State, by: User) -> Comment:
    comment = make_comment(
        article,
        state=State.APPROVED if state == State.REMOVED else State.PENDING,
        body=SECRET,
        name="Wren",
        email="wren@example.org",
        network="hash",
    )
    Revision.objects.create(comment=comment, number=1, body=SECRET)
    Verdict.objects.create(comment=comment, check_name="rules", reason="rule_hold", detail=SECRET, revision=1)
    moderation.move(comment, state, by=by, seen=Seen.of(comment), reason="other", note=f"About {SECRET}")
    return comment


@pytest.mark.parametrize("state", [State.DECLINED, State.SPAM, State.REMOVED])
def test_words_of_what_was_refused_go_after_their_time_and_not_before(
    article: Article, moderator: User, clock: time_machine.Traveller, state: State
) -> None:
    comment = refused(article, state, moderator)
    clock.shift(timedelta(days=limits.REFUSED_DAYS))
    tidy.tidy()
    comment.refresh_from_db()
    assert comment.body == SECRET
    clock.shift(timedelta(seconds=1))
    logged = Decision.objects.count()
    tidy.tidy()
    comment.refresh_from_db()
    assert (comment.body, comment.html, comment.name, comment.email) == ("", "", "", "")
    assert comment.state == state
    assert not Revision.objects.exists()
    assert not Note.objects.exists()
    assert not Verdict.objects.exists()
    assert Decision.objects.count() == logged
    with pytest.raises(MoveRefused, match="deleted for good"):
        moderation.move(comment, State.APPROVED, by=moderator, seen=Seen.of(comment))
    desk = signed_in(moderator)
    assert comment.public_id not in desk.get(f"/admin/comments/queue/?state={state}").content.decode()
    card = desk.get(f"/admin/comments/queue/{comment.public_id}/").content.decode()
    assert 'value="approve"' not in card
    assert 'class="undo"' not in card


def test_a_later_decision_begins_the_time_anew(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    comment = refused(article, State.SPAM, moderator)
    clock.shift(timedelta(days=limits.UNDO_DAYS - 1))
    moderation.undo(Decision.objects.latest_of(comment), by=moderator)  # type: ignore[arg-type]
    comment.refresh_from_db()
    moderation.move(comment, State.DECLINED, by=moderator, seen=Seen.of(comment), reason="advice")
    clock.shift(timedelta(days=limits.REFUSED_DAYS))
    tidy.tidy()
    comment.refresh_from_db()
    assert comment.body == SECRET


def test_what_nobody_decided_on_is_withdrawn_but_never_who_may_be_at_risk(
    article: Article, clock: time_machine.Traveller
) -> None:
    plain, risky = (make_comment(article, state=State.PENDING, body=SECRET) for _ in range(2))
    Comment.objects.filter(pk=risky.pk).update(at_risk=True)
    clock.shift(timedelta(days=limits.WAITING_DAYS, seconds=1))
    tidy.tidy()
    plain.refresh_from_db()
    risky.refresh_from_db()
    assert (plain.state, plain.body) == (State.WITHDRAWN, "")
    assert (risky.state, risky.body) == (State.PENDING, SECRET)
    latest = Decision.objects.latest_of(plain)
    assert latest is not None
    assert (latest.reason, latest.by) == (Reason.EXPIRED, None)


def test_what_is_visible_or_came_back_stays(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    visible = make_comment(article, body=SECRET)
    clock.shift(timedelta(days=10 * limits.WAITING_DAYS))
    tidy.tidy()
    visible.refresh_from_db()
    assert (visible.state, visible.body) == (State.APPROVED, SECRET)


def test_a_decision_made_meanwhile_is_no_ground_to_delete(article: Article, moderator: User) -> None:
    comment = refused(article, State.DECLINED, moderator)
    seen = Seen.of(comment)
    moderation.move(comment, State.APPROVED, by=make_staff("other", "Moderators"), seen=seen)
    assert moderation.purge(comment, seen=seen) is False
    comment.refresh_from_db()
    assert comment.body == SECRET


def test_what_came_back_changed_waits_anew(article: Article, clock: time_machine.Traveller) -> None:
    comment = make_comment(article, state=State.RETURNED, body="First words.")
    clock.shift(timedelta(days=limits.WAITING_DAYS + 35))
    posting.edit_comment(comment, body=SECRET, visit=posting.Visit(nudged=True))
    tidy.tidy()
    comment.refresh_from_db()
    assert (comment.state, comment.body) == (State.PENDING, SECRET)
    clock.shift(timedelta(days=limits.WAITING_DAYS, seconds=1))
    tidy.tidy()
    comment.refresh_from_db()
    assert (comment.state, comment.body) == (State.WITHDRAWN, "")


def test_what_was_declined_and_taken_back_waits_anew(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    comment = make_comment(article, state=State.PENDING, body=SECRET)
    clock.shift(timedelta(days=limits.WAITING_DAYS + 35))
    declined = moderation.move(comment, State.DECLINED, by=moderator, seen=Seen.of(comment), reason="advice")
    moderation.undo(declined, by=moderator)
    clock.shift(timedelta(days=limits.UNDO_DAYS))
    tidy.tidy()
    comment.refresh_from_db()
    assert (comment.state, comment.body) == (State.PENDING, SECRET)


def test_what_was_returned_and_never_came_back_goes(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    comment = make_comment(article, state=State.PENDING, body=SECRET)
    moderation.move(
        comment, State.RETURNED, by=moderator, seen=Seen.of(comment), reason="other", note="Shorter?"
    )
    clock.shift(timedelta(days=limits.WAITING_DAYS))
    tidy.tidy()
    comment.refresh_from_db()
    assert comment.body == SECRET
    clock.shift(timedelta(seconds=1))
    tidy.tidy()
    comment.refresh_from_db()
    assert (comment.state, comment.body) == (State.WITHDRAWN, "")
    assert not Note.objects.exists()


def test_an_appeal_that_nobody_else_could_answer_goes_with_the_words(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    comment = refused(article, State.DECLINED, moderator)
    decision = Decision.objects.latest_of(comment)
    assert decision is not None
    appeal = appeals.ask(comment, decision, words=SECRET)
    clock.shift(timedelta(days=limits.WAITING_DAYS))
    tidy.tidy()
    comment.refresh_from_db()
    assert comment.body == SECRET
    clock.shift(timedelta(seconds=1))
    tidy.tidy()
    comment.refresh_from_db()
    appeal.refresh_from_db()
    assert (comment.body, appeal.words, appeal.outcome) == ("", "", "dropped")
