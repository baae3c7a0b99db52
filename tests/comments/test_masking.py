"""Covering private words: in the text and wherever else they are kept, for good, and the log does not say what."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article
from comments import masking, moderation, posting
from comments.masking import COVER, MaskRefused
from comments.models import Case, Comment, Decision, Report, Revision, Verdict
from comments.moderation import MoveRefused, Seen
from comments.posting import Visit
from comments.states import State
from fibroblog import pages
from tests.comments.letters import whole_database
from tests.conftest import signed_in
from tests.factories import make_comment, post

pytestmark = pytest.mark.django_db
SECRET = "0151 496 0123"


@pytest.fixture
def told(article: Article) -> Comment:
    return make_comment(article, body=f"Call me on {SECRET}, or {SECRET}.", public_id="abcdefghj")


def test_the_words_are_covered_wherever_they_stand(article: Article, moderator: User) -> None:
    comment = post(article, body=f"My number: {SECRET}.", visit=Visit(network="n1", nudged=True))
    posting.edit_comment(comment, body=f"Call {SECRET} or {SECRET}!", visit=Visit(nudged=True))
    Verdict.objects.create(comment=comment, revision=2, check_name="rules", reason="rule_hold", detail=SECRET)
    case = Case.objects.create(comment=comment, revision=2)
    Report.objects.create(case=case, reason="about_me", note=f"{SECRET} is my number")
    masking.mask(comment, f" {SECRET} ", by=moderator, seen=Seen.of(comment))
    comment.refresh_from_db()
    assert comment.body == f"Call {COVER} or {COVER}!"
    assert COVER in comment.html
    assert (comment.state, comment.revision) == (State.PENDING, 3)
    assert Revision.objects.get().body == f"My number: {COVER}."
    assert SECRET not in str(whole_database())


def test_capitals_make_no_difference_and_patterns_are_only_words(article: Article) -> None:
    assert masking.masked("Dr. HOUSE and dr. house", "Dr. House") == f"{COVER} and {COVER}"
    with pytest.raises(MaskRefused, match="do not stand"):
        masking.masked("abc", "a.c")


@pytest.mark.parametrize("piece", ["", " ", "a", "not there"])
def test_what_cannot_be_covered_changes_nothing(told: Comment, moderator: User, piece: str) -> None:
    before = whole_database()
    with pytest.raises(MaskRefused):
        masking.mask(told, piece, by=moderator, seen=Seen.of(told))
    assert whole_database() == before


def test_somebody_who_comes_second_is_told(told: Comment, moderator: User) -> None:
    seen = Seen.of(told)
    moderation.move(told, State.REMOVED, by=moderator, seen=seen)
    with pytest.raises(MoveRefused, match="mo changed this"):
        masking.mask(told, SECRET, by=moderator, seen=seen)
    assert SECRET in Comment.objects.get(pk=told.pk).body


def test_the_log_says_that_it_was_covered_and_not_what(told: Comment, moderator: User) -> None:
    masking.mask(told, SECRET, by=moderator, seen=Seen.of(told))
    entry = Decision.log.get(what="text")
    assert (entry.by, entry.was, entry.to, entry.reason) == (moderator, "1", "2", "masked")


def test_readers_see_the_change_at_once_and_reports_of_it_are_answered(
    told: Comment, moderator: User
) -> None:
    case = Case.objects.create(comment=told, revision=1)
    before = pages.version_of(f"article:{told.article_id}")
    masking.mask(told, SECRET, by=moderator, seen=Seen.of(told))
    page = Client().get(told.article.get_absolute_url()).content.decode()
    assert SECRET not in page
    assert COVER in page
    assert pages.version_of(f"article:{told.article_id}") > before
    case.refresh_from_db()
    assert case.outcome == Case.Outcome.GONE


def test_the_page_shows_the_outcome_first(told: Comment, moderator: User, editor: User) -> None:
    path = "/admin/comments/queue/abcdefghj/mask/"
    client = signed_in(moderator)
    assert client.get(path).status_code == 200
    form = {"seen": "approved.1", "piece": SECRET}
    page = client.post(path, form)
    assert page.status_code == 200
    assert f"Call me on {COVER}, or {COVER}." in page.content.decode()
    told.refresh_from_db()
    assert SECRET in told.body
    assert signed_in(editor).post(path, {**form, "do": "cover"}).status_code == 403
    assert Client().post(path, {**form, "do": "cover"}).status_code == 302
    assert client.post(path, {**form, "piece": "nowhere", "do": "cover"}).status_code == 422
    told.refresh_from_db()
    assert told.revision == 1
    assert client.post(path, {**form, "do": "cover"}).status_code == 302
    told.refresh_from_db()
    assert SECRET not in told.body
    again = client.post(path, {**form, "piece": "Call", "do": "cover"})
    assert again.status_code == 409
