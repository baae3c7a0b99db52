"""All comments rest until a day: readers are told, nothing is lost, and it ends by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.models import Article
from comments import alarm, closing, posting, refusals
from comments.models import Comment, Decision, Mail
from comments.posting import Visit
from comments.states import State
from fibroblog import policy
from fibroblog.models import Policy
from tests.conftest import signed_in
from tests.factories import make_comment, post

pytestmark = pytest.mark.django_db
PAGE = "/admin/comments/pause/"
SENTENCE = "We are on holiday."


@pytest.fixture
def paused(moderator: User) -> None:
    policy.pause(until=timezone.now() + timedelta(days=3), sentence=SENTENCE, by=moderator)


@pytest.mark.usefixtures("paused")
def test_readers_are_told_in_the_place_of_the_form(client: Client, approved: Comment) -> None:
    page = client.get(approved.article.get_absolute_url()).content.decode()
    assert f"{SENTENCE} Comments are taken again after" in page
    assert 'name="body"' not in page
    assert "Reply to" not in page
    assert approved.html in page
    alone = client.get(
        f"{approved.article.get_absolute_url()}comments/{approved.public_id}/"
    ).content.decode()
    assert "Reply to" not in alone


@pytest.mark.usefixtures("paused")
def test_a_comment_is_refused_and_not_lost(client: Client, article: Article) -> None:
    sent = {"name": "Bo", "body": "Long and dear words.", "email": "", "website": ""}
    answer = client.post(f"/articles/{article.slug}/comments/", sent)
    assert answer.status_code == 409
    assert SENTENCE in answer.content.decode()
    assert "Long and dear words." in answer.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.usefixtures("paused")
def test_own_words_can_still_be_changed_and_the_staff_can_answer(article: Article, moderator: User) -> None:
    comment = make_comment(article, state=State.PENDING)
    assert (
        posting.edit_comment(comment, body="Better words.", visit=Visit(nudged=True)).body == "Better words."
    )
    posting.post_as_staff(article=article, by=moderator, name="Mo", body="Soon back.", badge="moderator")


@pytest.mark.usefixtures("paused")
def test_it_ends_by_itself(client: Client, article: Article, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(days=3))
    assert post(article).state == State.PENDING
    assert 'name="body"' in client.get(article.get_absolute_url()).content.decode()


def test_a_moderator_pauses_changes_and_ends_it(article: Article, moderator: User) -> None:
    client = signed_in(moderator)
    day = str((timezone.localtime() + timedelta(days=2)).date())
    wrong = client.post(PAGE, {"until": "2020-01-01", "sentence": SENTENCE})
    assert wrong.status_code == 422
    assert "still to come" in wrong.content.decode()
    assert SENTENCE in wrong.content.decode()
    assert client.post(PAGE, {"until": day, "sentence": SENTENCE}).status_code == 302
    assert policy.current().is_paused
    assert "Take comments again now" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"do": "resume"}).status_code == 302
    assert not policy.current().is_paused
    assert post(article).state == State.PENDING
    assert {one.by for one in Decision.log.filter(what=Decision.What.SETTING)} == {moderator}


def test_a_policy_form_that_was_open_all_the_while_ends_no_pause(
    admin_client: Client, moderator: User
) -> None:
    policy.change(Policy())
    path = "/admin/fibroblog/policy/1/change/"
    form = admin_client.get(path).context["adminform"].form
    stale = {name: value for name, value in form.initial.items() if name in form.fields and value}
    until = timezone.now() + timedelta(days=3)
    policy.pause(until=until, sentence=SENTENCE, by=moderator)
    assert admin_client.post(path, {**stale, "alarm_hours": 12, "paused_until_0": ""}).status_code == 302
    now = policy.current()
    assert (now.paused_until, now.pause_sentence, now.alarm_hours) == (until, SENTENCE, 12)
    assert [(row.was, row.to) for row in Decision.log.filter(what="setting", was__contains="alarm")] == [
        ("alarm after hours: 24", "alarm after hours: 12")
    ]
    assert now.history.filter(alarm_hours=12, pause_sentence=SENTENCE).exists()


def test_a_pause_leaves_a_policy_alone_that_was_changed_meanwhile(
    monkeypatch: pytest.MonkeyPatch, moderator: User
) -> None:
    before = policy.change(Policy(alarm_hours=24))
    policy.change(Policy(alarm_hours=3))
    monkeypatch.setattr(policy, "current", lambda: before)  # as read by a request that was slower
    policy.pause(until=timezone.now() + timedelta(days=1), sentence=SENTENCE, by=moderator)
    assert Policy.objects.get().alarm_hours == 3


@pytest.mark.usefixtures("paused")
def test_what_was_returned_waits_for_the_end_of_the_pause(article: Article) -> None:
    comment = make_comment(article, state=State.RETURNED, body="First words.")
    with pytest.raises(refusals.Closed, match=SENTENCE):
        posting.edit_comment(comment, body="Better words.", visit=Visit(nudged=True))
    comment.refresh_from_db()
    assert (comment.state, comment.body) == (State.RETURNED, "First words.")


def test_what_was_returned_below_a_lock_does_not_come_back(article: Article, moderator: User) -> None:
    root = make_comment(article)
    comment = make_comment(article, parent=root, state=State.RETURNED, body="First words.")
    closing.lock(root, by=moderator)
    with pytest.raises(refusals.Closed, match="closed this part"):
        posting.edit_comment(comment, body="Better words.", visit=Visit(nudged=True))
    closing.unlock(root, by=moderator)
    comment = Comment.objects.get(pk=comment.pk)
    again = posting.edit_comment(comment, body="Better words.", visit=Visit(nudged=True))
    assert again.state == State.PENDING


@pytest.mark.usefixtures("paused")
def test_no_alarm_rings_while_the_moderators_rest(article: Article, clock: time_machine.Traveller) -> None:
    make_comment(article, state=State.PENDING)
    clock.shift(timedelta(days=2))
    alarm.ring()
    assert not Mail.objects.exists()
    clock.shift(timedelta(days=1))
    alarm.ring()
    assert Mail.objects.filter(kind=Mail.Kind.ALARM).exists()
