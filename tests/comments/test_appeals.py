"""A refused writer asks for another look: by a signed link, of somebody else, the text as it was."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article
from comments import appeals, housekeeping, moderation, outbox, posting, refusals, writer_links
from comments.appeals import AppealRefused
from comments.care import CareNeeded, Level
from comments.models import Appeal, Assessment, Comment, Decision, Mail
from comments.moderation import MoveRefused, Seen
from comments.posting import Visit
from comments.states import State
from tests.comments.letters import confirmed, paths_in, sent, to
from tests.conftest import signed_in
from tests.factories import assess, make_comment

pytestmark = pytest.mark.django_db


def refuse(comment: Comment, by: User | None, state: State = State.DECLINED) -> Decision:
    return moderation.move(comment, state, by=by, seen=Seen.of(comment), reason="unkind")


@pytest.fixture
def refused(article: Article, moderator: User) -> Comment:
    comment = make_comment(article, state=State.PENDING, commenter=confirmed(), public_id="abcdefghj")
    refuse(comment, moderator)
    return comment


@pytest.fixture
def decision(refused: Comment) -> Decision:
    return Decision.objects.get(comment=refused)


@pytest.fixture
def link(refused: Comment, decision: Decision) -> str:
    return writer_links.to_appeal(refused, decision)


def test_the_mail_of_a_refusal_holds_the_link_and_the_page_takes_the_words(
    refused: Comment, moderator: User
) -> None:
    (letter,) = to("wren@example.org", sent())
    path = next(path for path in paths_in(letter) if "/appeal/" in path)
    page = Client().get(path)
    assert page.status_code == 200
    assert "Parts of it could hurt somebody" in page.content.decode()
    assert not Appeal.objects.exists()
    page = Client().post(path, {"words": "It was meant kindly."})
    assert page.status_code == 200
    assert "You asked us to look again" in page.content.decode()
    appeal = Appeal.objects.get()
    assert (appeal.comment, appeal.words, appeal.outcome) == (refused, "It was meant kindly.", "open")
    assert Decision.log.get(what="appeal").to == "open"


def test_the_same_click_again_finds_the_appeal(link: str) -> None:
    for words in ("First", "Second"):
        assert Client().post(link, {"words": words}).status_code == 200
    assert Appeal.objects.get().words == "First"


def test_words_that_are_too_long_are_given_back(link: str) -> None:
    response = Client().post(link, {"words": "x" * 1001})
    assert response.status_code == 422
    assert "x" * 1001 in response.content.decode()
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("by_whom", ["writer", "system"])
def test_only_a_persons_refusal_can_be_appealed(article: Article, moderator: User, by_whom: str) -> None:
    comment = make_comment(article, state=State.PENDING)
    decided = refuse(comment, None if by_whom == "system" else moderator)
    if by_whom == "writer":
        moderation.erase(comment)
    assert not writer_links.can_appeal(comment, decided)
    with pytest.raises(AppealRefused):
        appeals.ask(comment, decided, words="")


def test_spam_and_what_is_visible_cannot_be_appealed(article: Article, moderator: User) -> None:
    for state in (State.SPAM, State.APPROVED):
        comment = make_comment(article, state=State.PENDING)
        decided = moderation.move(comment, state, by=moderator, seen=Seen.of(comment))
        assert not writer_links.can_appeal(comment, decided)


def test_after_its_days_it_is_too_late(
    refused: Comment, decision: Decision, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=30, seconds=1))
    with pytest.raises(AppealRefused, match="no longer"):
        appeals.ask(refused, decision, words="")


def test_who_decided_first_cannot_decide_it(
    refused: Comment, decision: Decision, moderator: User, other_moderator: User
) -> None:
    appeal = appeals.ask(refused, decision, words="")
    with pytest.raises(AppealRefused, match="You made this decision"):
        appeals.let_stand(appeal, by=moderator, answer="")
    with pytest.raises(MoveRefused, match="Somebody else"):
        moderation.undo(decision, by=moderator)
    refused.refresh_from_db()
    with pytest.raises(MoveRefused, match="Somebody else"):
        moderation.move(refused, State.APPROVED, by=moderator, seen=Seen.of(refused))
    assert Appeal.objects.get().outcome == "open"
    moderation.move(refused, State.APPROVED, by=other_moderator, seen=Seen.of(refused))
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.by) == ("changed", other_moderator)


def test_a_decision_that_stands_is_told_with_the_moderators_words(
    refused: Comment, decision: Decision, other_moderator: User
) -> None:
    sent()
    appeal = appeals.ask(refused, decision, words="")
    appeals.let_stand(appeal, by=other_moderator, answer="We are sorry.")
    (letter,) = to("wren@example.org", sent())
    assert "the decision stands" in letter.body
    assert "We are sorry." in letter.body
    with pytest.raises(AppealRefused, match="decided this meanwhile"):
        appeals.let_stand(appeal, by=other_moderator, answer="")
    assert Mail.objects.filter(kind="appeal").count() == 1
    assert not writer_links.can_appeal(refused, decision), "once for each decision"
    assert list(Decision.log.filter(what="appeal").order_by("pk").values_list("was", "to")) == [
        ("", "open"),
        ("open", "stands"),
    ]


def test_the_text_is_frozen_and_readable_meanwhile(
    refused: Comment, decision: Decision, clock: time_machine.Traveller
) -> None:
    appeals.ask(refused, decision, words="")
    with pytest.raises(refusals.TooLate):
        posting.edit_comment(refused, body="Something else", visit=Visit())
    clock.shift(timedelta(days=400))
    assert housekeeping.forget_refused(older_than=timedelta(days=90)) == 0
    refused.refresh_from_db()
    assert refused.body


def test_its_writer_may_erase_it_and_the_appeal_is_over(refused: Comment, decision: Decision) -> None:
    appeals.ask(refused, decision, words="Secret words")
    moderation.erase(refused)
    appeal = Appeal.objects.get()
    assert (appeal.outcome, appeal.words) == ("dropped", "")


def test_words_of_danger_put_it_first_and_show_help(link: str, refused: Comment) -> None:
    page = Client().post(link, {"words": "I want to die."})
    assert "Help for you" in page.content.decode()
    refused.refresh_from_db()
    assert refused.at_risk
    assert Appeal.objects.get().outcome == "open"


def test_danger_in_an_appeal_is_told_though_its_text_was_told_before(
    refused: Comment, decision: Decision, moderator: User
) -> None:
    outbox.tell_moderators_of_risk(refused)
    Comment.objects.filter(pk=refused.pk).update(state=State.PENDING)
    assert len(to(moderator.email, sent())) == 1
    Comment.objects.filter(pk=refused.pk).update(state=State.DECLINED)
    for _ in range(2):
        appeals.ask(refused, decision, words="I want to die", at_risk=True)
    (letter,) = to(moderator.email, sent())
    assert "someone may be at risk" in letter.subject
    assert "die" not in letter.body
    assert sent() == []


@pytest.mark.parametrize("old_checklist", [True, False], ids=["judged before", "never judged"])
def test_words_of_danger_in_an_appeal_ask_for_the_checklist_whatever_was_judged_before(
    refused: Comment, decision: Decision, other_moderator: User, old_checklist: bool
) -> None:
    if old_checklist:
        assess(refused, other_moderator)
    appeal = appeals.ask(refused, decision, words="I want to die", at_risk=True)
    refused.refresh_from_db()
    with pytest.raises(AppealRefused, match="checklist first"):
        appeals.let_stand(appeal, by=other_moderator, answer="")
    with pytest.raises(MoveRefused, match="checklist first"):
        moderation.move(refused, State.APPROVED, by=other_moderator, seen=Seen.of(refused))
    with pytest.raises(CareNeeded, match="another look"):
        assess(refused, other_moderator)  # from a card that did not show the appeal
    assert Appeal.objects.get().outcome == "open"
    assess(refused, other_moderator, appeal=appeal.pk)
    appeals.let_stand(appeal, by=other_moderator, answer="")
    assert Appeal.objects.get().outcome == "stands"


@pytest.mark.parametrize("said", ["of the text", "of the appeal"])
def test_danger_now_in_an_appeal_is_answered_by_two(
    refused: Comment, decision: Decision, moderator: User, other_moderator: User, said: str
) -> None:
    if said == "of the text":
        assess(refused, moderator, Level.NOW)
    appeal = appeals.ask(refused, decision, words="I want to die", at_risk=True)
    if said == "of the appeal":
        assess(refused, other_moderator, Level.NOW, appeal=appeal.pk)
    assess(refused, other_moderator, appeal=appeal.pk)
    refused.refresh_from_db()
    with pytest.raises(AppealRefused, match="Somebody else has to go through"):
        appeals.let_stand(appeal, by=other_moderator, answer="")
    with pytest.raises(MoveRefused, match="Somebody else has to go through"):
        moderation.move(refused, State.APPROVED, by=other_moderator, seen=Seen.of(refused))
    assess(refused, moderator, appeal=appeal.pk)  # who decided first may judge, and not decide
    moderation.move(refused, State.APPROVED, by=other_moderator, seen=Seen.of(refused))
    assert Appeal.objects.get().outcome == "changed"


def test_its_card_offers_the_checklist_before_the_answer(
    refused: Comment, decision: Decision, other_moderator: User
) -> None:
    appeal = appeals.ask(refused, decision, words="I want to die", at_risk=True)
    client, path = signed_in(other_moderator), "/admin/comments/queue/abcdefghj/"
    card = client.get(path).content.decode()
    assert "Checklist…" in card
    assert card.count('<details class="fold">') == 2, "the comment, and what its writer says now"
    assert "The decision stands" not in card
    assert 'value="approve"' not in card
    form = {"seen": "declined.1", "level": "2", "steps": ["read", "words"]}
    assert (
        f'name="appeal" value="{appeal.pk}"' in client.get(f"{path}care/?appeal={appeal.pk}").content.decode()
    )
    for nonsense in ("", "0", "x", "9" * 30):
        assert client.post(f"{path}care/", {**form, "appeal": nonsense}).status_code == 422
    assert not Assessment.objects.exists()
    assert client.post(f"{path}care/", {**form, "appeal": appeal.pk}).status_code == 302
    assert Assessment.objects.get().appeal == appeal
    card = client.get(path).content.decode()
    assert "The decision stands" in card
    assert 'value="approve"' in card


@pytest.mark.parametrize("to", [State.DECLINED, State.REMOVED])
def test_nobody_takes_the_decision_back_as_if_nobody_had_asked(
    article: Article, moderator: User, other_moderator: User, to: State
) -> None:
    was = State.APPROVED if to == State.REMOVED else State.PENDING
    comment = make_comment(article, state=was, public_id="abcdefghj")
    made = refuse(comment, moderator, to)
    appeals.ask(comment, made, words="")
    # The card of a moderator who opened it before its writer asked.
    answer = signed_in(other_moderator).post("/admin/comments/queue/abcdefghj/undo/", {"decision": made.pk})
    assert answer.status_code == 409
    assert "asked for another look meanwhile" in answer.content.decode()
    with pytest.raises(MoveRefused, match="another look"):
        moderation.move(comment, State.PENDING, by=other_moderator, seen=Seen.of(comment))
    comment.refresh_from_db()
    assert (comment.state, Appeal.objects.get().outcome) == (to, "open")
    assert Decision.objects.latest_of(comment) == made


def test_the_queue_lists_appeals_and_another_moderator_answers_there(
    refused: Comment, decision: Decision, moderator: User, other_moderator: User
) -> None:
    appeal = appeals.ask(refused, decision, words="Please look again")
    path = "/admin/comments/queue/"
    for who, may in ((moderator, False), (other_moderator, True)):
        listed = signed_in(who).get(f"{path}?state=appeals").content.decode()
        assert "Please look again" in listed
        assert "Appeals (1)" in listed
        assert ("The decision stands" in listed) is may
        assert ('value="approve"' in listed) is may
    form = {"appeal": appeal.pk, "answer": "Sorry"}
    stands = f"{path}abcdefghj/stands/"
    assert Client().post(stands, form).status_code == 302
    assert signed_in(other_moderator).get(stands).status_code == 405
    assert signed_in(moderator).post(stands, form).status_code == 409
    assert Appeal.objects.get().outcome == "open"
    assert signed_in(other_moderator).post(stands, form).status_code == 302
    assert Appeal.objects.get().outcome == "stands"
    assert signed_in(other_moderator).post(stands, {"appeal": "nonsense"}).status_code == 404


def test_the_writer_finds_the_link_beside_their_comment(article: Article, moderator: User) -> None:
    client = Client()
    posted = client.post(
        f"/articles/{article.slug}/comments/", {"name": "Wren", "body": "My own words.", "do": "Send comment"}
    )
    assert posted.status_code == 302
    comment = Comment.objects.get(body="My own words.")
    refuse(comment, moderator)
    assert "ask for another look" in client.get(article.get_absolute_url()).content.decode()
    assert "ask for another look" not in Client().get(article.get_absolute_url()).content.decode()
