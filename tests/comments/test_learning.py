"""The learner learns from what persons decided on visitors' texts that stand, forgets what is erased, decides nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Article
from comments import (
    appeals,
    learner,
    learner_file,
    learning,
    masking,
    measures,
    moderation,
    ownership,
    people,
    posting,
    queue,
)
from comments.learner import Knowledge, Trial
from comments.models import Appeal, Comment, Commenter, Decision, Learnt, Measure, Rule
from comments.models import Verdict as VerdictRow
from comments.moderation import Seen
from comments.posting import Visit
from comments.rendering import render
from comments.rules import save_rule
from comments.screening import learnt as check
from comments.states import State
from fibroblog import limits, policy, rounds
from fibroblog.models import Policy
from tests.factories import assess, make_comment, post

from .test_learner import texts

pytestmark = pytest.mark.django_db
Decide = Callable[..., Comment]


@pytest.fixture
def decide(article: Article, moderator: User) -> Decide:
    """A visitor's comment on which a person decided."""

    def made(body: str, to: State = State.APPROVED, *, by: User = moderator, **fields: Any) -> Comment:
        comment = make_comment(article, state=State.PENDING, body=body, **fields)
        if comment.at_risk:
            assess(comment, by)
        moderation.move(
            comment, to, by=by, seen=Seen.of(comment), reason="" if to != State.DECLINED else "unkind"
        )
        comment.refresh_from_db()
        return comment

    return made


@pytest.fixture
def taught(article: Article, moderator: User) -> None:
    """It learnt all texts of the fixture as if people had decided on them: the rows alone, for the verbs take long."""
    decided = Comment.objects.bulk_create(
        Comment(
            article=article,
            name="Reader",
            body=body,
            html=render(body),
            digest=f"taught-{number}",
            state=State.SPAM if is_spam else State.APPROVED,
            in_thread=not is_spam,
        )
        for number, (body, is_spam) in enumerate(texts())
    )
    Decision.log.bulk_create(
        Decision(comment=comment, by=moderator, was=State.PENDING, to=comment.state, revision=1)
        for comment in decided
    )
    learn()


def learn() -> Knowledge:
    learning.train.call()
    return learning.known(learning.row())


def planned() -> int:
    return DBTaskResult.objects.filter(task_path=learning.train.module_path, status="READY").count()


def hints(comment: Comment) -> list[str]:
    return list(comment.verdicts.filter(reason="reads_like_spam").values_list("detail", flat=True))


SPAM = "Buy cheap pills online now, best price, order now!"


# What it learns from -------------------------------------------------------------------------------


def test_spam_and_approved_are_learnt_and_what_was_declined_is_not(decide: Decide) -> None:
    decide("cheap pills", State.SPAM)
    decide("cheap pills", State.SPAM)
    decide("warm bath")
    decide("warm pills")
    decide("warm words", State.DECLINED)
    decide("warm words", State.RETURNED)
    assert learn() == Knowledge(2, 2, {"cheap": (2, 0), "pills": (2, 1), "warm": (0, 2)})


def test_what_the_system_did_or_nobody_decided_is_not_learnt(article: Article) -> None:
    make_comment(article, state=State.APPROVED)
    make_comment(article, state=State.SPAM)
    make_comment(article, state=State.PENDING)
    assert learn() == Knowledge()


def test_the_staffs_own_answers_are_not_learnt(article: Article, moderator: User) -> None:
    posting.post_as_staff(article=article, by=moderator, name="Mo", body="Welcome", badge="moderator")
    assert learn() == Knowledge()


def test_what_waited_of_somebody_blocked_is_not_learnt_as_spam(
    article: Article, decide: Decide, moderator: User
) -> None:
    shown = decide("warm bath", owner="k" * 64)
    waits = make_comment(article, state=State.PENDING, body="warm bath", owner="k" * 64)
    until = timezone.now() + timedelta(days=2)
    measures.impose(shown, kind=Measure.Kind.BLOCK, until=until, why="Unkind in mails.", by=moderator)
    waits.refresh_from_db()
    assert waits.state == State.SPAM
    assert (learn().spam, learn().ham) == (0, 1)


