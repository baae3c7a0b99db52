"""What moderators hear by mail: what they chose, when they are awake, no word of a visitor unless they chose so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import alarm, appeals, claims, desk_mail, moderation, outbox, people, posting, remarks, reports
from comments.models import Alarm, Comment, Decision, DeskMail, Mail, Remark, Verdict
from comments.moderation import Seen
from comments.posting import Visit
from comments.screening import words as screening_words
from comments.states import State
from fibroblog import limits, policy, rounds
from tests.comments.letters import confirmed, paths_in, sent, to, whole_database
from tests.conftest import signed_in
from tests.factories import make_article, make_comment, make_staff, post

pytestmark = pytest.mark.django_db
PAGE = "/admin/comments/desk-mail/"
MO, MAZ = "mo@example.org", "maz@example.org"
RISK = "I want to end my life."
NIGHT = {"quiet_from": 22, "quiet_to": 7}


def chose(user: User, pace: str, **fields: Any) -> DeskMail:
    return desk_mail.choose(DeskMail(user=user, pace=pace, **fields))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def decide(comment: Comment, to: State, by: User) -> None:
    comment.refresh_from_db()
    moderation.move(comment, to, by=by, seen=Seen.of(comment))


# At once -------------------------------------------------------------------------------------------


def test_each_new_comment_is_told_once_to_those_who_chose_so(
    article: Article, moderator: User, other_moderator: User, editor: User
) -> None:
    chose(moderator, "at_once")
    chose(other_moderator, "asked")
    chose(editor, "at_once")  # who moderates nothing hears nothing
    for _ in range(2):
        post(article, name="MarkName", body="MarkBody https://a.example https://b.example https://c.example")
    post(article, body="Other words.", visit=Visit(network="n2"))
    letters = sent()
    assert [letter.to for letter in letters] == [[MO], [MO]]
    assert letters[0].subject == "[Fibroblog] A comment waits"
    assert article.title in letters[0].body
    assert "- 3 links" in letters[0].body
    assert "Mark" not in letters[0].message().as_string() + str(letters[0].body)
    assert sent() == []


@pytest.mark.parametrize("reason", [*sorted(screening_words.FOR_MODERATORS), "of_tomorrow"])
def test_no_reason_brings_a_visitors_words_into_a_mail_without_text(
    article: Article, moderator: User, reason: str
) -> None:
    chose(moderator, "at_once")
    comment = make_comment(article, state=State.PENDING)
    for detail in ("canary", "97 %; weightiest words: canary", "{canary}", "3 canary", "“canary”"):
        assert "canary" not in screening_words.for_mail(reason, detail)
        Verdict.objects.create(
            comment=comment, revision=1, check_name="x", outcome="hold", reason=reason, detail=detail
        )
    outbox.tell_of_waiting(comment)
    (letter,) = sent()
    assert "canary" not in letter.message().as_string() + str(letter.body)
    assert letter.body.count("\n- ") == 5


def test_what_the_learner_found_comes_without_the_words_it_weighed() -> None:
    detail = "97 %; weightiest words: miller, hospital, hamburg"
    assert screening_words.for_mail("reads_like_spam", detail) == "Reads like earlier spam"
    assert screening_words.for_moderators("reads_like_spam", detail) == f"Reads like earlier spam ({detail})"
    assert screening_words.for_mail("links", "3") == "3 links"
    assert screening_words.for_mail("too_fast", "1.5") == "Sent 1.5 seconds after the form was opened"


def test_what_never_waited_is_not_told(
    article: Article, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    chose(moderator, "at_once")
    assert post(article, visit=Visit(network="n1", trap="filled")).state == State.SPAM
    make_comment(article)
    assert sent() == []


def test_what_was_decided_meanwhile_has_no_mail(
    article: Article, moderator: User, other_moderator: User
) -> None:
    chose(moderator, "at_once")
    decide(post(article), State.APPROVED, other_moderator)
    moderation.withdraw(post(article, body="Not any more."))
    assert to(MO, sent()) == []
    assert set(Mail.objects.filter(user=moderator).values_list("state", flat=True)) == {Mail.State.DROPPED}


def test_a_comment_that_comes_back_changed_is_told_again(
    article: Article, moderator: User, other_moderator: User
) -> None:
    chose(moderator, "at_once")
    comment = post(article)
    posting.edit_comment(comment, body="While it waits.", visit=Visit(network="n1"))
    assert len(sent()) == 1, "one that waits anyway is told once"
    decide(comment, State.RETURNED, other_moderator)
    posting.edit_comment(comment, body="As asked.", visit=Visit(network="n1"))
    assert len(sent()) == 1
    decide(comment, State.APPROVED, other_moderator)
    posting.edit_comment(comment, body="A third time.", visit=Visit(network="n1"))
    assert len(sent()) == 1


def test_nobody_is_told_of_what_they_wrote_themselves(article: Article, moderator: User) -> None:
    chose(moderator, "at_once")
    me = confirmed(MO, "Mo")
    mine = make_comment(article, state=State.PENDING, commenter=me, owner="a" * 64)
    outbox.tell_of_waiting(mine)
    outbox.tell_of_waiting(make_comment(article, state=State.PENDING, owner="a" * 64))
    assert sent() == []
    assert not Comment.objects.waiting().not_by(moderator).exists()
    others = make_comment(article, state=State.PENDING)
    outbox.tell_of_waiting(others)
    assert len(sent()) == 1
    assert list(Comment.objects.waiting().not_by(moderator)) == [others]


def test_who_may_be_at_risk_is_told_as_ever_and_not_twice(
    article: Article, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "at_once", with_text=True, **NIGHT)
    chose(other_moderator, "never", **NIGHT)
    clock.move_to(at("2026-03-03 23:30"))
    post(article, body=RISK)
    letters = sent()
    assert sorted(letter.to[0] for letter in letters) == [MAZ, MO]
    assert all("someone may be at risk" in letter.subject for letter in letters)
    clock.move_to(at("2026-03-04 08:00"))
    assert sent() == []


# Quiet hours ---------------------------------------------------------------------------------------


def test_quiet_hours_hold_mail_until_they_end(
    article: Article, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "at_once", **NIGHT)
    chose(other_moderator, "at_once")
    clock.move_to(at("2026-03-03 22:00"))
    stays, goes = post(article), post(article, body="Decided at night.")
    assert to(MO, sent()) == []
    decide(goes, State.APPROVED, other_moderator)
    clock.move_to(at("2026-03-04 06:59:59"))
    assert to(MO, sent()) == []
    clock.move_to(at("2026-03-04 07:00"))
    (letter,) = to(MO, sent())
    assert stays.public_id in letter.body


def test_a_server_that_comes_back_at_night_wakes_nobody(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "at_once", **NIGHT)
    post(article)
    Mail.objects.update(due_at=at("2026-03-03 21:00"), attempts=3)
    clock.move_to(at("2026-03-04 02:00"))
    assert sent() == []
    clock.move_to(at("2026-03-04 07:00"))
    assert len(sent()) == 1


def test_held_over_an_edit_one_mail_is_enough(
    article: Article, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "at_once", **NIGHT)
    clock.move_to(at("2026-03-03 23:00"))
    comment = post(article)
    assert sent() == []
    decide(comment, State.RETURNED, other_moderator)
    posting.edit_comment(comment, body="As asked.", visit=Visit(network="n1"))
    clock.move_to(at("2026-03-04 07:00"))
    assert len(to(MO, sent())) == 1


def test_mail_that_waits_follows_a_new_choice(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "at_once", **NIGHT)
    clock.move_to(at("2026-03-03 23:00"))
    post(article)
    assert sent() == []
    chose(moderator, "at_once")
    assert len(sent()) == 1
    post(article, body="Another.")
    chose(moderator, "never")
    assert sent() == []


# The digest ----------------------------------------------------------------------------------------


def test_a_digest_comes_at_the_chosen_hours_and_says_what_waits(
    article: Article, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "digest", hours="8, 17")
    first = post(
        article, name="MarkName", body="MarkBody https://a.example https://b.example https://c.example"
    )
    clock.shift(timedelta(hours=2))
    second = post(make_article(), body="MarkBody2")
    gone = post(article, body="MarkGone")
    reports.report(make_comment(article), reason="other", note="MarkNote")
    refused = make_comment(article, state=State.PENDING)
    decide(refused, State.DECLINED, other_moderator)
    appeals.ask(refused, Decision.objects.get(comment=refused), words="MarkAppeal")
    remarks.add(second, "MarkRemark", kind=Remark.Kind.QUESTION, by=other_moderator)
    decide(gone, State.APPROVED, other_moderator)
    clock.move_to(at("2026-03-03 16:59:59"))
    assert sent() == []
    clock.move_to(at("2026-03-03 17:00"))
    (letter,) = sent()
    body = str(letter.body)
    assert letter.to == [MO]
    assert letter.subject == "[Fibroblog] 2 comments wait"
    assert "2 comments wait for a moderator, the oldest for 8 hours." in body
    assert "1 reported comment waits for a look." in body
    assert "1 writer asks for another look at a decision." in body
    assert "On 1 comment a second opinion is asked for." in body
    assert f"1. On “{article.title}”, waiting for 8 hours\n- 3 links\n" in body
    assert f"2. On “{second.article.title}”, waiting for 6 hours\n" in body
    assert body.index(first.public_id) < body.index(second.public_id)
    assert gone.public_id not in body
    assert "Mark" not in letter.message().as_string() + body


def test_it_comes_again_at_the_next_hour_and_not_when_nothing_waits(
    article: Article, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "digest", hours="8, 17")
    comment = post(article)
    due = []
    for day in range(3):
        if day == 2:
            decide(comment, State.APPROVED, other_moderator)
        for hour in range(24):
            clock.move_to(at(f"2026-03-0{4 + day} {hour:02}:00"))
            due += [(day, hour) for _ in to(MO, sent())]
            desk_mail.plan_digests()
    assert due == [(0, 0), (0, 8), (0, 17), (1, 8), (1, 17)], "the first was due in the afternoon before"
    assert Mail.objects.filter(kind=Mail.Kind.DIGEST, state=Mail.State.WAITING).count() == 1


def test_rounds_plan_one_digest_however_often_they_run(
    moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "digest", hours="8, 17")
    for _ in range(3):
        desk_mail.plan_digests()
    chose(moderator, "digest", hours="8, 17")
    mail = Mail.objects.get(state=Mail.State.WAITING)
    assert mail.due_at == at("2026-03-03 17:00")
    chose(moderator, "digest", hours="12")
    assert Mail.objects.get(state=Mail.State.WAITING).due_at == at("2026-03-03 12:00")
    chose(moderator, "at_once")
    assert not Mail.objects.filter(state=Mail.State.WAITING).exists()
    assert {desk_mail.plan_digests, alarm.ring} < set(rounds.EVERY_MINUTE)


def test_only_ones_own_waiting_comment_is_no_digest(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "digest", hours="17")
    make_comment(article, state=State.PENDING, commenter=confirmed(MO, "Mo"))
    clock.move_to(at("2026-03-03 17:00"))
    assert sent() == []


def test_a_long_queue_is_told_in_short_and_costs_no_more(
    article: Article, moderator: User, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    chose(moderator, "digest", hours="17")
    make_comment(article, state=State.PENDING)
    clock.move_to(at("2026-03-03 17:00"))
    with CaptureQueriesContext(connection) as few:
        assert len(sent()) == 1
    for _ in range(limits.DESK_MAIL_COMMENTS + 4):
        make_comment(article, state=State.PENDING)
    desk_mail.plan_digests()
    clock.move_to(at("2026-03-04 17:00"))
    with CaptureQueriesContext(connection) as many:
        (letter,) = sent()
    assert str(letter.body).count("Its card:") == limits.DESK_MAIL_COMMENTS
    assert "And 5 more." in letter.body
    assert len(many) == len(few)


# The words, for those who chose them ---------------------------------------------------------------


@pytest.mark.parametrize("pace", ["at_once", "digest"])
def test_the_words_come_only_to_who_chose_them(
    article: Article, moderator: User, other_moderator: User, clock: time_machine.Traveller, pace: str
) -> None:
    chose(moderator, pace, hours="17", with_text=True)
    chose(other_moderator, pace, hours="17")
    post(article, name="Wren", body="First line.\n\nApprove it:\nhttps://evil.example " + "long " * 500)
    post(article, name="MarkRisk", body=f"MarkRisk {RISK}", visit=Visit(network="n2"))
    clock.move_to(at("2026-03-03 17:00"))
    letters = [letter for letter in sent() if "at risk" not in letter.subject]
    (mine,), (hers,) = to(MO, letters), to(MAZ, letters)
    assert "Wren writes:\n\n> First line.\n> \n> Approve it:\n> https://evil.example" in mine.body
    assert len(str(mine.body)) < limits.DESK_MAIL_LENGTH + 2_500
    assert "Wren" not in hers.body
    assert "First line" not in hers.body
    assert not any("MarkRisk" in str(letter.body) for letter in letters), "nobody meets that in their mail"


def test_what_a_rule_quotes_is_left_out_without_the_words(
    article: Article, moderator: User, other_moderator: User
) -> None:
    chose(moderator, "at_once", with_text=True)
    chose(other_moderator, "at_once")
    comment = make_comment(article, state=State.PENDING)
    comment.verdicts.create(
        revision=1, check_name="rules", outcome="hold", reason="rule_hold", detail="snake oil"
    )
    outbox.tell_of_waiting(comment)
    letters = sent()
    assert "- A rule asks for a second look: “snake oil”" in to(MO, letters)[0].body
    assert "- A rule asks for a second look\n" in to(MAZ, letters)[0].body


# The alarm -----------------------------------------------------------------------------------------


def ring() -> list[str]:
    alarm.ring()
    return sorted(letter.to[0] for letter in sent())


def test_the_alarm_rings_once_then_once_a_day_while_it_lasts(
    article: Article, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    chose(other_moderator, "never")
    post(article)
    clock.shift(timedelta(hours=24))
    assert ring() == []
    clock.shift(timedelta(seconds=1))
    assert ring() == [MAZ, MO], "also who chose nothing"
    for _ in range(47):
        clock.shift(timedelta(minutes=30))
        assert ring() == []
    clock.shift(timedelta(minutes=30))
    assert ring() == [MAZ, MO]


def test_the_alarm_rings_anew_after_it_was_solved(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    first = post(article)
    clock.shift(timedelta(hours=6))
    second = post(article, body="Later.")
    clock.shift(timedelta(hours=18, minutes=1))
    assert ring() == [MO]
    decide(first, State.APPROVED, moderator)
    assert ring() == []
    clock.shift(timedelta(hours=2))
    assert ring() == []
    assert Alarm.objects.get().rang_at is None
    clock.shift(timedelta(hours=4))
    assert second.state == State.PENDING
    assert ring() == [MO]


def test_who_works_through_the_queue_is_not_told_of_each(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    comments = []
    for number in range(4):
        comments.append(post(article, body=f"Number {number}."))
        clock.shift(timedelta(minutes=10))
    clock.shift(timedelta(hours=24) - timedelta(minutes=39))
    rang = []
    for comment in comments:
        rang += ring()
        decide(comment, State.APPROVED, moderator)
        rang += ring()
        clock.shift(timedelta(minutes=10))
    assert rang == [MO]


def test_the_alarm_respects_quiet_hours_the_policy_and_who_switched_it_off(
    article: Article, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    chose(moderator, "never", **NIGHT)
    chose(other_moderator, "digest", hours="", alarm=False)
    clock.move_to(at("2026-03-03 23:00"))
    comment = post(article)
    changed = policy.current()
    changed.alarm_hours = 0
    policy.change(changed)
    clock.move_to(at("2026-03-05 03:00"))
    assert ring() == []
    changed.alarm_hours = 24
    policy.change(changed)
    assert ring() == []
    clock.move_to(at("2026-03-05 07:00"))
    assert ring() == [MO]
    clock.move_to(at("2026-03-07 03:00"))
    assert ring() == []
    decide(comment, State.APPROVED, other_moderator)
    clock.move_to(at("2026-03-07 07:00"))
    assert ring() == [], "solved while they slept"


def test_a_comment_that_came_back_changed_is_not_old(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    comment = post(article)
    decide(comment, State.RETURNED, moderator)
    clock.shift(timedelta(days=9))
    posting.edit_comment(comment, body="As asked.", visit=Visit(network="n1"))
    assert ring() == []
    clock.shift(timedelta(hours=24, seconds=1))
    assert ring() == [MO]


def test_while_all_is_well_the_alarm_asks_one_thing_of_the_comments(pending: Comment) -> None:
    with CaptureQueriesContext(connection) as queries:
        alarm.ring()
    assert sum("comments_comment" in query["sql"] for query in queries) == 1
    assert len(queries) == 3, "the policy, the comments, and that the alarm is silent"


# Together ------------------------------------------------------------------------------------------


def test_whom_a_comment_is_handed_to_hears_of_it_without_its_words(
    pending: Comment, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    for _ in range(2):
        claims.hand_over(pending, to=other_moderator, by=moderator)
    (letter,) = sent()
    assert letter.to == [MAZ]
    assert "mo asks you to look at a comment" in letter.body
    assert f"/admin/comments/queue/{pending.public_id}/" in paths_in(letter)
    assert pending.body not in letter.body
    assert "/mail/desk/" not in letter.body
    clock.shift(60)
    claims.hand_over(pending, to=moderator, by=other_moderator)
    claims.hand_over(pending, to=other_moderator, by=moderator)
    assert [letter.to for letter in sent()] == [[MAZ]], (
        "back and forth is asked twice; the first is taken back"
    )


@pytest.mark.parametrize("how", ["never", "decided", "elsewhere", "released", "no moderator"])
def test_what_is_handed_over_no_more_is_not_told(
    pending: Comment, moderator: User, other_moderator: User, how: str
) -> None:
    if how == "never":
        chose(other_moderator, "never")
    claims.hand_over(pending, to=other_moderator, by=moderator)
    if how == "decided":
        decide(pending, State.APPROVED, moderator)
    elif how == "elsewhere":
        claims.hand_over(pending, to=make_staff("third", "Moderators"), by=moderator)
    elif how == "released":
        claims.release(pending, by=other_moderator)
    elif how == "no moderator":
        other_moderator.groups.clear()
    assert to(MAZ, sent()) == []


def test_a_second_opinion_is_asked_of_those_who_hear_at_once(
    pending: Comment, moderator: User, other_moderator: User
) -> None:
    chose(moderator, "at_once")
    chose(other_moderator, "at_once")
    third = make_staff("third", "Moderators")
    remarks.add(pending, "MarkRemark", kind=Remark.Kind.QUESTION, by=moderator)
    (letter,) = sent()
    assert letter.to == [MAZ]
    assert "second opinion" in letter.subject
    assert "MarkRemark" not in letter.body
    remarks.add(pending, "Fine.", kind=Remark.Kind.OPINION, by=third)
    remarks.add(pending, "And now?", kind=Remark.Kind.QUESTION, by=moderator)
    remarks.add(pending, "Still.", kind=Remark.Kind.OPINION, by=third)
    assert sent() == [], "answered before the mail"


# Rights --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["group", "inactive", "staff"])
def test_who_moderates_no_more_hears_nothing_of_what_was_written_down(
    article: Article, moderator: User, other_moderator: User, how: str, clock: time_machine.Traveller
) -> None:
    chose(moderator, "at_once")
    chose(other_moderator, "digest", hours="17")
    post(article)
    if how == "group":
        Group.objects.get(name="Moderators").user_set.clear()
    else:
        User.objects.update(**({"is_active": False} if how == "inactive" else {"is_staff": False}))
    clock.move_to(at("2026-03-03 17:00"))
    assert sent() == []
    desk_mail.plan_digests()
    assert not Mail.objects.filter(state=Mail.State.WAITING).exists()


# How to stop ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["waiting", "digest", "handed", "alarm"])
def test_one_click_stops_that_kind_of_mail(
    article: Article, moderator: User, other_moderator: User, clock: time_machine.Traveller, kind: str
) -> None:
    chose(moderator, {"waiting": "at_once", "digest": "digest"}.get(kind, "asked"), hours="17")
    comment = post(article)
    if kind == "handed":
        claims.hand_over(comment, to=moderator, by=other_moderator)
    clock.shift(timedelta(hours=25))
    if kind == "alarm":
        alarm.ring()
    letter = to(MO, sent())[0]
    assert Mail.objects.filter(user=moderator, state=Mail.State.SENT).get().kind == kind
    link = letter.message()["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert letter.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in paths_in(letter)
    assert "You get this because you are a moderator" in letter.body
    strict = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "cross-site"})
    before = whole_database()
    assert strict.get(link).status_code == 200
    assert strict.head(link).status_code == 200
    assert whole_database() == before
    one_click = "List-Unsubscribe=One-Click"
    for _ in range(2):
        answer = strict.post(link, one_click, content_type="application/x-www-form-urlencoded")
        assert (answer.status_code, answer.cookies) == (200, {})
    choice = DeskMail.objects.get(user=moderator)
    stopped = (choice.pace, choice.alarm)
    assert stopped == (("asked", False) if kind == "alarm" else ("never", True))
    swapped = link.replace("/desk/", "/author/") if kind != "alarm" else link.replace("/alarm/", "/desk/")
    assert strict.post(swapped).status_code == 410


# The page ------------------------------------------------------------------------------------------

FORM = {"pace": "digest", "hours": "17 8,8", "quiet_from": "22", "quiet_to": "7", "alarm": "on"}


def test_a_moderator_chooses_their_own_mail(moderator: User, other_moderator: User) -> None:
    client = signed_in(moderator)
    assert client.get(PAGE).context["form"]["pace"].value() == "asked"
    assert not DeskMail.objects.exists(), "looking stores nothing"
    for _ in range(2):
        assert (
            client.post(PAGE, {**FORM, "user": other_moderator.pk}).headers["Location"] == PAGE + "?saved=1"
        )
    choice = DeskMail.objects.get()
    assert (choice.user, choice.pace, choice.hours) == (moderator, "digest", "8, 17")
    assert (choice.quiet_from, choice.quiet_to, choice.with_text, choice.alarm) == (22, 7, False, True)
    saved = client.get(PAGE + "?saved=1").content.decode()
    assert 'role="status">Saved.' in saved
    assert 'value="8, 17"' in saved


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pace": ""}, "Choose what you want to hear."),
        ({"pace": "hourly"}, "Select a valid choice"),
        ({"hours": "8, 24"}, "Enter full hours from 0 to 23"),
        ({"hours": "half past <b>"}, "Enter full hours from 0 to 23"),
        ({"hours": "８"}, "Enter full hours from 0 to 23"),
        ({"hours": " "}, "Enter at least one hour for the mail"),
        ({"hours": "8 9 10 11 12 13 14"}, "Choose 6 hours at most."),
        ({"hours": "8, 23"}, "23 lies in your quiet hours. Choose another hour."),
        ({"quiet_to": ""}, "Quiet hours begin and end at two different hours."),
        ({"quiet_from": ""}, "Quiet hours begin and end at two different hours."),
        ({"quiet_from": "7"}, "Quiet hours begin and end at two different hours."),
        ({"quiet_from": "24"}, "Select a valid choice"),
        ({"hours": "8, " * 40}, "at most 60 characters"),
    ],
)
def test_what_does_not_work_is_said_and_nothing_is_kept(
    moderator: User, changes: dict[str, str], sentence: str
) -> None:
    answer = signed_in(moderator).post(PAGE, {**FORM, **changes})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "<title>Error:" in answer.content.decode().replace("\n", "")
    assert "<b>" not in answer.content.decode()
    assert not DeskMail.objects.exists()


def test_strangers_and_editors_choose_nothing(editor: User, client: Client) -> None:
    assert client.post(PAGE, FORM).status_code == 302
    assert signed_in(editor).post(PAGE, FORM).status_code == 403
    assert not DeskMail.objects.exists()


def test_an_account_without_an_address_is_told(moderator: User) -> None:
    assert "no email address" not in signed_in(moderator).get(PAGE).content.decode()
    User.objects.update(email="")
    assert "no email address" in signed_in(moderator).get(PAGE).content.decode()
    assert PAGE in signed_in(moderator).get("/admin/").content.decode()
    assert PAGE in signed_in(moderator).get("/admin/comments/queue/").content.decode()


@pytest.mark.parametrize("ends", [(22, None), (None, 7), (7, 7), (24, 7)])
def test_the_database_keeps_quiet_hours_whole(moderator: User, ends: tuple[int | None, int | None]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DeskMail.objects.create(user=moderator, quiet_from=ends[0], quiet_to=ends[1])


def test_people_are_erased_with_their_mail_at_the_desk_untouched(article: Article, moderator: User) -> None:
    chose(moderator, "at_once", with_text=True)
    wren = confirmed()
    outbox.tell_of_waiting(make_comment(article, state=State.PENDING, commenter=wren, body="MarkGone"))
    people.erase(wren)
    assert sent() == []
