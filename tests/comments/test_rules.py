"""Moderators' rules: how they find words, when they hold, and what they would have done."""

import time

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import moderation, rule_test
from comments.models import Comment, Rule, Verdict
from comments.moderation import Seen
from comments.reasons import Reason
from comments.rules import delete_rules, save_rule
from comments.screening import rulebook, rules, screen
from comments.screening.folding import Text, fold
from comments.screening.rulebook import BadRule, ready
from comments.screening.verdicts import Outcome
from comments.states import State
from fibroblog import pages
from tests.comments.test_screening import submission
from tests.conftest import signed_in
from tests.factories import make_comment, post

pytestmark = pytest.mark.django_db


def phrase(text: str) -> Rule:
    return Rule(action=Rule.Action.HOLD, form=Rule.Form.PHRASE, text=text)


def pattern(text: str) -> Rule:
    return Rule(action=Rule.Action.HOLD, form=Rule.Form.PATTERN, text=text)


def test_text_is_folded_into_plain_words() -> None:
    assert fold("Don’t — DON'T\u200b dont, café_au-lait!\nΩmega") == "dont dont dont cafe au lait ωmega"


@pytest.mark.parametrize(
    ("rule", "text", "fits"),
    [
        (phrase("snake oil"), "Best SNAKE  oil!", True),
        (phrase("snake oil"), "a snake, oil", True),
        (phrase("snake oil"), "snakes oil", False),
        (phrase("snake oil"), "oil snake", False),
        (phrase("snake oil"), "rattlesnake oil", False),
        (phrase("snak* oil"), "snakes oil", True),
        (phrase("snak* oil"), "snak and oil", False),
        (phrase("can't go on"), "I can’t go on", True),
        (phrase("cant go on"), "I can't go on", True),
        (phrase("café"), "CAFE", True),
        (phrase("a.b"), "a b", True),
        (pattern(r"\b\d{3} euros?\b"), "only 100 EURO now", True),
        (pattern(r"\b\d{3} euros?\b"), "only 10 euro now", False),
        (pattern(r"colou?r"), "co\u200blor", True),
    ],
)
def test_how_rules_find(rule: Rule, text: str, fits: bool) -> None:
    assert ready(rule).is_in(Text(text)) is fits


@pytest.mark.parametrize(
    "rule",
    [phrase("..."), phrase("*"), phrase("ab*"), phrase("sn*ke oil"), pattern("("), pattern("(?<=a)b"), pattern(r"(a)\1"),
     pattern("a*"), pattern("")],
)  # fmt: skip
def test_a_rule_that_cannot_be_used_is_refused_in_words(rule: Rule) -> None:
    with pytest.raises(BadRule, match=r"^[A-Z].*\."):
        save_rule(rule)
    assert not Rule.objects.filter(action=Rule.Action.HOLD).exists()


def test_no_pattern_makes_a_long_text_slow() -> None:
    slow = ready(pattern(r"(a+)+$"))
    start = time.perf_counter()
    assert not slow.is_in(Text("a" * 10_000 + "!"))
    assert time.perf_counter() - start < 1  # with backtracking: longer than the universe is old


@pytest.mark.parametrize(
    ("action", "outcome", "reason"),
    [
        (Rule.Action.HOLD, Outcome.HOLD, "rule_hold"),
        (Rule.Action.SPAM, Outcome.SPAM, "rule_spam"),
        (Rule.Action.NUDGE, Outcome.NUDGE, "nudge_rule"),
    ],
)
def test_what_a_rule_does(action: Rule.Action, outcome: Outcome, reason: str) -> None:
    save_rule(Rule(action=action, text="snake oil", says="Is it true?"))
    verdict = rules.check(submission(body="Buy snake oil"))
    assert (verdict.outcome, verdict.reason, verdict.detail, verdict.says) == (
        outcome, reason, "snake oil", "Is it true?",
    )  # fmt: skip
    assert rules.check(submission(body="Buy olive oil")).outcome is Outcome.PASS


def test_a_rule_is_looked_for_in_the_name_too() -> None:
    save_rule(Rule(action=Rule.Action.SPAM, text="cheap pills"))
    found = [verdict.reason for verdict in screen(submission(name="Cheap pills"))]
    assert "rule_spam" in found


def test_a_pattern_is_named_by_its_note() -> None:
    rule = pattern(r"snake \w+")
    rule.note = "Snake oil. It comes every spring."
    save_rule(rule)
    assert rules.check(submission(body="snake oil")).detail == "Snake oil"


def test_the_very_next_comment_meets_a_new_rule_also_in_another_process(article: Article) -> None:
    assert not Verdict.objects.filter(comment=post(article, body="snake oil one")).exists()
    rule = save_rule(phrase("snake oil"))
    assert Verdict.objects.get(comment=post(article, body="snake oil two")).reason == "rule_hold"
    # Another process remembers an older version: the stamp tells it.
    kept = rulebook._kept
    assert kept is not None
    delete_rules([rule])
    rulebook._kept = kept
    assert not Verdict.objects.filter(comment=post(article, body="snake oil three")).exists()


def test_a_rule_out_of_use_finds_nothing(article: Article) -> None:
    rule = phrase("snake oil")
    rule.is_active = False
    save_rule(rule)
    assert rules.check(submission(body="snake oil")).outcome is Outcome.PASS