@pytest.mark.parametrize("how", ["at risk", "assessed", "verdict", "refused_but_at_risk", "rule of today"])
def test_it_never_learns_from_somebody_who_may_be_at_risk(decide: Decide, moderator: User, how: str) -> None:
    words = "Such words" if how != "rule of today" else "I want to end my life"
    comment = decide(words, at_risk=how in {"at risk", "assessed"})
    decide(words, State.SPAM, at_risk=how == "at risk")
    first = Comment.objects.order_by("pk")
    if how == "assessed":
        assert comment.assessments.exists()
        first.update(at_risk=False)
        assess(first[1], moderator)
    for one in first if how in {"verdict", "refused_but_at_risk"} else ():
        reason = "at_risk" if how == "verdict" else how
        VerdictRow.objects.create(comment=one, revision=0, check_name="crisis", outcome="hold", reason=reason)
    assert learn() == Knowledge()


def test_the_same_texts_would_be_learnt_otherwise(decide: Decide) -> None:
    decide("Such words")
    decide("Such words", State.SPAM)
    assert learn() == Knowledge(1, 1, {"such": (1, 1), "words": (1, 1)})


def test_what_is_contested_is_not_learnt(decide: Decide, moderator: User, other_moderator: User) -> None:
    spam = decide("cheap pills", State.SPAM)
    appeal = Appeal.objects.create(comment=spam, decision=Decision.objects.get(comment=spam), words="")
    reported = decide("warm bath")
    reported.cases.create(revision=reported.revision)
    assert learn() == Knowledge()
    appeals.let_stand(appeal, by=other_moderator, answer="")
    assert learn().spam == 1


def test_an_undone_decision_is_forgotten(decide: Decide, moderator: User) -> None:
    comment = decide("cheap pills", State.SPAM)
    assert learn().spam == 1
    moderation.undo(Decision.objects.get(comment=comment), by=moderator)
    assert learn() == Knowledge()


def test_a_text_counts_once_however_often_it_was_decided_on(decide: Decide, moderator: User) -> None:
    comment = decide("warm bath")
    moderation.undo(moderation.move(comment, State.SPAM, by=moderator, seen=Seen.of(comment)), by=moderator)
    comment.refresh_from_db()
    assert comment.state == State.APPROVED
    assert (learn().spam, learn().ham) == (0, 1)


def test_a_text_changed_since_the_decision_is_not_learnt(decide: Decide) -> None:
    comment = decide("warm bath")
    posting.edit_comment(comment, body="cold bath", visit=Visit())
    assert learn() == Knowledge()


