"""Reports by readers, and what moderators do with them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments import housekeeping, moderation, outbox, people, posting, reports
from comments.models import Case, Comment, Confirmation, Decision, Mail, Report
from comments.moderation import Seen
from comments.reports import LookRefused, NotShown
from comments.states import State
from fibroblog import limits
from tests.comments.letters import confirmed, sent
from tests.conftest import signed_in
from tests.factories import make_article, make_comment
from tests.test_verbs import moved, stamps

pytestmark = pytest.mark.django_db

QUEUE = "/admin/comments/queue/"
OPEN, STAYS, GONE = Case.Outcome.OPEN, Case.Outcome.STAYS, Case.Outcome.GONE


def address(comment: Comment) -> str:
    return f"{comment.get_absolute_url()}report/"


def fields(**changes: str) -> dict[str, str]:
    return {"reason": "unkind", "note": "", "email": "", "website": "", **changes}


def only_case() -> Case:
    return Case.objects.get()


def look(case: Case, by: User) -> Case:
    return reports.stays(case, by=by, reports_seen=case.reports.count())


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """For which cases, and with which outcome, word was given to those who reported."""
    said: list[tuple[int, str]] = []
    monkeypatch.setattr(outbox, "tell_reporters", lambda case: said.append((case.pk, case.outcome)))
    return said


# Reporting ---------------------------------------------------------------------------------------


def test_every_visible_comment_leads_to_its_report_page(client: Client, approved: Comment) -> None:
    staff = make_comment(approved.article, badge="editor")
    waiting = make_comment(approved.article, state=State.PENDING)
    text = client.get(approved.article.get_absolute_url()).content.decode()
    for comment in (approved, staff):
        assert f'href="{address(comment)}"' in text
    assert waiting.public_id not in text
    page = client.get(address(approved)).content.decode()
    assert approved.body in page
    assert page.index("about me") < page.index("insults")
    assert not Case.objects.exists()


def test_a_report_opens_a_case_and_says_what_happens_next(client: Client, approved: Comment) -> None:
    before = stamps()
    response = client.post(address(approved), fields(note="Please look."))
    assert response.status_code == 200
    assert "What happens next" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    report = Report.objects.get()
    assert (report.reason, report.note) == ("unkind", "Please look.")
    assert (report.case.comment, report.case.revision, report.case.outcome) == (approved, 1, OPEN)
    assert not report.case.about_me
    assert moved(before) == set()
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_what_is_not_shown_cannot_be_reported(client: Client, article: Article, state: State) -> None:
    comment = make_comment(article, state=state)
    assert client.get(address(comment)).status_code == 404
    assert client.post(address(comment), fields()).status_code == 404
    with pytest.raises(NotShown):
        reports.report(comment, reason="unkind")
    assert not Case.objects.exists()


def test_a_comment_of_another_post_is_not_found(client: Client, approved: Comment) -> None:
    path = f"{make_article().get_absolute_url()}comments/{approved.public_id}/report/"
    assert client.post(path, fields()).status_code == 404


def test_looking_reports_nothing(client: Client, approved: Comment) -> None:
    client.get(address(approved), fields())
    client.head(address(approved))
    assert not Report.objects.exists()


def test_another_site_cannot_report(client: Client, approved: Comment) -> None:
    response = client.post(address(approved), fields(), headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": ""}, "Choose what is wrong."),
        ({"reason": "nonsense"}, "Choose what is wrong."),
        ({"email": "no address"}, "Enter an email address like"),
        ({"note": "x" * 501}, "Use at most 500 characters; these are 501."),
        ({"website": "https://spam.example"}, "leave the box that catches robots empty"),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(
    client: Client, approved: Comment, wrong: dict[str, str], words: str
) -> None:
    typed = fields(note="My own words", email="wren@example.org") | wrong
    response = client.post(address(approved), typed)
    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in text
    assert 'id="error-summary"' in text
    assert words in text
    for kept in (typed["note"], typed["email"]):
        assert kept in text
    checked = re.search(r'<input[^>]*value="unkind"[^>]*checked', text)
    assert bool(checked) == (typed["reason"] == "unkind")
    assert not Report.objects.exists()


def test_too_many_reports_are_told_with_the_words_kept(
    client: Client, approved: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPORTS_PER_ADDRESS", 1)
    client.post(address(approved), fields())
    response = client.post(address(approved), fields(reason="advice", note="Two grams a day!"))
    assert response.status_code == 429
    assert "wait ten minutes" in response.content.decode()
    assert "Two grams a day!" in response.content.decode()
    assert Report.objects.count() == 1


# One case ----------------------------------------------------------------------------------------


def test_however_many_report_there_is_one_case(approved: Comment) -> None:
    for number in range(20):
        reports.report(approved, reason="unkind", network=f"n{number}")
    assert only_case().reports.count() == 20


def test_the_same_sender_and_reason_count_once(client: Client, approved: Comment) -> None:
    for note in ("", "", "My words", "My words", ""):
        client.post(address(approved), fields(note=note))
    client.post(address(approved), fields(reason="advice"))
    assert [(r.reason, r.note) for r in only_case().reports.order_by("pk")] == [
        ("unkind", ""),
        ("unkind", "My words"),
        ("advice", ""),
    ]


def test_a_double_click_with_an_address_is_one_report_and_one_question(
    client: Client, approved: Comment
) -> None:
    for email in ("wren@example.org", " Wren@Example.org"):
        client.post(address(approved), fields(email=email))
    assert only_case().reports.count() == Confirmation.objects.count() == 1
    people.confirm(Confirmation.objects.get())
    client.post(address(approved), fields(email="wren@example.org"))
    assert only_case().reports.count() == 1
    assert not Confirmation.objects.exists()


def test_two_readers_behind_one_network_each_keep_their_words_and_their_word(
    approved: Comment, moderator: User
) -> None:
    for name, note in (("wren", ""), ("robin", ""), ("jay", "Jay's words"), ("", "Nobody's words")):
        email = name and f"{name}@example.org"
        reports.report(approved, reason="unkind", note=note, email=email, network="one house")
    for confirmation in Confirmation.objects.all():
        people.confirm(confirmation)
    stored = only_case().reports.order_by("pk").values_list("commenter__email", "note")
    assert list(stored) == [
        ("wren@example.org", ""),
        ("robin@example.org", ""),
        ("jay@example.org", "Jay's words"),
        (None, "Nobody's words"),
    ]
    look(only_case(), moderator)
    assert Mail.objects.filter(kind=Mail.Kind.REPORT).count() == 3


def test_a_confirmation_takes_no_report_from_whom_it_belongs_to(approved: Comment) -> None:
    wren = confirmed()
    stored = reports.report(approved, reason="unkind", network="one house")
    Report.objects.update(commenter=wren)
    people.confirm(Confirmation.objects.create(email="robin@example.org", report=stored))
    assert Report.objects.get().commenter == wren


def test_senders_that_nobody_knows_any_more_are_not_one(approved: Comment) -> None:
    for _ in range(2):
        reports.report(approved, reason="unkind", network="")
    assert only_case().reports.count() == 2


def test_about_me_goes_first(article: Article, desk: Client, clock: time_machine.Traveller) -> None:
    first, second, third = (make_comment(article) for _ in range(3))
    for comment in (second, first):
        reports.report(comment, reason="unkind")
        clock.shift(60)
    reports.report(third, reason="unkind")
    reports.report(third, reason="about_me")
    text = queue(desk, "?state=reported")
    places = [text.index(f'id="card-{comment.public_id}"') for comment in (third, second, first)]
    assert places == sorted(places)


def test_looked_at_stays_holds_until_the_text_changes(
    client: Client, approved: Comment, moderator: User
) -> None:
    client.post(address(approved), fields())
    look(only_case(), moderator)
    text = client.post(address(approved), fields(reason="advert", email="wren@example.org")).content.decode()
    assert "let it stand" in text
    assert (only_case().outcome, only_case().by) == (STAYS, moderator)
    assert only_case().reports.count() == 2
    assert not Confirmation.objects.exists()
    posting.edit_comment(approved, body="Quite another text", visit=posting.Visit())
    moderation.move(approved, State.APPROVED, by=moderator, seen=Seen(State.PENDING, 2))
    assert "What happens next" in client.post(address(approved), fields()).content.decode()
    assert list(Case.objects.order_by("pk").values_list("revision", "outcome")) == [(1, STAYS), (2, OPEN)]


def test_that_it_is_about_oneself_opens_it_again_once(approved: Comment, moderator: User) -> None:
    reports.report(approved, reason="unkind", network="a")
    look(only_case(), moderator)
    reports.report(approved, reason="about_me", network="b")
    case = only_case()
    assert (case.outcome, case.about_me, case.by, case.closed_at) == (OPEN, True, None, None)
    look(case, moderator)
    reports.report(approved, reason="about_me", network="c")
    assert only_case().outcome == STAYS


# Word to reporters -------------------------------------------------------------------------------


def test_whoever_leaves_an_address_is_asked_to_confirm_it(client: Client, approved: Comment) -> None:
    text = client.post(address(approved), fields(email="wren@example.org")).content.decode()
    assert "button to confirm your address" in text
    confirmation = Confirmation.objects.get()
    assert (confirmation.email, confirmation.report) == ("wren@example.org", Report.objects.get())
    assert Report.objects.get().commenter is None


def test_word_is_given_when_a_case_closes(
    approved: Comment, moderator: User, told: list[tuple[int, str]]
) -> None:
    reports.report(approved, reason="unkind")
    case = only_case()
    assert told == []
    look(case, moderator)
    assert told == [(case.pk, STAYS)]
    moderation.move(approved, State.REMOVED, by=moderator, seen=Seen.of(approved))
    assert told == [(case.pk, STAYS)]


def test_who_confirms_after_the_case_closed_hears_of_it_too(
    client: Client, approved: Comment, moderator: User, told: list[tuple[int, str]]
) -> None:
    client.post(address(approved), fields(email="wren@example.org"))
    case = look(only_case(), moderator)
    told.clear()
    people.confirm(Confirmation.objects.get())
    assert told == [(case.pk, STAYS)]


def test_only_the_outcome_that_still_holds_is_told(approved: Comment, moderator: User) -> None:
    stored = reports.report(approved, reason="unkind")
    Report.objects.filter(pk=stored.pk).update(commenter=confirmed())
    removed = moderation.move(approved, State.REMOVED, by=moderator, seen=Seen.of(approved))
    moderation.undo(removed, by=moderator)
    look(only_case(), moderator)
    (letter,) = sent()
    assert "decided to leave it" in letter.body


def test_an_outcome_taken_back_and_decided_again_is_told_once(approved: Comment, moderator: User) -> None:
    stored = reports.report(approved, reason="unkind")
    Report.objects.filter(pk=stored.pk).update(commenter=confirmed())
    removed = moderation.move(approved, State.REMOVED, by=moderator, seen=Seen.of(approved))
    moderation.undo(removed, by=moderator)
    assert sent() == []
    approved.refresh_from_db()
    moderation.move(approved, State.REMOVED, by=moderator, seen=Seen.of(approved))
    (letter,) = sent()
    assert "no longer shown" in letter.body


def test_a_readers_words_reach_no_public_page(client: Client, approved: Comment) -> None:
    secret = "Zanzibar lantern"
    client.post(address(approved), fields(note=secret, email="wren@example.org"))
    for path in (
        approved.article.get_absolute_url(),
        approved.get_absolute_url(),
        address(approved),
        "/feeds/comments.atom",
        f"{approved.article.get_absolute_url()}comments.atom",
        "/",
    ):
        text = Client().get(path).content.decode()
        assert secret not in text
        assert "wren@example.org" not in text


# Out of public view ------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [State.REMOVED, State.SPAM])
def test_a_comment_that_goes_closes_its_case_and_undo_opens_it(
    approved: Comment, moderator: User, to: State, told: list[tuple[int, str]]
) -> None:
    reports.report(approved, reason="unkind")
    decision = moderation.move(approved, to, by=moderator, seen=Seen.of(approved))
    case = only_case()
    assert (case.outcome, case.by, case.closed_at) == (GONE, moderator, timezone.now())
    assert told == [(case.pk, GONE)]
    moderation.undo(decision, by=moderator)
    case.refresh_from_db()
    assert (case.outcome, case.by, case.closed_at) == (OPEN, None, None)


def test_an_edit_closes_the_case_for_good(approved: Comment, moderator: User) -> None:
    reports.report(approved, reason="unkind")
    posting.edit_comment(approved, body="Kinder words", visit=posting.Visit())
    assert (only_case().outcome, only_case().by) == (GONE, None)
    moderation.move(approved, State.APPROVED, by=moderator, seen=Seen(State.PENDING, 2))
    assert only_case().outcome == GONE


def test_what_was_let_stand_is_not_opened_by_an_undo(approved: Comment, moderator: User) -> None:
    reports.report(approved, reason="unkind")
    look(only_case(), moderator)
    decision = moderation.move(approved, State.REMOVED, by=moderator, seen=Seen.of(approved))
    moderation.undo(decision, by=moderator)
    assert only_case().outcome == STAYS


def test_a_refused_move_leaves_the_case_alone(approved: Comment, moderator: User) -> None:
    reports.report(approved, reason="unkind")
    with pytest.raises(moderation.MoveRefused):
        moderation.move(approved, State.REMOVED, by=moderator, seen=Seen(State.APPROVED, 7))
    assert only_case().outcome == OPEN


@pytest.mark.parametrize("to", [State.APPROVED, State.REMOVED])
def test_what_its_writer_takes_back_takes_the_reporters_words_along(article: Article, to: State) -> None:
    comment = make_comment(article)
    reports.report(comment, reason="about_me", note=f"They wrote “{comment.body}”")
    if to == State.REMOVED:
        moderation.move(comment, to, by=None, seen=Seen.of(comment))
    moderation.erase(comment)
    assert only_case().outcome == GONE
    assert Report.objects.get().note == ""


# The moderators' side ----------------------------------------------------------------------------


@pytest.fixture
def desk(moderator: User) -> Client:
    return signed_in(moderator)


def queue(desk: Client, path: str = "") -> str:
    response = desk.get(f"{QUEUE}{path}")
    assert response.status_code == 200
    return response.content.decode()


def looked_on(text: str) -> str:
    found = re.search(r'name="looked" value="([\d.]+)"', text)
    assert found
    return found[1]


def press_stays(desk: Client, comment: Comment, looked: str, **more: str) -> int:
    path = f"{QUEUE}{comment.public_id}/stays/"
    return desk.post(path, {"looked": looked, **more}).status_code


def test_the_queue_tells_of_reports_in_words(desk: Client, approved: Comment) -> None:
    assert "reported comment" not in queue(desk)
    reports.report(approved, reason="unkind", note="It made <b>me</b> cry.", network="a")
    reports.report(approved, reason="unkind", network="b")
    reports.report(approved, reason="advert", network="c")
    text = queue(desk)
    assert "1 reported comment waits for a look" in text
    assert f'id="card-{approved.public_id}"' not in text
    text = queue(desk, "?state=reported")
    assert "Reported (1)" in text
    assert "It hurts or insults somebody (2 reports)" in text
    assert "It advertises something</li>" in text
    assert "It made &lt;b&gt;me&lt;/b&gt; cry." in text
    buttons = re.findall(r">([^<>]+)</button>", text[text.index(" data-card=") :])
    assert buttons[:3] == ["Looked at, stays", "Remove…", "Spam"]


def test_stays_takes_it_off_the_list_and_changes_nothing_public(
    desk: Client, approved: Comment, moderator: User
) -> None:
    reports.report(approved, reason="unkind")
    looked = looked_on(queue(desk, "?state=reported"))
    before, logged = stamps(), Decision.objects.count()
    path = f"{QUEUE}{approved.public_id}/stays/"
    response = desk.post(path, {"looked": looked, "back": "state=reported&page=1"})
    assert response["Location"] == f"{QUEUE}{approved.public_id}/"
    assert "<strong>Looked at, stays</strong>: mo" in desk.get(response["Location"]).content.decode()
    assert (only_case().outcome, only_case().by) == (STAYS, moderator)
    assert "All done. No report is open." in queue(desk, "?state=reported")
    approved.refresh_from_db()
    assert approved.state == State.APPROVED
    assert moved(before) == set()
    assert Decision.objects.count() == logged


def test_the_script_gets_the_card_alone(desk: Client, approved: Comment) -> None:
    reports.report(approved, reason="unkind")
    path, looked = f"{QUEUE}{approved.public_id}/stays/", looked_on(queue(desk, "?state=reported"))
    response = desk.post(path, {"looked": looked}, headers={"X-Requested-With": "fetch"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in text
    assert '<p class="outcome"><strong>Looked at, stays</strong>' in text
    again = desk.post(path, {"looked": looked}, headers={"X-Requested-With": "fetch"})
    assert again.status_code == 409
    assert "mo looked at this meanwhile and let it stay." in again.content.decode()


def test_a_report_that_came_in_meanwhile_is_read_first(desk: Client, approved: Comment) -> None:
    reports.report(approved, reason="unkind", network="a")
    looked = looked_on(queue(desk, "?state=reported"))
    reports.report(approved, reason="about_me", network="b")
    assert press_stays(desk, approved, looked) == 409
    assert only_case().outcome == OPEN


def test_a_text_that_changed_meanwhile_is_not_let_stand(desk: Client, approved: Comment) -> None:
    reports.report(approved, reason="unkind")
    looked = looked_on(queue(desk, "?state=reported"))
    posting.edit_comment(approved, body="Much worse", visit=posting.Visit())
    response = desk.post(f"{QUEUE}{approved.public_id}/stays/", {"looked": looked})
    assert response.status_code == 409
    assert "This text is no longer shown." in response.content.decode()
    assert only_case().outcome == GONE


@pytest.mark.parametrize("looked", ["", "x", "0.0", "1", "99999999999999999999.1", "-1.1", "1.x"])
def test_nonsense_closes_nothing(desk: Client, approved: Comment, looked: str) -> None:
    reports.report(approved, reason="unkind")
    assert press_stays(desk, approved, looked) == 404
    assert only_case().outcome == OPEN


def test_a_case_of_another_comment_is_not_found(desk: Client, approved: Comment) -> None:
    reports.report(approved, reason="unkind")
    other = make_comment(approved.article)
    assert press_stays(desk, other, f"{only_case().pk}.1") == 404
    assert only_case().outcome == OPEN


def test_only_moderators_let_it_stand(client: Client, editor: User, approved: Comment) -> None:
    reports.report(approved, reason="unkind", note="Private words")
    looked = f"{only_case().pk}.1"
    assert press_stays(signed_in(editor), approved, looked) == 403
    assert press_stays(client, approved, looked) == 302
    assert signed_in(editor).get(f"{QUEUE}?state=reported").status_code == 403
    assert client.get(f"{QUEUE}{approved.public_id}/stays/").status_code == 405
    assert only_case().outcome == OPEN


def test_removing_from_the_reported_list_closes_the_case(desk: Client, approved: Comment) -> None:
    reports.report(approved, reason="unkind")
    text = queue(desk, "?state=reported")
    seen = re.search(r'name="seen" value="([\w.]+)"', text)
    assert seen
    path = f"{QUEUE}{approved.public_id}/decline/"
    assert desk.post(path, {"seen": seen[1], "reason": "unkind"}).status_code == 302
    assert only_case().outcome == GONE
    assert "No report is open" in queue(desk, "?state=reported")


def test_refusing_with_stale_eyes_raises(approved: Comment, moderator: User) -> None:
    reports.report(approved, reason="unkind")
    case = only_case()
    with pytest.raises(LookRefused, match="Another report"):
        reports.stays(case, by=moderator, reports_seen=0)
    look(case, moderator)
    with pytest.raises(LookRefused, match="meanwhile"):
        look(case, moderator)


def test_the_front_page_of_the_admin_tells_of_reports(desk: Client, editor: User, approved: Comment) -> None:
    reports.report(approved, reason="unkind")
    assert "<strong>1</strong> reported comment</a> waits for a look." in desk.get("/admin/").content.decode()
    assert "reported comment" not in signed_in(editor).get("/admin/").content.decode()


def test_the_queue_takes_the_same_queries_however_many_report(desk: Client, article: Article) -> None:
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            queue(desk, path)
        return len(captured)

    moderation.move(make_comment(article), State.PENDING, by=None, seen=Seen(State.APPROVED, 1))
    reports.report(make_comment(article), reason="unkind")
    few = count("?state=reported")
    for number in range(12):
        comment = make_comment(article)
        for network in "abc":
            reports.report(comment, reason="unkind", network=network, note=f"n{number}")
    assert count("?state=reported") == few


# Forgetting --------------------------------------------------------------------------------------


def test_networks_and_words_of_reports_are_forgotten(
    approved: Comment, moderator: User, clock: time_machine.Traveller
) -> None:
    other = make_comment(approved.article)
    for comment in (approved, other):
        reports.report(comment, reason="unkind", note="Words", network="n")
    look(Case.objects.get(comment=approved), moderator)
    clock.shift(timedelta(days=limits.NETWORK_DAYS + 1))
    housekeeping.forget_networks(older_than=timedelta(days=limits.NETWORK_DAYS))
    assert set(Report.objects.values_list("network", "note")) == {("", "Words")}
    clock.shift(timedelta(days=limits.REPORT_DAYS))
    assert housekeeping.forget_report_notes(older_than=timedelta(days=limits.REPORT_DAYS)) == 1
    assert Report.objects.get(case__comment=approved).note == ""
    assert Report.objects.get(case__comment=other).note == "Words"
