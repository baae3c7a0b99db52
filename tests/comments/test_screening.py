"""The pipeline and each of its checks."""

from types import ModuleType

import pytest

from articles.models import Article
from comments import screening
from comments.screening import form, links, rates, repeats, speed, trap, words
from comments.screening.verdicts import Outcome, Submission, Verdict
from fibroblog import limits
from tests.factories import make_comment, post


def submission(**changes: object) -> Submission:
    fields: dict[str, object] = {
        "article": 1,
        "name": "Wren",
        "body": "b",
        "html": "<p>b</p>",
        "text_hash": "t",
    }
    return Submission(**{**fields, **changes})  # type: ignore[arg-type]  # the tests' own words


@pytest.mark.parametrize(
    ("check", "changes", "outcome", "reason"),
    [
        (trap, {}, Outcome.PASS, ""),
        (trap, {"trap": "x"}, Outcome.SPAM, "trap"),
        (speed, {"seconds": None}, Outcome.PASS, ""),
        (speed, {"seconds": float(limits.COMMENT_MIN_SECONDS)}, Outcome.PASS, ""),
        (speed, {"seconds": limits.COMMENT_MIN_SECONDS - 0.1}, Outcome.HOLD, "too_fast"),
        (form, {}, Outcome.PASS, ""),
        (form, {"origin_known": False}, Outcome.HOLD, "origin_unknown"),
        (form, {"signed": False}, Outcome.HOLD, "unsigned_form"),
        (links, {"html": '<a href="/a">' * limits.COMMENT_MAX_LINKS}, Outcome.PASS, ""),
        (links, {"html": '<a href="/a">' * (limits.COMMENT_MAX_LINKS + 1)}, Outcome.HOLD, "links"),
    ],
)
def test_checks(check: ModuleType, changes: dict[str, object], outcome: Outcome, reason: str) -> None:
    verdict: Verdict = check.check(submission(**changes))
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


def test_the_same_text_elsewhere_is_named(article: Article) -> None:
    earlier = post(article, body="Buy  MY pills")
    same = submission(text_hash=earlier.text_hash)
    assert repeats.check(same) == Verdict(Outcome.HOLD, "same_text", earlier.public_id)
    assert repeats.check(submission(text_hash=earlier.text_hash, edits=earlier.pk)).outcome is Outcome.PASS


def test_case_and_spaces_do_not_hide_a_repeat(article: Article) -> None:
    post(article, body="Buy  MY pills")
    again = make_comment(article, body="buy my\nPILLS")
    assert repeats.check(submission(text_hash=again.text_hash)).reason == "same_text"


@pytest.mark.django_db
def test_the_staff_is_not_counted() -> None:
    for _ in range(limits.COMMENTS_PER_ADDRESS + 1):
        assert rates.check(submission(network="")).outcome is Outcome.PASS


@pytest.mark.django_db
@pytest.mark.parametrize("problem", [RuntimeError("the text: secret words"), TimeoutError("secret words")])
@pytest.mark.parametrize("module", screening.CHECKS)
def test_a_check_that_fails_means_that_a_person_looks(
    module: ModuleType, problem: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Submission) -> Verdict:
        raise problem

    monkeypatch.setattr(module, "check", broken)
    found = screening.screen(submission(network="n"))
    name = module.__name__.rpartition(".")[2]
    assert found == [Verdict(Outcome.HOLD, "check_failed", "", name)]
    assert f"The check {name} failed: {type(problem).__name__} at " in caplog.text
    assert "secret words" not in caplog.text


def test_a_submission_shows_no_words_and_no_address() -> None:
    shown = repr(
        submission(
            body="secret", name="secret", email="secret", address="secret", agent="secret", html="secret"
        )
    )
    assert "secret" not in shown


@pytest.mark.django_db
def test_a_clean_text_has_no_verdicts() -> None:
    assert screening.screen(submission(network="n", seconds=30.0)) == []


@pytest.mark.django_db
def test_every_reason_has_words_for_its_reader(article: Article) -> None:
    for reason in words.FOR_MODERATORS:
        said = words.for_moderators(reason, "3")
        assert "{" not in said
        assert "_" not in said
    for reason in ("too_many_from_you", "too_many_near_you", "too_many_in_all", "nudge_dosing", "nudge_rule"):
        assert words.for_writers(Verdict(Outcome.NUDGE, reason)).endswith((".", "”."))
    assert words.for_moderators("something_new", "") == "something new"