def test_only_the_newest_decisions_are_read(decide: Decide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LEARN_TEXTS", 2)
    decide("old words", State.SPAM)
    decide("new words")
    decide("new words")
    assert learn() == Knowledge(0, 2, {"new": (0, 2), "words": (0, 2)})


# Forgetting ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["withdraw", "erase", "purge", "mask", "erase the person"])
def test_words_that_go_are_forgotten_soon(decide: Decide, moderator: User, how: str) -> None:
    person = Commenter.objects.create(email="wren@example.org")
    kept = decide("Hazel hurts")
    comment = decide("Hazel hurts", commenter=person)
    assert "hazel" in learn().words
    assert planned() == 0
    match how:
        case "withdraw":
            moderation.withdraw(comment)
        case "erase":
            moderation.erase(comment)
        case "purge":
            moderation.move(comment, State.REMOVED, by=moderator, seen=Seen.of(comment), reason="unkind")
            comment.refresh_from_db()
            assert planned() == 0
            assert moderation.purge(comment, seen=Seen.of(comment))
        case "mask":
            masking.mask(comment, "Hazel", by=moderator, seen=Seen.of(comment))
        case _:
            people.erase(person)
    waits = DBTaskResult.objects.get(task_path=learning.train.module_path, status="READY")
    assert waits.run_after == timezone.now() + learning.SOON
    assert learn() == Knowledge(0, 1, {})
    assert planned() == 0
    assert Comment.objects.get(pk=kept.pk).body == "Hazel hurts"


def test_who_erases_while_it_learns_has_it_learn_again(
    decide: Decide, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment, _ = decide("Hazel hurts"), decide("Hazel hurts")
    study = learner.study

    def erased_meanwhile(*given: object, **more: int) -> object:
        moderation.erase(comment)
        return study(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(learner, "study", erased_meanwhile)
    learning.train.call()
    assert planned() == 1


def test_an_older_run_does_not_bring_back_what_a_newer_one_forgot(
    decide: Decide, clock: time_machine.Traveller
) -> None:
    decide("Hazel hurts"), decide("Hazel hurts")
    old, trial = learner.study([("Hazel", False), ("Hazel", False)], tried=0)
    began = timezone.now()
    clock.shift(5)
    Comment.objects.update(body="")
    assert learn() == Knowledge()
    learning._keep(old, trial, began=began, since=None)
    assert learning.known(learning.row()) == Knowledge()


# When it learns ------------------------------------------------------------------------------------


def test_it_learns_every_day_and_soon_after_enough_decisions(
    decide: Decide, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LEARN_AFTER", 2)
    assert learning.ask_when_due in rounds.EVERY_MINUTE
    learning.ask_when_due()
    learning.ask_when_due()
    assert planned() == 1
    learn()
    learning.ask_when_due()
    assert planned() == 0
    clock.shift(60)
    decide("warm bath")
    learning.ask_when_due()
    assert planned() == 0
    decide("warm bath")
    learning.ask_when_due()
    assert planned() == 1
    learn()
    clock.shift(timedelta(days=1, seconds=1))
    learning.ask_when_due()
    assert planned() == 1


@pytest.mark.real_time
def test_the_very_first_training_counts_where_the_clock_moves(decide: Decide) -> None:
    decide("warm bath"), decide("warm bath")
    assert learn().ham == 2
    decide("warm bath")
    assert learn().ham == 3


def test_the_log_says_how_much_it_learnt_and_no_word(decide: Decide) -> None:
    decide("cheap pills", State.SPAM), decide("cheap pills", State.SPAM)
    learn(), learn()
    entry = Decision.log.get(what=Decision.What.LEARNER)
    assert (entry.was, entry.to, entry.by) == (
        "learnt: 0 spam, 0 approved, 0 words",
        "learnt: 2 spam, 0 approved, 2 words",
        None,
    )


def test_it_keeps_how_well_it_does(taught: None) -> None:
    trial = Trial(**learning.row().trial)
    assert (trial.ham_held, trial.tried) == (0, len(texts()))
    assert trial.spam_held / trial.spam >= 0.8


# The hint ------------------------------------------------------------------------------------------


def test_a_card_says_that_it_reads_like_spam_and_why(taught: None, article: Article) -> None:
    comment = post(article, body=SPAM, visit=Visit(network="n1", nudged=True))
    assert comment.state == State.PENDING
    (detail,) = hints(comment)
    assert "weightiest words: " in detail
    assert "price" in detail
    card = queue.card_of(Comment.objects.for_queue().get(pk=comment.pk))
    assert f"Reads like earlier spam ({detail})" in card.signals


def test_an_ordinary_comment_gets_no_hint(taught: None, article: Article) -> None:
    comment = post(article, body="The pain is bad tonight, my doctor says rest.")
    assert not comment.verdicts.exists()


def test_nothing_is_scored_while_it_knows_too_little(article: Article) -> None:
    learn()
    assert hints(post(article, body=SPAM, visit=Visit(network="n1", nudged=True))) == []


def test_who_may_be_at_risk_gets_no_score(taught: None, article: Article) -> None:
    comment = post(article, body=f"I want to end my life. {SPAM}")
    assert comment.at_risk
    assert hints(comment) == []


def test_nor_does_their_text_once_they_changed_it(taught: None, article: Article) -> None:
    comment = post(article, body="I want to end my life.", visit=Visit(network="n1", key="key"))
    edited = posting.edit_comment(comment, body=SPAM, visit=Visit(network="n1", key="key", nudged=True))
    assert edited.at_risk
    assert hints(edited) == []


def test_a_card_shows_no_score_of_somebody_who_turned_out_to_be_at_risk(
    taught: None, article: Article
) -> None:
    comment = post(article, body=SPAM, visit=Visit(network="n1", nudged=True))
    Comment.objects.update(at_risk=True)
    signals = queue.card_of(Comment.objects.for_queue().get(pk=comment.pk)).signals
    assert signals
    assert not any("earlier spam" in signal for signal in signals)


def test_it_decides_nothing_also_where_trusted_people_appear_at_once(
    taught: None, article: Article, decide: Decide
) -> None:
    policy.change(Policy(publish_trusted=True))
    person = Commenter.objects.create(email="wren@example.org")
    for number in range(limits.TRUST_APPROVED):
        decide(f"Words {number}", commenter=person, owner=ownership.hash_of("key"))
    visit = Visit(network="n1", nudged=True, key="key")
    fields: dict[str, Any] = {"visit": visit, "email": "wren@example.org"}
    # Sells nothing in words that another check knows, so that the learner alone makes it wait.
    like_spam = post(article, body="cheap pills online fast delivery casino bonus", **fields)
    assert list(like_spam.verdicts.values_list("reason", flat=True)) == ["reads_like_spam"]
    assert like_spam.state == State.PENDING
    assert Decision.objects.for_comment(like_spam).count() == 0
    assert post(article, body="The pain is bad tonight.", **fields).state == State.APPROVED


def test_the_hint_can_be_switched_off_and_on_at_once(taught: None, article: Article) -> None:
    policy.change(Policy(learner_hint=False))
    visit = Visit(network="n1", nudged=True)
    assert hints(post(article, body=SPAM, visit=visit)) == []
    policy.change(Policy(learner_hint=True))
    assert hints(post(article, body=f"{SPAM} Yes.", visit=visit)) != []


def test_new_knowledge_holds_for_the_very_next_comment(
    taught: None, article: Article, administrator: User
) -> None:
    visit = Visit(network="n1", nudged=True)
    assert hints(post(article, body=SPAM, visit=visit)) != []
    learning.reset(by=administrator)
    assert hints(post(article, body=f"{SPAM} Yes.", visit=visit)) == []
    learning.take_in(Knowledge(30, 30, {"pills": (30, 0), "cheap": (30, 0)}), by=administrator)
    assert hints(post(article, body=f"{SPAM} No.", visit=visit)) != []


def test_what_is_known_is_read_once(taught: None, article: Article, django_assert_num_queries: Any) -> None:
    check.current()
    with django_assert_num_queries(1):
        check.current()


# Import and reset ----------------------------------------------------------------------------------


def test_what_was_imported_stays_when_it_learns_anew_and_is_replaced_by_the_next(
    decide: Decide, administrator: User
) -> None:
    decide("cheap pills", State.SPAM), decide("cheap pills", State.SPAM)
    learning.take_in(Knowledge(5, 6, {"pills": (5, 0)}), by=administrator)
    assert learn() == Knowledge(7, 6, {"pills": (7, 0), "cheap": (2, 0)})
    learning.take_in(Knowledge(1, 1, {}), by=administrator)
    assert learn() == Knowledge(3, 1, {"pills": (2, 0), "cheap": (2, 0)})


def test_after_a_reset_only_new_decisions_are_learnt(
    decide: Decide, administrator: User, clock: time_machine.Traveller
) -> None:
    decide("old words", State.SPAM)
    learning.take_in(Knowledge(5, 6, {"pills": (5, 0)}), by=administrator)
    learn()
    clock.shift(60)
    learning.reset(by=administrator)
    assert learn() == Knowledge()
    clock.shift(60)
    decide("new words")
    assert learn() == Knowledge(0, 1, {})


def test_a_reset_holds_also_against_a_run_that_had_begun(decide: Decide, administrator: User) -> None:
    began = timezone.now()
    learn()
    learning.reset(by=administrator)
    learning._keep(Knowledge(1, 1, {"old": (1, 1)}), Trial(), began=began, since=None)
    assert learning.known(learning.row()) == Knowledge()


def test_export_and_import_are_inverse() -> None:
    known = Knowledge(3, 4, {"pain": (0, 3), "example.org": (2, 0), "weiß": (1, 1)})
    with pytest.raises(learner_file.BadFile):  # "weiß" folds to "weiss"
        learner_file.from_file(learner_file.as_file(known).encode())
    known.words.pop("weiß")
    assert learner_file.from_file(learner_file.as_file(known).encode()) == known


def test_all_that_is_learnt_can_be_exported_and_imported(taught: None) -> None:
    known = learning.known(learning.row())
    assert learner_file.from_file(learner_file.as_file(known).encode()) == known


GOOD = '{"format": "fibroblog-learner-1", "spam": 3, "ham": 4, "words": {"pain": [1, 3]}}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        GOOD.replace("learner-1", "learner-9").encode(),
        GOOD.replace('"spam": 3, ', "").encode(),
        GOOD.replace('"spam"', '"more": 1, "spam"').encode(),
        GOOD.replace("3,", "-3,").encode(),
        GOOD.replace("3,", "true,").encode(),
        GOOD.replace("3,", "3.0,").encode(),
        GOOD.replace("3,", "NaN,").encode(),
        GOOD.replace("3,", "1" * 5000 + ",").encode(),
        GOOD.replace("3,", "10000001,").encode(),
        GOOD.replace('{"pain": [1, 3]}', '["pain"]').encode(),
        GOOD.replace("[1, 3]", "[4, 3]").encode(),
        GOOD.replace("[1, 3]", "[1, 0]").encode(),
        GOOD.replace("[1, 3]", "[1, 3, 1]").encode(),
        GOOD.replace("[1, 3]", "[1, true]").encode(),
        GOOD.replace("[1, 3]", '"13"').encode(),
        GOOD.replace("pain", "two words").encode(),
        GOOD.replace("pain", "PAIN").encode(),
        GOOD.replace("pain", "<script>").encode(),
        GOOD.replace("pain", "\\u0000pain").encode(),
        GOOD.replace("pain", "\\ud800").encode(),
        GOOD.replace("pain", "a" * 61).encode(),
        b" " * (learner_file.MOST_BYTES + 1),
        f'{GOOD[:-14]}{{{", ".join(f"{chr(34)}word{n}{chr(34)}: [1, 3]" for n in range(10_001))}}}}}'.encode(),
    ],
)  # fmt: skip
def test_a_file_is_believed_nothing(content: bytes) -> None:
    with pytest.raises(learner_file.BadFile) as bad:
        learner_file.from_file(content)
    assert str(bad.value).endswith(".")
    assert "pain" not in str(bad.value)


def test_the_file_that_all_these_are_changed_from_is_good() -> None:
    assert learner_file.from_file(GOOD.encode()) == Knowledge(3, 4, {"pain": (1, 3)})


def test_only_one_row_and_no_word_in_the_log(taught: None, administrator: User) -> None:
    learning.hand_out(by=administrator)
    learning.reset(by=administrator)
    assert Learnt.objects.count() == 1
    said = " ".join(f"{entry.was} {entry.to}" for entry in Decision.log.filter(what=Decision.What.LEARNER))
    assert "pills" not in said
    assert "exported: " in said


def test_a_rule_made_today_keeps_its_words_out(decide: Decide) -> None:
    decide("the dark water"), decide("the dark water")
    assert "water" in learn().words
    save_rule(Rule(action=Rule.Action.RISK, text="dark water", language="en"))
    assert learn() == Knowledge()
