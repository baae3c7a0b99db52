"""The only way in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections

from articles.models import Article
from comments import moderation, ownership, posting
from comments.models import Comment, Decision, Discussion, Revision, Verdict
from comments.posting import Visit
from comments.refusals import Closed, Refused, Throttled, TooLate
from comments.states import State
from fibroblog import limits, pages
from tests.factories import make_comment, make_staff, post

pytestmark = pytest.mark.django_db


def test_a_comment_waits_and_is_seen_by_nobody(article: Article) -> None:
    comment = post(article, body="Hello *you*")
    assert comment.state == State.PENDING
    assert not comment.in_thread
    assert comment.html == "<p>Hello <em>you</em></p>"
    assert not Comment.objects.visible().exists()
    assert not Decision.objects.exists()


def test_the_network_address_is_kept_as_the_visits_hash_only(article: Article) -> None:
    assert post(article, visit=Visit(network="hash")).network == "hash"


def test_the_same_text_again_finds_the_stored_one(article: Article) -> None:
    first = posting.post_comment(article=article, visit=Visit(network="n"), name="Wren", body="Hello")
    again = posting.post_comment(article=article, visit=Visit(network="n"), name="Wren", body="Hello")
    assert again.comment.pk == first.comment.pk
    assert Comment.objects.count() == 1


def test_the_last_click_of_a_double_click_owns_the_comment(article: Article) -> None:
    clicks = [
        posting.post_comment(article=article, visit=Visit(network="n"), name="W", body="Hi") for _ in range(2)
    ]
    assert Comment.objects.get().owner == ownership.hash_of(clicks[1].key)
    assert clicks[0].key != clicks[1].key


def test_who_repeats_a_waiting_text_later_gets_no_power_over_it(
    article: Article, clock: time_machine.Traveller
) -> None:
    mine = posting.post_comment(article=article, visit=Visit(network="n"), name="Zoe", body="Thank you!")
    clock.shift(posting.DOUBLE_CLICK + timedelta(seconds=1))
    neighbour = posting.post_comment(article=article, visit=Visit(network="n"), name="Zoe", body="Thank you!")
    assert (neighbour.comment, neighbour.key) == (mine.comment, "")
    assert Comment.objects.get().owner == ownership.hash_of(mine.key)


def test_a_key_cannot_be_had_by_repeating_a_text_that_was_withdrawn(article: Article) -> None:
    first = posting.post_comment(article=article, visit=Visit(network="n"), name="Anna", body="First words")
    second = posting.post_comment(
        article=article, visit=Visit(network="n", key=first.key), name="Anna", body="More"
    )
    moderation.withdraw(first.comment)
    stranger = posting.post_comment(
        article=article, visit=Visit(network="n"), name="Anna", body="First words"
    )
    assert stranger.comment != first.comment
    assert stranger.key != first.key
    assert second.comment.owner == ownership.hash_of(first.key)


def test_a_colon_in_a_name_does_not_swallow_another_comment(article: Article) -> None:
    post(article, name="A", body="B:hello")
    post(article, name="A:B", body="hello")
    assert Comment.objects.count() == 2


def test_a_resend_with_the_cookie_finds_what_was_sent_without_it(article: Article) -> None:
    first = posting.post_comment(article=article, visit=Visit(network="n"), name="Wren", body="Hello")
    resent = Visit(network="elsewhere now", key=first.key)
    # The network changed and the key came after the first post: neither digest matches, so this is a new one.
    assert (
        posting.post_comment(article=article, visit=resent, name="Wren", body="Hello").comment
        != first.comment
    )
    same_network = Visit(network="n", key=first.key)
    assert (
        posting.post_comment(article=article, visit=same_network, name="Wren", body="Hello").comment
        == first.comment
    )


@pytest.mark.parametrize("change", [{"name": "Robin"}, {"body": "Hello!"}])
def test_other_words_or_another_name_are_another_comment(article: Article, change: dict[str, str]) -> None:
    post(article, body="Hello")
    post(article, body=change.get("body", "Hello"), name=change.get("name", "Wren"))
    assert Comment.objects.count() == 2


def test_the_same_words_from_another_network_are_another_comment(article: Article) -> None:
    post(article, visit=Visit(network="a"))
    post(article, visit=Visit(network="b"))
    assert Comment.objects.count() == 2


def test_finding_a_published_twin_gives_no_power_over_it(article: Article) -> None:
    first = post(article)
    moderation.move(first, State.APPROVED, by=None, seen=moderation.Seen.of(first))
    found = posting.post_comment(
        article=article, visit=Visit(network="n1"), name="Wren", body="Thank you for this."
    )
    assert found.comment == first
    assert found.key == ""


def test_after_a_refusal_the_same_text_may_come_again(article: Article) -> None:
    first = post(article)
    moderation.move(first, State.DECLINED, by=None, seen=moderation.Seen.of(first))
    assert post(article) != first


def test_a_reply_needs_a_visible_parent_on_the_same_post(article: Article, pending: Comment) -> None:
    with pytest.raises(Refused, match="no longer shown"):
        post(article, parent=pending)
    elsewhere = make_comment(make_other(article))
    with pytest.raises(Refused, match="no longer shown"):
        post(article, parent=elsewhere)
    assert Comment.objects.count() == 2


def make_other(article: Article) -> Article:
    from tests.factories import make_article

    return make_article(title="Another post")


def test_a_reply_to_a_reply_knows_its_root(article: Article, approved: Comment) -> None:
    reply = make_comment(article, parent=approved)
    deeper = post(article, parent=reply)
    assert deeper.parent_id == reply.pk
    assert deeper.root_id == approved.pk


def test_a_closed_discussion_takes_nothing(article: Article) -> None:
    moderation.set_discussion(Discussion(article=article, status=Discussion.Status.CLOSED))
    with pytest.raises(Closed, match="closed meanwhile"):
        post(article)
    assert not Comment.objects.exists()


def test_a_discussion_closes_by_itself(article: Article, clock: time_machine.Traveller) -> None:
    moderation.set_discussion(Discussion(article=article, closes_after_days=3))
    post(article)
    clock.shift(timedelta(days=3))
    with pytest.raises(Closed):
        post(article, body="Too late")


def test_too_many_from_one_network_are_refused_and_not_stored(article: Article) -> None:
    for number in range(limits.COMMENTS_PER_ADDRESS):
        post(article, body=f"Text {number}")
    with pytest.raises(Throttled, match="your text is below"):
        post(article, body="One more")
    assert Comment.objects.count() == limits.COMMENTS_PER_ADDRESS
    post(article, visit=Visit(network="somebody else"), body="Welcome")


def test_after_a_while_one_may_write_again(article: Article, clock: time_machine.Traveller) -> None:
    for number in range(limits.COMMENTS_PER_ADDRESS):
        post(article, body=f"Text {number}")
    clock.shift(timedelta(minutes=limits.RATE_WINDOW_MINUTES))
    assert post(article, body="One more").state == State.PENDING


def test_sending_again_the_stored_text_is_never_throttled(article: Article) -> None:
    for number in range(limits.COMMENTS_PER_ADDRESS):
        post(article, body=f"Text {number}")
    assert post(article, body="Text 0").body == "Text 0"


def test_too_many_on_the_whole_site_are_refused(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_SITE", 2)
    post(article, visit=Visit(network="a"))
    post(article, visit=Visit(network="b"))
    with pytest.raises(Throttled, match="Very many comments"):
        post(article, visit=Visit(network="c"))


def test_what_the_checks_found_is_stored_with_the_comment(article: Article) -> None:
    comment = post(
        article, visit=Visit(network="n", seconds=0.5, origin_known=False), body="x https://a.example/ " * 3
    )
    found = Verdict.objects.filter(comment=comment).values_list(
        "check_name", "outcome", "reason", "detail", "revision"
    )
    assert list(found) == [
        ("speed", "hold", "too_fast", "0.5", 1),
        ("form", "hold", "origin_unknown", "", 1),
        ("links", "hold", "links", "3", 1),
    ]


def test_a_robot_lands_in_spam_with_a_log_entry(article: Article) -> None:
    comment = post(article, visit=Visit(network="n", trap="http://pills.example"))
    comment.refresh_from_db()
    assert comment.state == State.SPAM
    decision = Decision.objects.get()
    assert (decision.by, decision.reason) == (None, "robot")


def test_a_staff_answer_is_visible_at_once_with_its_word(article: Article, approved: Comment) -> None:
    editor = make_staff("eve", "Editors")
    before = pages.version_of(f"discussion:{article.pk}")
    answer = posting.post_as_staff(
        article=article, by=editor, name="Eve", body="Yes.", badge=Comment.Badge.EDITOR, parent=approved
    )
    answer.refresh_from_db()
    assert answer.state == State.APPROVED
    assert answer.get_badge_display() == "Editor"
    assert Decision.objects.latest_of(answer)
    assert pages.version_of(f"discussion:{article.pk}") > before


# Editing -----------------------------------------------------------------------------------------


def test_an_edit_of_a_waiting_comment_keeps_the_old_text_apart(article: Article) -> None:
    comment = post(article, body="Frist")
    posting.edit_comment(comment, body="First", visit=Visit(network="n1"))
    assert (comment.body, comment.html, comment.revision) == ("First", "<p>First</p>", 2)
    assert comment.edited_at is not None
    assert Revision.objects.get().body == "Frist"


def test_an_edit_of_a_visible_comment_waits_again(article: Article) -> None:
    comment = post(article)
    moderation.move(comment, State.APPROVED, by=None, seen=moderation.Seen.of(comment))
    posting.edit_comment(comment, body="Changed", visit=Visit(network="n1"))
    assert comment.state == State.PENDING
    assert not comment.in_thread
    assert Decision.objects.latest_of(comment).reason == "edited"  # type: ignore[union-attr]  # it exists
    assert not Comment.objects.visible().exists()


def test_an_edit_is_screened_like_a_new_text(article: Article) -> None:
    comment = post(article)
    posting.edit_comment(comment, body="https://a.example/ " * 5, visit=Visit(network="n1"))
    assert Verdict.objects.get().revision == 2


def test_after_half_an_hour_or_a_reply_nothing_is_edited(
    article: Article, clock: time_machine.Traveller
) -> None:
    answered = make_comment(article)
    make_comment(article, parent=answered)
    with pytest.raises(TooLate, match="no longer be changed"):
        posting.edit_comment(answered, body="x", visit=Visit())
    old = post(article)
    clock.shift(timedelta(minutes=limits.COMMENT_EDIT_MINUTES))
    with pytest.raises(TooLate):
        posting.edit_comment(old, body="x", visit=Visit())
    assert not Revision.objects.exists()


def test_a_decision_in_between_wins_over_the_edit(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if the decision came after the check and before the change.
    monkeypatch.setattr(posting, "can_edit", lambda _: True)
    comment = post(article)
    as_seen_by_the_writer = Comment.objects.get(pk=comment.pk)
    moderation.move(comment, State.DECLINED, by=None, seen=moderation.Seen.of(comment))
    with pytest.raises(TooLate, match="decided on this comment just now"):
        posting.edit_comment(as_seen_by_the_writer, body="Changed", visit=Visit(network="n1"))
    comment.refresh_from_db()
    assert comment.body == "Thank you for this."
    assert not Revision.objects.exists()


def test_an_answer_approved_while_the_change_is_screened_stops_it(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = make_comment(article, body="As it was answered")
    answer = make_comment(article, parent=comment, state=State.PENDING)

    def meanwhile(_: object) -> list[Verdict]:
        moderation.move(answer, State.APPROVED, by=None, seen=moderation.Seen.of(answer))
        return []

    monkeypatch.setattr(posting, "screen", meanwhile)
    with pytest.raises(TooLate, match="somebody answered it"):
        posting.edit_comment(comment, body="Changed", visit=Visit(network="n1"))
    comment.refresh_from_db()
    assert (comment.state, comment.body) == (State.APPROVED, "As it was answered")
    assert not Revision.objects.exists()


def test_a_returned_comment_can_be_changed_though_its_text_was_sent_again(article: Article) -> None:
    returned = post(article)
    moderation.move(returned, State.RETURNED, by=None, seen=moderation.Seen.of(returned))
    twin = post(article)
    assert twin != returned
    posting.edit_comment(returned, body="Changed as asked", visit=Visit(network="n1"))
    assert (returned.state, returned.body) == (State.PENDING, "Changed as asked")
    twin.refresh_from_db()
    assert twin.body == "Thank you for this."
    assert post(article) == twin, "the twin is still found by its own text"


@pytest.mark.usefixtures("real_transactions")
def test_clicks_at_the_same_moment_store_one_comment() -> None:
    from tests.factories import make_article

    article = make_article()

    def click(_: int) -> tuple[int, str]:
        try:
            posted = posting.post_comment(
                article=article, visit=Visit(network="n"), name="Wren", body="Hello"
            )
            return posted.comment.pk, posted.key
        finally:
            connections.close_all()

    if connection.vendor == "sqlite":
        # The tests' SQLite lives in one connection in memory; one after the other is all it can do.
        results = [click(number) for number in range(4)]
    else:
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(click, range(4)))
    assert len({pk for pk, _ in results}) == 1
    assert Comment.objects.get().owner in {ownership.hash_of(key) for _, key in results}
