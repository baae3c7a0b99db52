"""How moderation goes: what counts as a decision, how long texts waited, and what the dashboard shows to whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article
from comments import answer_time, appeals, figures, moderation, plots, posting
from comments.models import AnswerTime, Comment, Decision
from comments.moderation import Seen
from comments.posting import Visit
from comments.states import State
from fibroblog import pages
from tests.conftest import NOW, signed_in
from tests.factories import make_comment, post

pytestmark = pytest.mark.django_db
DASHBOARD = "/admin/comments/dashboard/"


def decide(comment: Comment, to: State, by: User | None, reason: str = "") -> Decision:
    comment.refresh_from_db()
    return moderation.move(comment, to, by=by, seen=Seen.of(comment), reason=reason)


@pytest.fixture
def decide_after(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> Callable[[timedelta, State], Decision]:
    def make(wait: timedelta, to: State = State.APPROVED) -> Decision:
        comment = make_comment(article, state=State.PENDING)
        clock.shift(wait)
        return decide(comment, to, moderator, "unkind" if to != State.APPROVED else "")

    return make


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([], 0.5, None), ([1.0], 0.9, 1.0), ([1.0, 2.0], 0.5, 1.0), ([1.0, 2.0, 3.0], 0.5, 2.0),
     ([float(n) for n in range(1, 11)], 0.9, 9.0)],
)  # fmt: skip
def test_a_percentile_is_a_value_that_occurred(
    values: list[float], share: float, found: float | None
) -> None:
    assert figures.nearest_rank(values, share) == found


def test_only_what_a_person_decided_and_what_holds_counts(article: Article, moderator: User) -> None:
    kept = decide(make_comment(article, state=State.PENDING), State.APPROVED, moderator)
    taken_back = decide(make_comment(article, state=State.PENDING), State.SPAM, moderator)
    moderation.undo(taken_back, by=moderator)
    decide(make_comment(article, state=State.PENDING), State.SPAM, None, "robot")
    posting.post_as_staff(article=article, by=moderator, name="Mo", body="Hello", badge="moderator")
    found = figures.look()
    assert (found.decided, found.undone, found.undo_percent) == (1, 1, 50)
    assert found.by_moderator == [("mo", 1)]
    assert found.now.waiting == 1
    assert kept.to == State.APPROVED


def test_a_text_waits_from_its_last_change(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    comment = post(article)
    clock.shift(timedelta(minutes=20))
    posting.edit_comment(comment, body="Better words.", visit=Visit(network="n1"))
    clock.shift(timedelta(hours=3))
    decide(comment, State.APPROVED, moderator)
    assert figures.waits_between(NOW, NOW + timedelta(days=1)) == [3 * 3600.0]


def test_an_undo_does_not_begin_the_wait_anew(
    article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    comment = make_comment(article, state=State.PENDING)
    clock.shift(timedelta(hours=1))
    moderation.undo(decide(comment, State.SPAM, moderator), by=moderator)
    clock.shift(timedelta(hours=1))
    decide(comment, State.APPROVED, moderator)
    assert figures.waits_between(NOW, NOW + timedelta(days=1)) == [2 * 3600.0]


def test_the_dashboard_says_it_in_words_and_tables(
    decide_after: Callable[..., Decision], moderator: User
) -> None:
    for hours in (1, 2, 3):
        decide_after(timedelta(hours=hours))
    refusal = decide_after(timedelta(hours=20), State.DECLINED)
    assert refusal.comment is not None
    appeals.ask(refusal.comment, refusal, words="")
    page = signed_in(moderator).get(DASHBOARD).content.decode()
    assert "Half of the comments were decided on within 2 hours, nine out of ten within 20 hours." in page
    assert "4 decisions in 30 days" in page
    assert "1 asked for" in page
    assert page.count('<svg role="img"') == 2
    assert page.count("See the numbers as a table") == 2
    assert "Unkind to somebody" in page
    assert "By moderator" not in page


def test_who_decided_how_much_is_for_administrators(
    decide_after: Callable[..., Decision], administrator: User
) -> None:
    decide_after(timedelta(hours=1))
    assert "By moderator" in signed_in(administrator).get(DASHBOARD).content.decode()


def test_an_empty_dashboard_says_so(moderator: User, editor: User) -> None:
    assert "No decisions yet." in signed_in(moderator).get(DASHBOARD).content.decode()
    assert signed_in(editor).get(DASHBOARD).status_code == 403
    assert Client().get(DASHBOARD).status_code == 302


def test_the_number_of_queries_stays_the_same(
    decide_after: Callable[..., Decision], moderator: User, django_assert_num_queries: Any
) -> None:
    decide_after(timedelta(hours=1))
    with django_assert_num_queries(8):
        figures.look()
    for _ in range(10):
        decide_after(timedelta(hours=1), State.DECLINED)
    with django_assert_num_queries(8):
        figures.look()


def test_bars_stay_within_their_plot(decide_after: Callable[..., Decision]) -> None:
    for hours in (1, 30, 400):
        decide_after(timedelta(hours=hours))
    found = figures.look()
    for plot in (plots.decided_per_day(found), plots.waiting_times(found)):
        assert plot.bars
        for bar in plot.bars:
            assert 0 <= bar.x <= bar.x + bar.width <= plot.width
            assert 0 <= bar.y <= bar.y + bar.height <= plot.height
        assert all(len(row) == len(plot.columns) for row in plot.rows)


@pytest.mark.parametrize(
    ("hours", "step"), [(0, 2), (2, 2), (2.01, 6), (24, 24), (25, 48), (168, 168), (169, None)]
)
def test_the_promise_is_a_fixed_step(hours: float, step: int | None) -> None:
    assert answer_time.step_for([hours * 3600.0] * 10) == step


def test_from_fewer_than_ten_decisions_nothing_is_promised() -> None:
    assert answer_time.step_for([3600.0] * 9) is None


def test_the_form_promises_what_was_worked_out(
    decide_after: Callable[..., Decision], article: Article
) -> None:
    address = article.get_absolute_url()
    assert "reads every comment before it appears. Please" in Client().get(address).content.decode()
    for _ in range(10):
        decide_after(timedelta(hours=1))
    before = pages.version_of(pages.SITE)
    assert answer_time.work_out().within_hours == 2
    assert pages.version_of(pages.SITE) == before + 1
    answer_time.work_out()
    assert pages.version_of(pages.SITE) == before + 1, "the same step again changes no page"
    assert "usually within two hours. Please" in Client().get(address).content.decode()
    assert AnswerTime.objects.count() == 1
