"""Someone may be at risk: a checklist before any decision, and two people where there is danger now."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.test import Client

from articles.models import Article
from comments import care, moderation
from comments.care import CareNeeded, Level
from comments.models import Assessment, Comment, Decision
from comments.moderation import MoveRefused, Seen
from comments.states import State
from tests.conftest import signed_in
from tests.factories import assess, make_article, make_comment, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def risky(article: Article) -> Comment:
    return make_comment(article, state=State.PENDING, at_risk=True, public_id="abcdefghj")


def approve(comment: Comment, by: User) -> Decision:
    return moderation.move(comment, State.APPROVED, by=by, seen=Seen.of(comment))


@pytest.mark.parametrize("to", [State.APPROVED, State.DECLINED, State.SPAM, State.RETURNED])
def test_nobody_decides_without_the_checklist(risky: Comment, moderator: User, to: State) -> None:
    with pytest.raises(MoveRefused, match="checklist first"):
        moderation.move(risky, to, by=moderator, seen=Seen.of(risky))
    risky.refresh_from_db()
    assert risky.state == State.PENDING
    assert not Decision.objects.for_comment(risky).exists()
    assess(risky, moderator)
    moderation.move(risky, to, by=moderator, seen=Seen.of(risky))
    assert Comment.objects.get(pk=risky.pk).state == to


@pytest.mark.parametrize("level", list(Level))
def test_each_level_asks_for_its_steps(risky: Comment, moderator: User, level: Level) -> None:
    needed = care.NEEDED[level]
    for left_out in needed:
        steps = [step for step in needed if step != left_out]
        with pytest.raises(CareNeeded, match="please do this first"):
            care.assess(risky, level=level, steps=steps, revision=1, by=moderator)
    assert not Assessment.objects.exists()
    care.assess(risky, level=level, steps=needed, revision=1, by=moderator)
    assert Assessment.objects.get().steps == needed


def test_danger_now_is_never_decided_by_one_person(
    risky: Comment, moderator: User, other_moderator: User
) -> None:
    assess(risky, moderator, Level.NOW)
    with pytest.raises(MoveRefused, match="Somebody else"):
        approve(risky, moderator)
    assess(
        risky, moderator, Level.NONE
    )  # the same person thinks again: still one person, and what was said stays
    for by in (moderator, other_moderator):
        with pytest.raises(MoveRefused, match="Somebody else"):
            moderation.move(risky, State.DECLINED, by=by, seen=Seen.of(risky))
    assess(risky, other_moderator, Level.HEAVY)
    approve(risky, other_moderator)
    assert Comment.objects.get(pk=risky.pk).state == State.APPROVED


def test_the_same_click_again_is_one_judgement_and_another_look_is_a_second(
    risky: Comment, moderator: User
) -> None:
    assert assess(risky, moderator) == assess(risky, moderator)
    assert Decision.log.filter(what=Decision.What.RISK).count() == 1
    assess(risky, moderator, Level.HEAVY)
    assert list(Assessment.objects.values_list("level", flat=True)) == [Level.NONE, Level.HEAVY]
    assert Decision.log.filter(what=Decision.What.RISK)[0].was == Level.NONE.label


@pytest.mark.several_writers
@pytest.mark.usefixtures("real_transactions")
def test_a_judgement_of_a_reply_waits_until_the_decision_on_it_is_stored() -> None:
    article, by = make_article(), make_staff("mo", "Moderators")
    root = make_comment(article)
    reply = make_comment(article, parent=root, state=State.PENDING, at_risk=True)

    def judge() -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            assess(reply, by, Level.NOW)
        except OperationalError as waits:
            return str(waits)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            moderation.lock_threads([reply])  # what a decision does first
            assert "lock timeout" in pool.submit(judge).result()
        assert not Assessment.objects.exists()
        assert pool.submit(judge).result() == ""
    assert Assessment.objects.exists()


def test_what_was_judged_was_that_text(risky: Comment, moderator: User) -> None:
    assess(risky, moderator)
    Comment.objects.filter(pk=risky.pk).update(revision=2)
    risky.refresh_from_db()
    with pytest.raises(MoveRefused, match="checklist first"):
        approve(risky, moderator)
    with pytest.raises(CareNeeded, match="changed this comment"):
        care.assess(risky, level=Level.NONE, steps=list(care.STEPS), revision=1, by=moderator)


def test_the_log_says_who_judged_it_how_and_holds_no_words(risky: Comment, moderator: User) -> None:
    assess(risky, moderator, Level.HEAVY)
    entry = Decision.log.get(what=Decision.What.RISK)
    assert (entry.by, entry.comment, entry.to) == (moderator, risky, Level.HEAVY.label)
    assert risky.body not in f"{entry.was}{entry.to}{entry.reason}"


def test_other_comments_need_no_checklist(pending: Comment, moderator: User) -> None:
    approve(pending, moderator)
    assert Comment.objects.get(pk=pending.pk).state == State.APPROVED


PATH = "/admin/comments/queue/abcdefghj/care/"
KEEPS = {"seen": "pending.1", "level": "2", "steps": ["read", "words"]}


def test_the_card_offers_the_checklist_instead_of_decisions(risky: Comment, moderator: User) -> None:
    client = signed_in(moderator)
    card = client.get("/admin/comments/queue/abcdefghj/").content.decode()
    assert "Checklist…" in card
    assert 'value="approve"' not in card
    assert client.get(PATH).status_code == 200
    response = client.post(PATH, KEEPS, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 200
    assert 'value="approve"' in response.content.decode()
    assert "Heavy, but nobody is in danger now" in response.content.decode()
    assert Assessment.objects.get().by == moderator


def test_its_words_are_folded(risky: Comment, moderator: User) -> None:
    card = signed_in(moderator).get("/admin/comments/queue/abcdefghj/").content.decode()
    fold = card.index('<details class="fold">')
    assert fold < card.index(risky.body) < card.index("</details>", fold)


def fold_of(text: str, words: str) -> str:
    """What stands between the nearest fold above these words and them: nothing but its summary where they are in it."""
    before = text[: text.index(words)]
    return before[before.rindex("<details") :] if "<details" in before else ""


def test_what_it_answers_is_folded_too_and_so_is_the_talk_around_it(
    article: Article, moderator: User
) -> None:
    parent = make_comment(article, body="Mother words.")
    make_comment(article, state=State.PENDING, parent=parent, public_id="cdefghjkm", body="Child words.")
    calm = signed_in(moderator).get("/admin/comments/queue/cdefghjkm/").content.decode()
    assert "fold" not in calm
    Comment.objects.filter(pk=parent.pk).update(at_risk=True)
    for page in ("", "around/"):
        text = signed_in(moderator).get(f"/admin/comments/queue/cdefghjkm/{page}").content.decode()
        fold = fold_of(text, "Mother words.")
        assert fold.startswith('<details class="fold">')
        assert "</details>" not in fold
    own = signed_in(moderator).get(f"/admin/comments/queue/{parent.public_id}/around/").content.decode()
    assert fold_of(own, "Mother words.").startswith('<details class="fold">')


def test_an_unfinished_checklist_is_given_back_with_what_was_ticked(risky: Comment, moderator: User) -> None:
    for form in ({}, {**KEEPS, "level": "4"}, {**KEEPS, "level": "9"}, {**KEEPS, "steps": ["nonsense"]}):
        response = signed_in(moderator).post(PATH, form)
        assert response.status_code == 422
    assert not Assessment.objects.exists()
    text = signed_in(moderator).post(PATH, {**KEEPS, "level": "3"}).content.decode()
    assert "I told another moderator." in text
    assert text.count("checked") >= 3


def test_only_moderators_judge(risky: Comment, editor: User) -> None:
    assert Client().post(PATH, KEEPS).status_code == 302
    assert signed_in(editor).post(PATH, KEEPS).status_code == 403
    assert not Assessment.objects.exists()
