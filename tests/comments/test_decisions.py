"""The decisions on a card that ask for words: what the writer will be told, please change this, answer and approve."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article
from comments import moderation, reasons
from comments.models import Comment, Decision, Mail, RefusalReason, SavedReply
from comments.moderation import Seen
from comments.states import State
from tests.comments.letters import confirmed, paths_in, sent, to, whole_database
from tests.conftest import signed_in
from tests.factories import make_comment, make_staff

pytestmark = pytest.mark.django_db
PATH = "/admin/comments/queue/abcdefghj/decline/"


@pytest.fixture
def waiting(article: Article) -> Comment:
    return make_comment(article, state=State.PENDING, commenter=confirmed(), public_id="abcdefghj")


@pytest.mark.parametrize("goes_to", ["", "returned"])
def test_what_the_writer_will_read_is_what_the_mail_says(
    waiting: Comment, moderator: User, goes_to: str
) -> None:
    client = signed_in(moderator)
    form = {"seen": "pending.1", "reason": "unkind", "note": "We know you are upset.", "to": goes_to}
    before = whole_database()
    page = client.post(PATH, {**form, "do": "preview"}).content.decode()
    assert whole_database() == before
    told = re.sub(r"<[^>]+>|\s+", " ", page[page.index("Its writer will read") :])
    assert "Parts of it could hurt somebody who reads it. We know you are upset." in told
    client.post(PATH, form)
    (letter,) = to("wren@example.org", sent())
    assert " ".join(letter.subject.partition("] ")[2].split()) in told
    assert letter.body.partition("\n")[0] in told


def test_please_change_this_asks_for_a_reason_under_its_own_name(waiting: Comment, moderator: User) -> None:
    client = signed_in(moderator)
    assert 'name="to" value="returned"' in client.get("/admin/comments/queue/").content.decode()
    page = client.get(PATH, {"to": "returned", "seen": "pending.1"}).content.decode()
    assert "What should its writer change?" in page
    assert "Ask for the change" in page
    assert client.post(PATH, {"to": "returned", "seen": "pending.1"}).status_code == 422
    assert Comment.objects.get().state == State.PENDING


def test_its_writer_changes_it_by_the_mailed_link_on_any_device(waiting: Comment, moderator: User) -> None:
    form = {"seen": "pending.1", "reason": "private", "note": "", "to": "returned"}
    assert signed_in(moderator).post(PATH, form).status_code == 302
    (letter,) = to("wren@example.org", sent())
    path = next(path for path in paths_in(letter) if "/edit/" in path)
    stranger = Client()
    assert stranger.get(path.partition("?")[0]).status_code == 404
    assert stranger.get(path).status_code == 200
    assert Comment.objects.get().state == State.RETURNED
    assert stranger.post(path, {"body": "Without the name.", "do": "Save"}).status_code in {200, 302}
    changed = Comment.objects.get()
    assert (changed.state, changed.revision, changed.body) == (State.PENDING, 2, "Without the name.")
    assert stranger.get(path).status_code == 404, "it was for the text before"
    card = signed_in(moderator).get("/admin/comments/queue/abcdefghj/").content.decode()
    assert "What changed since the text before" in card


def test_reasons_are_what_moderators_made_them(waiting: Comment, moderator: User) -> None:
    new = RefusalReason(
        code="shouting", label="All in capitals", sentence="It reads as shouting.", position=1
    )
    reasons.save_reason(new, by=moderator)
    old = RefusalReason.objects.get(code="advert")
    old.is_active = False
    reasons.save_reason(old, by=moderator)
    page = signed_in(moderator).get(PATH).content.decode()
    assert "It reads as shouting." in page
    assert "It advertises something." not in page
    refused = {"seen": "pending.1", "reason": "advert"}
    assert signed_in(moderator).post(PATH, refused).status_code == 422
    assert signed_in(moderator).post(PATH, {**refused, "reason": "shouting"}).status_code == 302
    assert Decision.objects.get().reason == "shouting"
    card = signed_in(moderator).get("/admin/comments/queue/abcdefghj/").content.decode()
    assert "Reason: All in capitals" in card
    assert Decision.log.filter(what="reason", by=moderator).count() == 2


def test_saved_replies_stand_ready(waiting: Comment, moderator: User) -> None:
    reasons.save_reply(SavedReply(title="Kind regards", text="Be gentle with yourself."), by=moderator)
    for path in (PATH, "/admin/comments/answer/abcdefghj/"):
        assert "Be gentle with yourself." in signed_in(moderator).get(path).content.decode()


ANSWER = "/admin/comments/answer/abcdefghj/"


def test_a_waiting_comment_is_approved_and_answered_in_one(waiting: Comment, moderator: User) -> None:
    page = signed_in(moderator).get(ANSWER).content.decode()
    assert "Approve and send the answer" in page
    form = {"body": "Thank you, Wren.", "seen": "pending.1"}
    assert signed_in(moderator).post(ANSWER, form).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == State.APPROVED
    answer = Comment.objects.get(parent=waiting)
    assert (answer.state, answer.badge, answer.by) == (State.APPROVED, Comment.Badge.MODERATOR, moderator)
    assert Mail.objects.filter(kind="decision").count() == 1


def test_an_answer_to_what_was_decided_meanwhile_is_given_back(
    waiting: Comment, moderator: User, other_moderator: User
) -> None:
    Comment.objects.filter(pk=waiting.pk).update(revision=2)
    response = signed_in(moderator).post(ANSWER, {"body": "Thank you, Wren.", "seen": "pending.1"})
    assert response.status_code == 422
    assert "Thank you, Wren." in response.content.decode()
    assert not Comment.objects.filter(parent=waiting).exists()
    waiting.refresh_from_db()
    assert waiting.state == State.PENDING
    moderation.move(waiting, State.SPAM, by=other_moderator, seen=Seen.of(waiting))
    assert signed_in(moderator).get(ANSWER).status_code == 404


def test_who_may_not_moderate_answers_only_what_is_visible(waiting: Comment, editor: User) -> None:
    assert signed_in(editor).get(ANSWER).status_code == 404
    assert signed_in(editor).post(ANSWER, {"body": "Hello", "seen": "pending.1"}).status_code == 404
    both = make_staff("both", "Editors", "Moderators")
    signed_in(both).post(ANSWER, {"body": "Hello", "seen": "pending.1"})
    assert Comment.objects.get(parent=waiting).badge == Comment.Badge.EDITOR


def test_the_talk_around_a_comment_is_one_page_or_a_part_of_it(article: Article, moderator: User) -> None:
    root = make_comment(article, body="The first words.")
    above = make_comment(article, parent=root, body="Words above.")
    beside = make_comment(article, parent=above, body="Words beside.")
    hidden = make_comment(article, parent=above, body="Hidden words.", state=State.PENDING)
    comment = make_comment(
        article, parent=above, state=State.PENDING, body="My words.", public_id="abcdefghj"
    )
    path = "/admin/comments/queue/abcdefghj/around/"
    whole = signed_in(moderator).get(path).content.decode()
    part = signed_in(moderator).get(path, headers={"X-Requested-With": "fetch"}).content.decode()
    for page in (whole, part):
        assert page.index("The first words.") < page.index("Words above.") < page.index("Words beside.")
        assert hidden.body not in page
    assert "<html" in whole
    assert "<html" not in part
    assert beside.parent_id == comment.parent_id
