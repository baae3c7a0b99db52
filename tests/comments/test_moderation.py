"""The only code that changes a state."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from comments import moderation
from comments.models import Comment, Decision, Note, Revision
from comments.moderation import MoveRefused, Seen
from comments.states import ALLOWED_MOVES, State
from fibroblog import limits, pages
from tests.factories import make_comment, post

pytestmark = pytest.mark.django_db


def test_an_approval_shows_the_comment_logs_it_and_moves_the_stamps(
    pending: Comment, moderator: User
) -> None:
    before = pages.version_of(f"discussion:{pending.article_id}"), pages.version_of("counts")
    decision = moderation.move(pending, State.APPROVED, by=moderator, seen=Seen.of(pending))
    pending.refresh_from_db()
    assert (pending.state, pending.in_thread) == (State.APPROVED, True)
    assert (decision.was, decision.to, decision.by, decision.revision) == (
        "pending",
        "approved",
        moderator,
        1,
    )
    assert pages.version_of(f"discussion:{pending.article_id}") > before[0]
    assert pages.version_of("counts") > before[1]


def test_second_moderator_loses_the_race_and_logs_nothing(
    pending: Comment, moderator: User, other_moderator: User
) -> None:
    seen = Seen.of(pending)
    moderation.move(pending, State.APPROVED, by=moderator, seen=seen)
    with pytest.raises(MoveRefused, match="mo changed this to “Approved” just now"):
        moderation.move(pending, State.SPAM, by=other_moderator, seen=seen)
    pending.refresh_from_db()
    assert pending.state == State.APPROVED
    assert Decision.objects.for_comment(pending).count() == 1


def test_nobody_decides_on_a_text_that_changed_under_their_eyes(article: Article, moderator: User) -> None:
    from comments import posting

    comment = post(article)
    seen = Seen.of(comment)
    posting.edit_comment(comment, body="Other words", visit=posting.Visit(network="n1"))
    with pytest.raises(MoveRefused, match="read it again"):
        moderation.move(comment, State.APPROVED, by=moderator, seen=seen)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("was", "to"), [(a, b) for a, b in itertools.product(State, State) if b not in ALLOWED_MOVES[a]]
)
def test_moves_that_do_not_exist_are_refused(article: Article, was: State, to: State) -> None:
    comment = make_comment(article, state=State.PENDING)
    Comment.objects.filter(pk=comment.pk).update(state=was, in_thread=was == State.APPROVED)
    with pytest.raises(MoveRefused, match="cannot go from"):
        moderation.move(comment, to, by=None, seen=Seen(was, 1))
    comment.refresh_from_db()
    assert comment.state == was
    assert not Decision.objects.exists()


def test_a_withdrawn_comment_never_comes_back() -> None:
    assert not ALLOWED_MOVES[State.WITHDRAWN]


def test_a_reply_is_not_approved_before_its_parent(article: Article, moderator: User) -> None:
    parent = make_comment(article)
    reply = make_comment(article, parent=parent, state=State.PENDING)
    moderation.move(parent, State.PENDING, by=None, seen=Seen.of(parent))
    with pytest.raises(MoveRefused, match="Decide on that one first"):
        moderation.move(reply, State.APPROVED, by=moderator, seen=Seen.of(reply))
    moderation.move(parent, State.DECLINED, by=None, seen=Seen(State.PENDING, 1))
    with pytest.raises(MoveRefused, match="is not shown"):
        moderation.move(reply, State.APPROVED, by=moderator, seen=Seen.of(reply))
    reply.refresh_from_db()
    assert reply.state == State.PENDING


def test_undo_is_a_new_entry_and_the_way_back(pending: Comment, moderator: User) -> None:
    decision = moderation.move(pending, State.APPROVED, by=moderator, seen=Seen.of(pending))
    undone = moderation.undo(decision, by=moderator)
    pending.refresh_from_db()
    assert (pending.state, pending.in_thread) == (State.PENDING, False)
    assert undone.undoes == decision
    assert Decision.objects.count() == 2


def test_only_the_last_word_can_be_undone(pending: Comment, moderator: User) -> None:
    first = moderation.move(pending, State.SPAM, by=moderator, seen=Seen.of(pending))
    moderation.move(pending, State.APPROVED, by=moderator, seen=Seen(State.SPAM, 1))
    with pytest.raises(MoveRefused):
        moderation.undo(first, by=moderator)
    assert Decision.objects.count() == 2


def test_an_undo_is_not_undone(pending: Comment, moderator: User) -> None:
    decision = moderation.move(
        pending, State.DECLINED, by=moderator, seen=Seen.of(pending), reason="unkind", note="Why"
    )
    undone = moderation.undo(decision, by=moderator)
    with pytest.raises(MoveRefused, match="decide anew"):
        moderation.undo(undone, by=moderator)
    assert Comment.objects.get(pk=pending.pk).state == State.PENDING
    assert Decision.objects.latest_of(pending) == undone


def test_undo_ends_after_its_days(pending: Comment, moderator: User, clock: time_machine.Traveller) -> None:
    decision = moderation.move(pending, State.SPAM, by=moderator, seen=Seen.of(pending))
    clock.shift(timedelta(days=limits.UNDO_DAYS, seconds=1))
    with pytest.raises(MoveRefused, match="30 days"):
        moderation.undo(decision, by=moderator)


def test_a_note_is_kept_beside_the_log(pending: Comment, moderator: User) -> None:
    moderation.move(
        pending, State.DECLINED, by=moderator, seen=Seen.of(pending), reason="advice", note="Sorry"
    )
    assert Note.objects.get().text == "Sorry"


def test_approving_a_twin_of_what_stands_is_refused_in_words(article: Article, moderator: User) -> None:
    first = post(article)
    moderation.move(first, State.DECLINED, by=moderator, seen=Seen.of(first))
    post(article)
    with pytest.raises(MoveRefused, match="stands here already"):
        moderation.move(first, State.APPROVED, by=moderator, seen=Seen(State.DECLINED, 1))
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("change", [{"reason": "other"}, {"to": "spam"}])
def test_the_database_refuses_to_change_the_log(pending: Comment, change: dict[str, str]) -> None:
    moderation.move(pending, State.SPAM, by=None, seen=Seen.of(pending))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.all().delete()
    assert Decision.objects.get().reason == ""


def test_the_log_outlives_the_comment_and_the_moderator(pending: Comment, moderator: User) -> None:
    moderation.move(pending, State.SPAM, by=moderator, seen=Seen.of(pending))
    pending.delete()
    moderator.delete()
    assert Decision.objects.get().to == State.SPAM


# Withdrawing -------------------------------------------------------------------------------------


def test_withdrawing_deletes_words_name_and_address_for_good(article: Article) -> None:
    from comments import posting

    comment = post(article, name="Wren", email="wren@example.org", body="My secret")
    posting.edit_comment(comment, body="My other secret", visit=posting.Visit(network="n1"))
    moderation.withdraw(comment)
    row = Comment.objects.filter(pk=comment.pk).values().get()
    assert row["state"] == State.WITHDRAWN
    assert {row[name] for name in ("name", "email", "body", "html", "text_hash", "network", "digest")} == {""}
    assert not Revision.objects.exists()
    assert "secret" not in str(list(Decision.objects.values()))


# Tombstones --------------------------------------------------------------------------------------


def test_a_removed_comment_with_visible_replies_keeps_its_place(article: Article, approved: Comment) -> None:
    reply = make_comment(article, parent=approved)
    deeper = make_comment(article, parent=reply)
    moderation.move(reply, State.REMOVED, by=None, seen=Seen.of(reply))
    moderation.withdraw(approved)
    places = dict(Comment.objects.values_list("pk", "in_thread"))
    assert places == {approved.pk: True, reply.pk: True, deeper.pk: True}
    moderation.move(deeper, State.REMOVED, by=None, seen=Seen.of(deeper))
    assert not Comment.objects.in_thread().exists()


def test_a_comment_without_replies_leaves_nothing_behind(approved: Comment) -> None:
    moderation.move(approved, State.REMOVED, by=None, seen=Seen.of(approved))
    assert not Comment.objects.in_thread().exists()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(State)), min_size=5, max_size=40))
def test_whatever_happens_each_state_has_its_entry_and_no_orphan_is_visible(
    article: Article, steps: list[tuple[int, State]]
) -> None:
    with transaction.atomic():
        comments: list[Comment] = []
        for number in range(10):
            parent = comments[number // 2] if number % 3 and number else None
            comments.append(make_comment(article, parent=parent, state=State.PENDING))
        for index, to in steps:
            comment = Comment.objects.get(pk=comments[index].pk)
            try:
                moderation.move(comment, to, by=None, seen=Seen.of(comment))
            except MoveRefused:
                continue
        rows = {row.pk: row for row in Comment.objects.all()}
        for row in rows.values():
            latest = Decision.objects.latest_of(row)
            assert row.state == (latest.to if latest else State.PENDING)
            shown_replies = [
                reply for reply in rows.values() if reply.parent_id == row.pk and reply.in_thread
            ]
            assert row.in_thread == (row.state == State.APPROVED or bool(shown_replies))
            if row.in_thread and row.parent_id:
                assert rows[row.parent_id].in_thread
        transaction.set_rollback(True)
