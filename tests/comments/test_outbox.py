"""Who hears of what: exactly one mail for each person and event, never to oneself, no words of visitors."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from articles.models import Article
from comments import (
    alarm,
    appeals,
    claims,
    desk_mail,
    moderation,
    outbox,
    people,
    posting,
    remarks,
)
from comments.models import Case, Comment, Commenter, Decision, DeskMail, Mail, Remark, Report, Subscription
from comments.moderation import Seen
from comments.notifications import WORDS
from comments.states import State
from fibroblog import limits
from tests.comments.letters import confirmed, paths_in, press, sent, to, whole_database
from tests.conftest import signed_in
from tests.factories import make_article, make_author, make_comment, make_staff, post

# The sentences that the site comes with.
ADVICE = "It reads as advice on treatment or doses. Telling what helped you is welcome."
UNKIND = "Parts of it could hurt somebody who reads it."

pytestmark = pytest.mark.django_db

WREN = "wren@example.org"


def decide(comment: Comment, to: State, by: User, **why: Any) -> Decision:
    comment.refresh_from_db()
    return moderation.move(comment, to, by=by, seen=Seen.of(comment), **why)


def subjects(letters: list[EmailMessage]) -> list[str]:
    return [letter.subject.removeprefix("[Fibroblog] ") for letter in letters]


@pytest.fixture
def wren(db: None) -> Commenter:
    return confirmed()


@pytest.fixture
def waiting(wren: Commenter, article: Article) -> Comment:
    return make_comment(article, state=State.PENDING, commenter=wren)


@pytest.fixture
def shown(wren: Commenter, article: Article) -> Comment:
    return make_comment(article, commenter=wren)


# Decisions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "subject"),
    [
        ([State.APPROVED], "Your comment is published"),
        ([State.DECLINED], "Your comment is not published"),
        ([State.RETURNED], "Your comment: please change one thing"),
        ([State.APPROVED, State.REMOVED], "Your comment is not published"),
    ],
)
def test_a_decision_is_told_once_with_its_reason(
    waiting: Comment, moderator: User, states: list[State], subject: str
) -> None:
    for state in states:
        decide(waiting, state, moderator, reason="advice", note="Words to the writer")
    letters = sent()
    assert subjects(letters) == [subject]
    assert letters[0].to == [WREN]
    is_told_why = states[-1] != State.APPROVED
    assert (ADVICE in letters[0].body) is is_told_why
    assert ("Words to the writer" in letters[0].body) is is_told_why
    assert sent() == []


def test_spam_and_the_systems_own_moves_are_no_news(
    waiting: Comment, shown: Comment, moderator: User
) -> None:
    decide(waiting, State.SPAM, moderator)
    moderation.move(shown, State.REMOVED, by=None, seen=Seen.of(shown))
    assert sent() == []
    assert not Mail.objects.exists()


def test_undone_and_done_again_is_told_once(waiting: Comment, moderator: User) -> None:
    decide(waiting, State.APPROVED, moderator)
    assert len(sent()) == 1
    decide(waiting, State.PENDING, moderator)
    decide(waiting, State.APPROVED, moderator)
    assert sent() == []


def test_a_decision_taken_back_before_the_mail_is_not_told_until_it_is_true(
    waiting: Comment, moderator: User
) -> None:
    decide(waiting, State.DECLINED, moderator, reason="advice")
    decide(waiting, State.PENDING, moderator)
    assert sent() == []
    assert Mail.objects.get().state == Mail.State.DROPPED
    decide(waiting, State.DECLINED, moderator, reason="unkind")
    (letter,) = sent()
    assert UNKIND in letter.body
    assert ADVICE not in letter.body


def test_refused_again_for_another_reason_is_told_again(waiting: Comment, moderator: User) -> None:
    for reason, note, news in (
        ("advice", "", [ADVICE]),
        ("advice", "", []),  # made again just so
        ("unkind", "", [UNKIND]),
        ("unkind", "With a note.", [f"{UNKIND} With a note."]),
        ("advice", "", [ADVICE]),  # told once, but something else was told since
    ):
        refusal = decide(waiting, State.DECLINED, moderator, reason=reason, note=note)
        letters = sent()
        assert [why for letter, why in zip(letters, news, strict=True) if why in letter.body] == news
        moderation.undo(refusal, by=moderator)
        assert sent() == []


@pytest.mark.parametrize("state", [Mail.State.WAITING, Mail.State.SENDING])
def test_decided_again_for_another_reason_before_the_mail_the_last_reason_is_told(
    waiting: Comment, moderator: User, state: Mail.State
) -> None:
    decide(waiting, State.DECLINED, moderator, reason="advice", note="First note")
    Mail.objects.update(state=state, claimed_at=timezone.now())
    decide(waiting, State.PENDING, moderator)
    decide(waiting, State.DECLINED, moderator, reason="unkind", note="Last note")
    Mail.objects.update(state=Mail.State.WAITING)  # the server was down
    (letter,) = sent()
    assert UNKIND in letter.body
    assert "Last note" in letter.body
    assert ADVICE not in letter.body
    assert "First note" not in letter.body


def test_of_two_texts_approved_before_the_mail_one_is_told(waiting: Comment, moderator: User) -> None:
    decide(waiting, State.APPROVED, moderator)
    posting.edit_comment(waiting, body="Other words", visit=posting.Visit(network="n1"))
    decide(waiting, State.APPROVED, moderator)
    assert subjects(sent()) == ["Your comment is published"]


# Replies and followers ---------------------------------------------------------------------------


def test_a_reply_is_told_only_once_it_is_approved(shown: Comment, article: Article, moderator: User) -> None:
    reply = post(article, parent=shown, name="Robin")
    assert sent() == []
    decide(reply, State.APPROVED, moderator)
    (letter,) = sent()
    assert (letter.to, subjects([letter])) == ([WREN], ["Somebody answered your comment"])
    decide(reply, State.PENDING, moderator)
    decide(reply, State.APPROVED, moderator)
    posting.edit_comment(reply, body="Changed", visit=posting.Visit(network="n1"))
    decide(reply, State.APPROVED, moderator)
    assert sent() == []


def test_several_approved_at_once_are_told_once_each(
    shown: Comment, article: Article, moderator: User
) -> None:
    replies = [make_comment(article, state=State.PENDING, parent=shown) for _ in range(3)]
    ticked = [f"{reply.public_id}.pending.1" for reply in replies]
    form = {"do": "approve", "comment": ticked, "sure": "1"}
    for _ in range(2):
        assert signed_in(moderator).post("/admin/comments/queue/several/", form).status_code == 200
    assert subjects(sent()) == ["Somebody answered your comment"] * 3
    assert sent() == []


def test_a_follower_who_is_answered_gets_one_mail(shown: Comment, article: Article, wren: Commenter) -> None:
    people.follow(wren, article)
    make_comment(article, parent=shown)
    assert subjects(sent()) == ["Somebody answered your comment"]
    make_comment(article)
    assert subjects(sent()) == ["A new comment in a discussion you follow"]


def test_an_answer_of_the_staff_is_told_too(shown: Comment, article: Article, editor: User) -> None:
    posting.post_as_staff(article=article, by=editor, name="Ed", body="Hello", badge="editor", parent=shown)
    assert subjects(sent()) == ["Somebody answered your comment"]


def test_who_wants_no_word_of_replies_gets_none(shown: Comment, article: Article, wren: Commenter) -> None:
    wren.hears_replies = False
    people.set_mail(wren)
    make_comment(article, parent=shown)
    assert sent() == []
    people.follow(wren, article)
    make_comment(article, parent=shown)
    assert subjects(sent()) == ["A new comment in a discussion you follow"]


def test_authors_with_an_account_hear_of_comments_on_their_posts(article: Article) -> None:
    wants, silent, gone = (make_staff(name) for name in ("wants", "silent", "gone"))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    authors = [
        make_author(user=wants),
        make_author(user=silent, hears_of_comments=False),
        make_author(user=gone),
    ]
    article.authors.set([*authors, make_author()])
    make_comment(article)
    make_comment(make_article())
    letters = sent()
    assert [letter.to for letter in letters] == [["wants@example.org"]]
    assert subjects(letters) == ["A new comment on your post"]
    assert press(paths_in(letters[0])[1]) == 200
    make_comment(article)
    assert sent() == []


# Never to oneself --------------------------------------------------------------------------------


def test_nobody_is_told_of_their_own_comment(shown: Comment, article: Article, wren: Commenter) -> None:
    people.follow(wren, article)
    make_comment(article, parent=shown, commenter=wren)
    assert sent() == []


def test_nor_of_what_they_wrote_in_the_same_browser_without_their_address(
    article: Article, wren: Commenter
) -> None:
    people.follow(wren, article)
    mine = make_comment(article, commenter=wren, owner="a" * 64)
    make_comment(article, owner="a" * 64)
    make_comment(article, owner="a" * 64, parent=mine)
    assert sent() == []
    make_comment(article, owner="b" * 64)
    assert len(sent()) == 1


def test_an_author_is_not_told_of_their_own_answer_under_either_hat(
    article: Article, wren: Commenter
) -> None:
    user = make_staff("wren")
    article.authors.set([make_author(user=user)])
    assert user.email == wren.email
    people.follow(wren, article)
    posting.post_as_staff(article=article, by=user, name="Wren", body="Hello", badge="editor")
    make_comment(article, commenter=wren)
    assert sent() == []
    make_comment(article)
    assert len(to(WREN, sent())) == 1, "follower and author at once: one mail"


def test_a_typed_address_keeps_no_word_from_its_owner(article: Article, wren: Commenter) -> None:
    people.follow(wren, article)
    make_comment(article, email=WREN)
    assert len(to(WREN, sent())) == 1


# When --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "pace", "quiet_until", "due"),
    [
        ("2026-03-03 09:00", "at_once", None, "2026-03-03 09:00"),
        ("2026-03-03 09:00", "daily", None, "2026-03-03 17:00"),
        ("2026-03-03 16:59", "daily", None, "2026-03-03 17:00"),
        ("2026-03-03 17:00", "daily", None, "2026-03-04 17:00"),
        ("2026-12-31 23:59", "daily", None, "2027-01-01 17:00"),
        ("2026-03-03 09:00", "at_once", "2026-03-03", "2026-03-03 09:00"),
        ("2026-03-03 09:00", "at_once", "2026-03-05", "2026-03-05 17:00"),
        ("2026-03-03 09:00", "daily", "2026-03-05", "2026-03-05 17:00"),
        ("2026-03-05 18:00", "daily", "2026-03-05", "2026-03-06 17:00"),
        ("2026-03-03 09:00", "at_once", "2020-01-01", "2026-03-03 09:00"),
    ],
)
def test_mail_comes_when_it_is_wanted(now: str, pace: str, quiet_until: str | None, due: str) -> None:
    person = Commenter(pace=pace, quiet_until=quiet_until and date.fromisoformat(quiet_until))
    assert outbox.due_for(person, datetime.fromisoformat(now).replace(tzinfo=UTC)) == datetime.fromisoformat(
        due
    ).replace(tzinfo=UTC)


def test_one_mail_a_day_tells_all_that_is_still_true(
    shown: Comment, article: Article, wren: Commenter, moderator: User, clock: time_machine.Traveller
) -> None:
    people.follow(wren, article)
    wren.pace = Commenter.Pace.DAILY
    people.set_mail(wren)
    gone = make_comment(article)
    make_comment(article)
    make_comment(article, parent=shown)
    decide(make_comment(article, state=State.PENDING, commenter=wren), State.APPROVED, moderator)
    assert sent() == []
    moderation.withdraw(gone)
    clock.move_to(datetime(2026, 3, 3, 17, tzinfo=UTC))
    (letter,) = sent()
    assert subjects([letter]) == ["3 things that happened"]
    assert str(letter.body).count(article.title) == 3
    assert sent() == []
    clock.shift(timedelta(days=1))
    assert sent() == []


def test_one_mail_a_day_says_what_was_decided_and_why(
    article: Article, wren: Commenter, moderator: User, clock: time_machine.Traveller
) -> None:
    wren.pace = Commenter.Pace.DAILY
    people.set_mail(wren)
    for state in (State.APPROVED, State.RETURNED, State.DECLINED):
        comment = make_comment(article, state=State.PENDING, commenter=wren)
        decide(comment, state, moderator, reason="advice", note=f"Note on {state}")
    for outcome in (Case.Outcome.STAYS, Case.Outcome.GONE):
        case = Case.objects.create(comment=make_comment(make_article()), revision=1, outcome=outcome)
        Report.objects.create(case=case, reason="other", commenter=wren)
        outbox.tell_reporters(case)
    clock.move_to(datetime(2026, 3, 3, 17, tzinfo=UTC))
    (letter,) = sent()
    assert subjects([letter]) == ["5 things that happened"]
    published, returned, declined, stays, gone = str(letter.body).splitlines()[:5]
    assert "is published" in published
    assert "Note on" not in published
    assert "change something" in returned
    assert returned.endswith(f"{ADVICE} Note on returned")
    assert "is not published" in declined
    assert declined.endswith(f"{ADVICE} Note on declined")
    assert "decided to leave it" in stays
    assert "no longer shown" in gone


def test_one_thing_on_a_day_is_told_as_itself(
    shown: Comment, article: Article, clock: time_machine.Traveller, wren: Commenter
) -> None:
    wren.pace = Commenter.Pace.DAILY
    people.set_mail(wren)
    make_comment(article, parent=shown)
    clock.shift(timedelta(hours=9))
    assert subjects(sent()) == ["Somebody answered your comment"]


def test_who_wants_no_mail_gets_none_and_no_flood_later(
    shown: Comment, article: Article, wren: Commenter
) -> None:
    make_comment(article, parent=shown)
    people.stop(wren)
    make_comment(article, parent=shown)
    assert sent() == []
    wren.pace = Commenter.Pace.AT_ONCE
    people.set_mail(wren)
    assert sent() == []
    make_comment(article, parent=shown)
    assert len(sent()) == 1


def test_waiting_mail_follows_a_new_choice(
    shown: Comment, article: Article, wren: Commenter, clock: time_machine.Traveller
) -> None:
    wren.quiet_until = date(2026, 3, 10)
    people.set_mail(wren)
    make_comment(article, parent=shown)
    clock.shift(timedelta(days=1))
    assert sent() == []
    wren.quiet_until = None
    people.set_mail(wren)
    assert len(sent()) == 1


# No longer true ----------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["withdrawn", "removed", "unpublished", "unfollowed"])
def test_what_is_no_longer_true_is_not_sent(article: Article, wren: Commenter, change: str) -> None:
    people.follow(wren, article)
    comment = make_comment(article)
    if change == "withdrawn":
        moderation.withdraw(comment)
    elif change == "removed":
        moderation.move(comment, State.REMOVED, by=None, seen=Seen.of(comment))
    elif change == "unpublished":
        Article.objects.filter(pk=article.pk).update(status=Article.Status.DRAFT)
    else:
        people.unfollow(Subscription.objects.get())
    assert sent() == []
    assert Mail.objects.get().state == Mail.State.DROPPED


# What is in a mail -------------------------------------------------------------------------------


def test_no_mail_holds_a_visitors_word(article: Article, moderator: User) -> None:
    user = make_staff("author")
    article.authors.set([make_author(user=user)])
    wren, robin = confirmed(name="MarkName1"), confirmed("robin@example.org", "MarkName2")
    people.follow(wren, article)
    people.follow(robin, article)
    parent = make_comment(article, commenter=wren, name="MarkName1", body="MarkBody1")
    decide(parent, State.PENDING, moderator)
    decide(parent, State.APPROVED, moderator)
    reply = make_comment(
        article, state=State.PENDING, parent=parent, commenter=robin, name="MarkName2", body="MarkBody2"
    )
    decide(reply, State.APPROVED, moderator)
    decide(
        make_comment(article, state=State.PENDING, commenter=robin, body="MarkBody3", name="MarkName3"),
        State.DECLINED,
        moderator,
        reason="other",
        note="OnlyForRobin",
    )
    again = make_comment(article, state=State.PENDING, commenter=robin, body="MarkBody6", name="MarkName6")
    refusal = decide(again, State.DECLINED, moderator, reason="other", note="OnlyForRobin")
    appeal = appeals.ask(again, refusal, words="MarkAppeal")
    appeals.let_stand(appeal, by=make_staff("maz", "Moderators"), answer="")
    risky = make_comment(article, state=State.PENDING, name="MarkName4", body="MarkBody4")
    outbox.tell_moderators_of_risk(risky)
    case = Case.objects.create(comment=parent, revision=1, outcome=Case.Outcome.STAYS)
    Report.objects.create(case=case, reason="other", note="MarkNote", commenter=wren)
    outbox.tell_reporters(case)
    outbox.send_own_page(wren)
    hears_at_once, hears_daily = make_staff("may", "Moderators"), make_staff("mia", "Moderators")
    desk_mail.choose(DeskMail(user=hears_at_once, pace="at_once"))
    desk_mail.choose(DeskMail(user=hears_daily, pace="digest", hours="17"))
    claims.hand_over(again, to=hears_at_once, by=moderator)
    remarks.add(again, "MarkRemark", kind=Remark.Kind.QUESTION, by=moderator)
    outbox.tell_of_waiting(make_comment(article, state=State.PENDING, name="MarkName7", body="MarkBody7"))
    Comment.objects.filter(name="MarkName7").update(created_at=timezone.now() - timedelta(days=3))
    alarm.ring()
    Mail.objects.update(due_at=timezone.now())
    post(
        article,
        email="new@example.org",
        name="MarkName5",
        body="MarkBody5",
        visit=posting.Visit(network="n2"),
    )
    letters = sent()
    assert set(Mail.objects.values_list("kind", flat=True)) == set(WORDS)
    assert not Mail.objects.exclude(state=Mail.State.SENT).exists()
    for letter in letters:
        whole = letter.message().as_string() + str(letter.body)
        assert "Mark" not in whole, letter.subject
        others = {WREN, "robin@example.org", "new@example.org", user.email, moderator.email} - set(letter.to)
        assert not any(address in whole for address in others)
        assert ("OnlyForRobin" in whole) == (
            "robin@example.org" in letter.to and "not published" in letter.subject
        )


def test_moderators_hear_of_risk_once_each(pending: Comment, moderator: User, editor: User) -> None:
    may = make_staff("may")
    may.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    for _ in range(2):
        outbox.tell_moderators_of_risk(pending)
    letters = sent()
    assert sorted(letter.to[0] for letter in letters) == ["may@example.org", "mo@example.org"]
    assert pending.body not in letters[0].body


def test_of_a_flood_moderators_hear_the_first_each_and_then_that_there_are_more(
    article: Article, moderator: User, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RISK_MAILS_PER_HOUR", 3)

    def one_more() -> list[str]:
        risky = make_comment(article, state=State.PENDING, at_risk=True, body="MarkBody")
        for _ in range(2):
            outbox.tell_moderators_of_risk(risky)
        letters = to(moderator.email, sent())
        assert not any("Mark" in str(letter.body) for letter in letters)
        return subjects(letters)

    first = "Please look now: someone may be at risk"
    more = "Please look now: more comments where someone may be at risk"
    assert [one_more() for _ in range(6)] == [[first], [first], [first], [more], [], []]
    late = make_staff("late", "Moderators")
    outbox.tell_moderators_of_risk(make_comment(article, state=State.PENDING, at_risk=True))
    assert subjects(to(late.email, sent())) == [first], "each moderator's own first is never silent"
    clock.shift(timedelta(hours=1, seconds=1))
    assert one_more() == [first]


def test_a_flood_that_was_decided_meanwhile_has_no_mail_that_there_are_more(
    article: Article, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RISK_MAILS_PER_HOUR", 1)
    for _ in range(2):
        outbox.tell_moderators_of_risk(make_comment(article, state=State.PENDING, at_risk=True))
    Comment.objects.update(state=State.WITHDRAWN)
    assert sent() == []


# How to stop -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["confirm", "reply", "discussion", "decision", "author"])
def test_one_click_stops_mail_by_post_without_cookies(
    article: Article, wren: Commenter, moderator: User, kind: str
) -> None:
    article.authors.set([make_author(user=make_staff("author"))] if kind == "author" else [])
    shown = make_comment(article, commenter=wren)
    if kind == "discussion":
        people.follow(wren, article)
    if kind == "confirm":
        post(article, email="new@example.org")
    elif kind == "decision":
        decide(
            make_comment(article, state=State.PENDING, commenter=wren),
            State.DECLINED,
            moderator,
            reason="advice",
        )
    else:
        make_comment(article, parent=shown if kind == "reply" else None)
    letter = sent()[-1]
    assert Mail.objects.latest("pk").kind == kind
    message = letter.message()
    link = message["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in str(letter.body)
    strict = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "cross-site"})
    before = whole_database()
    assert strict.get(link).status_code == 200
    assert strict.head(link).status_code == 200
    assert whole_database() == before
    one_click = "List-Unsubscribe=One-Click"
    answer = strict.post(link, one_click, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert not answer.cookies
    assert whole_database() != before
    make_comment(article, parent=shown if kind in {"reply", "decision"} else None)
    assert sent() == []


def test_mail_that_one_asks_for_needs_no_way_to_stop(wren: Commenter) -> None:
    outbox.send_own_page(wren)
    assert "List-Unsubscribe" not in sent()[0].message()


def test_the_same_event_is_written_once(shown: Comment, article: Article) -> None:
    reply = make_comment(article, parent=shown)
    for _ in range(3):
        outbox.tell_of_comment(reply)
    assert Mail.objects.count() == 1
    assert len(sent()) == 1
    outbox.tell_of_comment(reply)
    assert sent() == []


def test_old_comments_that_appear_again_are_no_news(
    shown: Comment, article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    reply = make_comment(article, parent=shown)
    assert len(sent()) == 1
    clock.shift(timedelta(days=limits.MAIL_DAYS + 1))
    Mail.objects.all().delete()
    decide(reply, State.PENDING, moderator)
    decide(reply, State.APPROVED, moderator)
    assert sent() == []
