"""Covering private words: in the text and wherever else they are kept, for good, and the log does not say what."""

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article
from comments import appeals, masking, moderation, posting, queue, remarks, writer_links
from comments.masking import COVER, MaskRefused
from comments.models import Appeal, Case, Comment, Decision, Report, Revision, Verdict
from comments.moderation import MoveRefused, Seen
from comments.posting import Visit
from comments.states import State
from fibroblog import pages
from tests.comments.letters import confirmed, whole_database
from tests.conftest import signed_in
from tests.factories import make_comment, post

pytestmark = pytest.mark.django_db
SECRET = "0151 496 0123"


def all_rows() -> str:
    """Every value of every row of this app, as text."""
    models = apps.get_app_config("comments").get_models()
    return repr([list(model._base_manager.values_list()) for model in models])


@pytest.fixture
def told(article: Article) -> Comment:
    return make_comment(article, body=f"Call me on {SECRET}, or {SECRET}.", public_id="abcdefghj")


def test_the_words_are_covered_wherever_they_stand(article: Article, moderator: User) -> None:
    comment = post(article, body=f"My number: {SECRET}.", visit=Visit(network="n1", nudged=True))
    posting.edit_comment(comment, body=f"Call {SECRET} or {SECRET}!", visit=Visit(nudged=True))
    Verdict.objects.create(comment=comment, revision=2, check_name="rules", reason="rule_hold", detail=SECRET)
    case = Case.objects.create(comment=comment, revision=2)
    Report.objects.create(case=case, reason="about_me", note=f"{SECRET} is my number")
    remarks.add(comment, f"Who gave {SECRET}?", by=moderator)
    decision = Decision.objects.create(comment=comment, was=State.PENDING, to=State.DECLINED, revision=2)
    Appeal.objects.create(
        comment=comment,
        decision=decision,
        outcome="stands",
        words=f"But {SECRET} is mine",
        answer=f"No {SECRET}",
    )
    assert SECRET in all_rows()
    masking.mask(comment, f" {SECRET} ", by=moderator, seen=Seen.of(comment))
    comment.refresh_from_db()
    assert comment.body == f"Call {COVER} or {COVER}!"
    assert COVER in comment.html
    assert (comment.state, comment.revision) == (State.PENDING, 3)
    assert Revision.objects.get().body == f"My number: {COVER}."
    assert SECRET not in all_rows()


def test_capitals_make_no_difference_and_patterns_are_only_words(article: Article) -> None:
    assert masking.masked("Dr. HOUSE and dr. house", "Dr. House") == f"{COVER} and {COVER}"
    assert masking.masked("abc", "a.c") == "abc"
    assert masking.masked(r"a\1b", r"\1") == f"a{COVER}b"


def test_nothing_is_covered_within_what_is_covered(article: Article, moderator: User) -> None:
    comment = make_comment(article, body="He left ab.")
    for piece in ("ab", "left"):
        masking.mask(comment, piece, by=moderator, seen=Seen.of(comment))
    assert comment.body == f"He {COVER} {COVER}."
    with pytest.raises(MaskRefused, match="do not stand"):
        masking.mask(comment, "left", by=moderator, seen=Seen.of(comment))


def test_covering_may_make_a_long_text_longer_than_one_may_write(article: Article, moderator: User) -> None:
    comment = make_comment(article, body="ab " * 3_000, public_id="abcdefghj")
    form = {"seen": "approved.1", "piece": "ab"}
    desk, path = signed_in(moderator), "/admin/comments/queue/abcdefghj/mask/"
    assert desk.post(path, form).status_code == 200
    assert desk.post(path, {**form, "do": "cover"}).status_code == 302
    comment.refresh_from_db()
    assert comment.body == f"{COVER} " * 3_000
    assert "ab" not in comment.html


def test_words_in_a_name_are_covered(article: Article, moderator: User) -> None:
    wren = confirmed(name="Wren Miller")
    comment = make_comment(article, name="Wren Miller", body="Hello.", commenter=wren)
    masking.mask(comment, "miller", by=moderator, seen=Seen.of(comment))
    assert (comment.name, comment.body) == (f"Wren {COVER}", "Hello.")
    assert "Miller" not in all_rows()