def test_unchanged_rules_cost_one_small_question() -> None:
    screen(submission(body="one"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        screen(submission(body="two"))
    assert sum("comments_rule" in query["sql"] for query in asked) == 0
    assert sum("fibroblog_stamp" in query["sql"] and "rules" in query["sql"] for query in asked) == 1


def test_a_rule_that_broke_by_itself_means_that_a_person_looks(article: Article) -> None:
    Rule.objects.create(action=Rule.Action.HOLD, form=Rule.Form.PATTERN, text="(")
    pages.changed(rules=True)
    found = screen(submission(body="Hello"))
    assert [(verdict.check, verdict.reason) for verdict in found] == [("rules", "check_failed")]


def test_spam_by_a_rule_is_logged_as_such(article: Article) -> None:
    save_rule(Rule(action=Rule.Action.SPAM, text="snake oil"))
    comment = post(article, body="snake oil")
    assert comment.state == State.SPAM
    assert comment.decisions.get().reason == Reason.RULE


# The admin ----------------------------------------------------------------------------------------


def form(**changes: str) -> dict[str, str]:
    return {"action": "hold", "form": "phrase", "text": "snake oil", "language": "en", "says": "", "note": "", "is_active": "on", **changes}  # fmt: skip


def test_a_moderator_writes_changes_and_deletes_a_rule(moderator: User) -> None:
    client = signed_in(moderator)
    before = pages.version_of(pages.RULES)
    assert client.post("/admin/comments/rule/add/", form()).status_code == 302
    rule = Rule.objects.get(text="snake oil")
    assert rule.by == moderator
    assert client.post(f"/admin/comments/rule/{rule.pk}/change/", form(note="Why")).status_code == 302
    assert [row.history_user for row in rule.history.all()] == [moderator, moderator]
    assert client.post(f"/admin/comments/rule/{rule.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Rule.objects.filter(pk=rule.pk).exists()
    assert pages.version_of(pages.RULES) == before + 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"form": "pattern", "text": "("}, "This pattern cannot be read"),
        ({"text": "!!"}, "Write at least one word."),
        ({"action": "nudge"}, "Say in a kind sentence"),
        ({"text": ""}, "This field is required."),
    ],
)
def test_a_wrong_rule_is_explained(moderator: User, changes: dict[str, str], sentence: str) -> None:
    response = signed_in(moderator).post("/admin/comments/rule/add/", form(**changes))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Rule.objects.exclude(action=Rule.Action.RISK).exists()


# Trying a rule ------------------------------------------------------------------------------------


@pytest.fixture
def decided(article: Article, moderator: User) -> list[Comment]:
    states = [State.APPROVED, State.APPROVED, State.DECLINED, State.SPAM, State.REMOVED]
    return [make_comment(article, state=state, body=f"Snake oil {state}") for state in states]


def test_what_a_rule_would_have_done(decided: list[Comment], article: Article) -> None:
    make_comment(article, state=State.PENDING, body="snake oil waits")
    make_comment(article, body="olive oil")
    outcome = rule_test.run(phrase("snake oil"))
    assert {row.state: (row.caught, row.looked_at) for row in outcome.rows} == {
        State.APPROVED: (2, 3), State.DECLINED: (1, 1), State.SPAM: (1, 1), State.REMOVED: (1, 1),
    }  # fmt: skip
    assert (outcome.caught, outcome.looked_at) == (5, 6)
    assert not Rule.objects.filter(text="snake oil").exists()


def test_only_the_last_decided_are_looked_at(
    decided: list[Comment], moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fibroblog.limits.RULE_TEST_COMMENTS", 2)
    moderation.move(decided[0], State.REMOVED, by=moderator, seen=Seen.of(decided[0]))
    outcome = rule_test.run(phrase("snake oil"))
    assert {comment.pk for row in outcome.rows for comment in row.excerpts} == {decided[0].pk, decided[4].pk}


def test_the_tester_page_says_it_in_words(decided: list[Comment], moderator: User) -> None:
    client = signed_in(moderator)
    text = client.get("/admin/comments/rule/test/?form=phrase&text=snake+oil").content.decode()
    assert "It would have caught 5 of 5 comments" in text
    assert "Snake oil declined" in text
    assert "ms for all of them together" in text
    assert (
        "It would have caught none of 5"
        in client.get("/admin/comments/rule/test/?form=phrase&text=x").content.decode()
    )
    wrong = client.get("/admin/comments/rule/test/?form=pattern&text=(").content.decode()
    assert "This pattern cannot be read" in wrong
    assert "It would have caught" not in wrong
    assert "It would have caught" not in client.get("/admin/comments/rule/test/").content.decode()
    assert Comment.objects.filter(state=State.APPROVED).count() == 2


def test_the_tester_asks_the_same_number_of_questions_of_many(
    decided: list[Comment], article: Article, moderator: User
) -> None:
    with CaptureQueriesContext(connection) as few:
        rule_test.run(phrase("snake oil"))
    for number in range(20):
        make_comment(article, body=f"snake oil {number}")
    with CaptureQueriesContext(connection) as many:
        rule_test.run(phrase("snake oil"))
    assert len(many) == len(few)


def test_strangers_and_editors_do_not_test_rules(editor: User) -> None:
    assert Client().get("/admin/comments/rule/test/?form=phrase&text=a").status_code == 302
    assert signed_in(editor).get("/admin/comments/rule/test/?form=phrase&text=a").status_code == 403
