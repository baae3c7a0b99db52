"""Moderating together: a claim hinders nobody and ends by itself, notes stay inside, a second opinion is somebody else's."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article
from comments import claims, moderation, remarks
from comments.claims import ClaimRefused
from comments.models import Claim, Comment, Commenter, Decision, Remark
from comments.moderation import Seen
from comments.remarks import RemarkRefused
from comments.states import State
from fibroblog import limits, tidy
from tests.conftest import signed_in
from tests.factories import make_comment

pytestmark = pytest.mark.django_db
Kind = Remark.Kind
NOTE = "Means well, <b>types</b> fast."


def listed(user: User, state: str) -> set[str]:
    leaf = signed_in(user).get(f"/admin/comments/queue/?state={state}").context["leaf"]
    return {card.comment.public_id for card in leaf.cards}


def page(client: Client, comment: Comment) -> str:
    return client.get(f"/admin/comments/queue/{comment.public_id}/").content.decode()


def test_a_claim_is_seen_by_others_and_hinders_nobody(
    pending: Comment, moderator: User, other_moderator: User
) -> None:
    claims.claim(pending, by=moderator)
    assert "mo is looking at this" in page(signed_in(other_moderator), pending)
    assert "You are looking at this" in page(signed_in(moderator), pending)
    with pytest.raises(ClaimRefused, match="mo is looking at this already"):
        claims.claim(pending, by=other_moderator)
    moderation.move(pending, State.APPROVED, by=other_moderator, seen=Seen.of(pending))
    assert not Claim.objects.exists()


def test_it_ends_by_itself(
    pending: Comment, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    claims.claim(pending, by=moderator)
    clock.shift(timedelta(minutes=limits.CLAIM_MINUTES))
    assert "looking at this" not in page(signed_in(other_moderator), pending)
    assert claims.claim(pending, by=other_moderator).by == other_moderator
    clock.shift(timedelta(minutes=limits.CLAIM_MINUTES))
    tidy.tidy()
    assert not Claim.objects.exists()


def test_only_ones_own_claim_is_let_go(pending: Comment, moderator: User, other_moderator: User) -> None:
    claims.claim(pending, by=moderator)
    claims.release(pending, by=other_moderator)
    assert Claim.objects.on(pending) is not None
    claims.release(pending, by=moderator)
    assert Claim.objects.on(pending) is None


def test_what_was_handed_over_stands_among_theirs(
    article: Article, pending: Comment, moderator: User, other_moderator: User
) -> None:
    make_comment(article, state=State.PENDING)
    claims.claim(pending, by=moderator)
    claims.hand_over(pending, to=other_moderator, by=moderator)
    assert listed(other_moderator, "mine") == {pending.public_id}
    assert listed(moderator, "mine") == set()
    assert "(asked by mo)" in page(signed_in(other_moderator), pending)
    with pytest.raises(ClaimRefused, match="somebody else"):
        claims.hand_over(pending, to=moderator, by=moderator)


def test_a_second_opinion_is_somebody_elses(
    pending: Comment, article: Article, moderator: User, other_moderator: User
) -> None:
    make_comment(article, state=State.PENDING)
    with pytest.raises(RemarkRefused, match="Nobody asks"):
        remarks.add(pending, "Fine.", kind=Kind.OPINION, by=other_moderator)
    remarks.add(pending, "Is this advice?", kind=Kind.QUESTION, by=moderator)
    with pytest.raises(RemarkRefused, match="asked for already"):
        remarks.add(pending, "Is it?", kind=Kind.QUESTION, by=other_moderator)
    with pytest.raises(RemarkRefused, match="somebody else gives it"):
        remarks.add(pending, "No.", kind=Kind.OPINION, by=moderator)
    remarks.add(pending, "Only a note.", by=other_moderator)
    assert listed(moderator, "second") == {pending.public_id}
    remarks.add(pending, "It is a story.", kind=Kind.OPINION, by=other_moderator)
    assert listed(moderator, "second") == set()


def test_notes_stay_inside_and_go_with_the_words(client: Client, approved: Comment, moderator: User) -> None:
    remarks.add(approved, NOTE, by=moderator)
    assert "types" not in client.get(approved.article.get_absolute_url()).content.decode()
    assert "Means well, &lt;b&gt;types&lt;/b&gt; fast." in page(signed_in(moderator), approved)
    moderation.withdraw(approved)
    assert not Remark.objects.exists()
    with pytest.raises(RemarkRefused, match="deleted"):
        remarks.add(approved, NOTE, by=moderator)


def test_it_is_all_done_on_the_card(pending: Comment, moderator: User, other_moderator: User) -> None:
    client, path = signed_in(moderator), f"/admin/comments/queue/{pending.public_id}/together/"
    script = {"X-Requested-With": "fetch"}
    for sent, found in (
        ({"do": "note", "text": NOTE}, "Means well"),
        ({"do": "ask", "text": "Is this advice?"}, "mo asks for a second opinion"),
        ({"do": "claim"}, "You are looking at this"),
        ({"do": "hand", "to": other_moderator.username}, f"{other_moderator.username} is looking at this"),
    ):
        answer = client.post(path, sent, headers=script)
        assert answer.status_code == 200, sent
        assert found in answer.content.decode()
    assert "This is my second opinion" not in client.get(path).content.decode()
    assert "This is my second opinion" in signed_in(other_moderator).get(path).content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "note", "text": "  "}, "Write the note first."),
        ({"do": "hand", "text": "Long words."}, "Choose whom you hand it over to."),
        ({"do": "hand", "to": "ed", "text": "Long words."}, "Choose a moderator from the list."),
        ({"do": "answer", "text": "Long words."}, "Nobody asks for a second opinion here."),
        ({"do": "note", "text": "x" * 1001}, "at most 1000"),
    ],
)
def test_what_does_not_work_is_said_and_nothing_is_lost(
    pending: Comment, moderator: User, editor: User, sent: dict[str, str], sentence: str
) -> None:
    answer = signed_in(moderator).post(f"/admin/comments/queue/{pending.public_id}/together/", sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert sent.get("text", "").strip() in answer.content.decode()
    assert not Remark.objects.exists()
    assert not Claim.objects.exists()


def test_handing_over_and_notes_on_people_are_logged_without_words(
    pending: Comment, moderator: User, other_moderator: User
) -> None:
    claims.claim(pending, by=moderator)
    assert not Decision.log.exists()
    for _ in range(2):
        claims.hand_over(pending, to=other_moderator, by=moderator)
    handed = Decision.log.get()
    assert (handed.what, handed.by, handed.to, handed.comment) == ("handed", moderator, "maz", pending)
    person = Commenter.objects.create(email="ada@example.org", name="Ada")
    remarks.note_on_person(person, "Was rude by mail.", by=moderator)
    noted = Decision.log.get(what="person")
    assert (noted.by, noted.to, noted.about) == (moderator, "note written", person.pk)
    assert "rude" not in repr(list(Decision.log.values_list()))