def test_what_the_checks_quoted_in_another_order_goes_and_counts_stay(
    article: Article, moderator: User
) -> None:
    comment = make_comment(article, body="Dr. Miller of Hamburg.")
    for reason, detail, revision in (
        ("learnt", "hamburg, miller", 1),
        ("links", "3", 1),
        ("rule", "MILLER", 0),
    ):
        Verdict.objects.create(
            comment=comment, revision=revision, check_name="x", reason=reason, detail=detail
        )
    masking.mask(comment, "Miller of Hamburg", by=moderator, seen=Seen.of(comment))
    details = dict(Verdict.objects.values_list("reason", "detail"))
    assert details == {"learnt": COVER, "links": "3", "rule": COVER}


def test_who_decided_first_cannot_cover_what_was_appealed(
    told: Comment, moderator: User, other_moderator: User
) -> None:
    decision = moderation.move(told, State.REMOVED, by=moderator, seen=Seen.of(told), reason="other")
    appeals.ask(told, decision, words="Please look again.")
    before = whole_database()
    with pytest.raises(appeals.AppealRefused, match="Somebody else"):
        masking.mask(told, SECRET, by=moderator, seen=Seen.of(told))
    form = {"seen": "removed.1", "piece": SECRET, "do": "cover"}
    desk = signed_in(moderator)
    before = whole_database()
    refused = desk.post("/admin/comments/queue/abcdefghj/mask/", form)
    assert refused.status_code == 409
    assert "Somebody else has to look" in refused.content.decode()
    assert whole_database() == before
    masking.mask(told, SECRET, by=other_moderator, seen=Seen.of(told))
    assert SECRET not in told.body


def test_a_decision_can_be_taken_back_after_words_were_covered(told: Comment, moderator: User) -> None:
    removed = moderation.move(told, State.REMOVED, by=moderator, seen=Seen.of(told), reason="other")
    masking.mask(told, SECRET, by=moderator, seen=Seen.of(told))
    moderation.undo(removed, by=moderator)
    told.refresh_from_db()
    assert told.state == State.APPROVED
    assert SECRET not in told.body


def test_a_decision_on_a_text_that_its_writer_changed_is_not_taken_back(
    told: Comment, moderator: User
) -> None:
    returned = moderation.move(
        make_comment(told.article, state=State.PENDING),
        State.RETURNED,
        by=moderator,
        seen=Seen(State.PENDING, 1),
    )
    comment = Comment.objects.get(decisions=returned)
    posting.edit_comment(comment, body="Better.", visit=Visit(nudged=True))
    with pytest.raises(MoveRefused):
        moderation.undo(returned, by=moderator)


def test_the_card_and_readers_are_not_told_that_its_writer_changed_it(told: Comment, moderator: User) -> None:
    masking.mask(told, SECRET, by=moderator, seen=Seen.of(told))
    told.refresh_from_db()
    assert told.edited_at is None
    card = queue.card_of(Comment.objects.for_queue().get(pk=told.pk))
    assert "Private words were covered" in card.signals
    assert not any("its writer" in signal for signal in card.signals)
    assert "mo covered private words in it just now" in moderation.what_happened(told)


def test_the_link_of_a_returned_writer_holds_and_ends_with_their_change(
    article: Article, moderator: User
) -> None:
    comment = make_comment(article, state=State.RETURNED, body=f"Call {SECRET}.")
    token = writer_links.to_change(comment).partition("change=")[2]
    masking.mask(comment, SECRET, by=moderator, seen=Seen.of(comment))
    assert writer_links.may_change(comment, token)
    posting.edit_comment(comment, body="Better.", visit=Visit(nudged=True))
    comment.refresh_from_db()
    assert not writer_links.may_change(comment, token)


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
    before = pages.version_of(f"discussion:{told.article_id}")
    masking.mask(told, SECRET, by=moderator, seen=Seen.of(told))
    page = Client().get(told.article.get_absolute_url()).content.decode()
    assert SECRET not in page
    assert COVER in page
    assert pages.version_of(f"discussion:{told.article_id}") > before
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
