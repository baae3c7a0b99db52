"""What moderators decide about a person holds everywhere, ends by itself when dated, and never shuts out a cry for help."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.utils import timezone

from articles.models import Article
from comments import measures, moderation, ownership, people, posting, refusals, remarks, tokens
from comments.measures import MeasureRefused
from comments.models import Comment, Commenter, Decision, Measure, Remark, Report
from comments.moderation import Seen
from comments.posting import Visit
from comments.reasons import Reason
from comments.states import State
from fibroblog import limits, tidy
from fibroblog.visit import keyed_hash, network_of
from tests.conftest import signed_in
from tests.factories import make_article, make_comment, post

pytestmark = pytest.mark.django_db
HOLD, PAUSE, BLOCK = Measure.Kind.HOLD, Measure.Kind.PAUSE, Measure.Kind.BLOCK
RISKY = "I want to kill myself."
GUEST = Visit(network="n1", key="k" * 30)


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


@pytest.fixture
def person() -> Commenter:
    return Commenter.objects.create(email="ada@example.org", name="Ada")


@pytest.fixture
def theirs(article: Article, person: Commenter) -> Comment:
    return make_comment(article, commenter=person, owner=ownership.hash_of("ada-key"), network="n9")


@pytest.fixture
def guests(article: Article) -> Comment:
    return post(article, visit=GUEST)


def write(article: Article, visit: Visit, body: str = "Something quite new.", email: str = "") -> Comment:
    return posting.post_comment(article=article, visit=visit, name="Bo", body=body, email=email).comment


def reasons_of(comment: Comment) -> set[str]:
    return set(comment.verdicts.values_list("reason", flat=True))


@pytest.mark.parametrize("kind", [PAUSE, BLOCK])
def test_a_guest_is_refused_by_browser_and_by_network(
    guests: Comment, moderator: User, kind: Measure.Kind
) -> None:
    measures.impose(guests, kind, why="Raids.", until=tomorrow(), by=moderator)
    other = make_article()
    for visit in (GUEST, Visit(network="n1"), Visit(network="n2", key=GUEST.key)):
        with pytest.raises(refusals.Turned, match="you can write again after"):
            write(other, visit)
    assert write(other, Visit(network="n2", key="other")).state == State.PENDING


def test_a_blocked_person_is_refused_wherever_they_come_from(
    theirs: Comment, person: Commenter, moderator: User
) -> None:
    measures.impose(theirs, BLOCK, why="Threats.", by=moderator)
    before = Comment.objects.count()
    with pytest.raises(refusals.Turned, match="not to take comments"):
        write(theirs.article, Visit(network="elsewhere", key="ada-key"), email="Ada@Example.org")
    assert Comment.objects.count() == before


def test_a_typed_address_only_makes_a_comment_wait(
    theirs: Comment, article: Article, moderator: User
) -> None:
    measures.impose(theirs, BLOCK, why="Threats.", by=moderator)
    sent = write(article, Visit(network="n3"), email="ada@example.org")
    assert sent.state == State.PENDING
    assert "typed_address_of_somebody" in reasons_of(sent)


def test_a_held_person_waits_with_a_reason(guests: Comment, article: Article, moderator: User) -> None:
    measures.impose(guests, HOLD, why="Quarrels.", until=tomorrow(), by=moderator)
    sent = write(article, GUEST)
    assert (sent.state, reasons_of(sent)) == (State.PENDING, {"held_person"})


def test_a_block_takes_what_waits_but_nobody_at_risk(
    article: Article, guests: Comment, moderator: User
) -> None:
    second = write(article, GUEST, "Another one of mine.")
    cry = write(article, GUEST, RISKY)
    neighbour = write(article, Visit(network="n2", key="other"))
    measures.impose(guests, BLOCK, why="Raids.", until=tomorrow(), by=moderator)
    states = {one.pk: State(one.state) for one in Comment.objects.all()}
    assert states[guests.pk] == states[second.pk] == State.SPAM
    assert states[cry.pk] == states[neighbour.pk] == State.PENDING
    assert set(Decision.objects.filter(to=State.SPAM).values_list("by", "reason")) == {
        (moderator.pk, Reason.BLOCKED)
    }


def test_a_cry_for_help_gets_in_whatever_was_decided(
    article: Article, guests: Comment, moderator: User
) -> None:
    measures.impose(guests, BLOCK, why="Raids.", until=tomorrow(), by=moderator)
    sent = write(article, GUEST, RISKY)
    assert (sent.state, sent.at_risk) == (State.PENDING, True)
    assert "refused_but_at_risk" in reasons_of(sent)


def test_it_ends_by_itself(
    article: Article, guests: Comment, moderator: User, clock: time_machine.Traveller
) -> None:
    measures.impose(guests, PAUSE, why="Heat.", until=tomorrow(), by=moderator)
    clock.shift(timedelta(days=1, seconds=1))
    assert not measures.against(guests).exists()
    assert write(article, GUEST).state == State.PENDING


def test_a_moderator_ends_it_once(article: Article, guests: Comment, moderator: User) -> None:
    measure = measures.impose(guests, PAUSE, why="Heat.", until=tomorrow(), by=moderator)
    measures.end(measure, by=moderator)
    measures.end(measure, by=moderator)
    assert write(article, GUEST).state == State.PENDING
    entries = Decision.log.filter(what=Decision.What.PERSON).order_by("pk")
    assert [(one.by, one.about) for one in entries] == [(moderator, measure.pk)] * 2
    assert [one.to for one in entries] == [measure.in_words, "ended"]


def test_the_strictest_counts(article: Article, guests: Comment, moderator: User) -> None:
    for kind in (HOLD, BLOCK, PAUSE):
        measures.impose(guests, kind, why="Raids.", until=tomorrow(), by=moderator)
    with pytest.raises(refusals.Turned):
        write(article, GUEST)
    assert [one.kind for one in measures.against(guests)] == [BLOCK, PAUSE, HOLD]


def test_a_new_one_takes_the_place_of_its_like(guests: Comment, moderator: User) -> None:
    first = measures.impose(guests, PAUSE, why="Heat.", until=tomorrow(), by=moderator)
    longer = tomorrow() + timedelta(days=2)
    second = measures.impose(guests, PAUSE, why="More heat.", until=longer, by=moderator)
    assert list(measures.against(guests)) == [second]
    first.refresh_from_db()
    assert first.ended_by == moderator


def test_it_outlives_an_erasure(theirs: Comment, person: Commenter, moderator: User) -> None:
    measures.impose(theirs, BLOCK, why="Threats.", by=moderator)
    remarks.note_on_person(person, "Wrote threats.", by=moderator)
    people.erase(person)
    assert not Remark.objects.exists()
    again = Commenter.objects.create(email="ada@example.org", name="Ada")
    back = make_comment(theirs.article, commenter=again, owner=ownership.hash_of("new-key"))
    with pytest.raises(refusals.Turned):
        write(back.article, Visit(network="n5", key="new-key"), email="ada@example.org")
    assert "ada@example.org" not in str(list(Measure.objects.values_list()))


def test_editing_and_resubmitting_are_refused_too(article: Article, guests: Comment, moderator: User) -> None:
    moderation.move(guests, State.RETURNED, by=moderator, seen=Seen.of(guests), reason="unkind")
    measures.impose(guests, PAUSE, why="Heat.", until=tomorrow(), by=moderator)
    body = guests.body
    with pytest.raises(refusals.Turned):
        posting.edit_comment(guests, body="Better words.", visit=Visit(network="from-a-mail"))
    guests.refresh_from_db()
    assert (guests.body, guests.state) == (body, State.RETURNED)


def test_reports_are_refused_and_nothing_is_lost(client: Client, article: Article, moderator: User) -> None:
    network = keyed_hash("network", "127.0.0.1")
    measures.impose(
        post(article, visit=Visit(network=network)), BLOCK, why="Raids.", until=tomorrow(), by=moderator
    )
    shown = make_comment(article)
    page = f"/articles/{article.slug}/comments/{shown.public_id}/report/"
    answer = client.post(page, {"reason": "unkind", "note": "It hurt me.", "email": "", "website": ""})
    assert answer.status_code == 403
    assert "It hurt me." in answer.content.decode()
    assert "you can write again after" in answer.content.decode()
    assert not shown.cases.exists()


def test_the_form_keeps_the_text_of_who_is_refused(client: Client, article: Article, moderator: User) -> None:
    network = keyed_hash("network", "127.0.0.1")
    measures.impose(
        post(article, visit=Visit(network=network)), BLOCK, why="Raids.", until=tomorrow(), by=moderator
    )
    sent = {"name": "Bo", "body": "Long and dear words.", "email": "", "website": ""}
    answer = client.post(f"/articles/{article.slug}/comments/", sent)
    assert answer.status_code == 403
    assert "Long and dear words." in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "days", "why", "sentence"),
    [
        (BLOCK, None, "Raids.", "Choose a day within 7 days"),
        (BLOCK, limits.GUEST_MEASURE_DAYS + 1, "Raids.", "Choose a day within 7 days"),
        (PAUSE, None, "Raids.", "needs its last day"),
        (HOLD, -1, "Raids.", "still to come"),
        (HOLD, 1, "  ", "Say why"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    guests: Comment, moderator: User, kind: Measure.Kind, days: int | None, why: str, sentence: str
) -> None:
    until = None if days is None else timezone.now() + timedelta(days=days)
    with pytest.raises(MeasureRefused, match=sentence):
        measures.impose(guests, kind, why=why, until=until, by=moderator)
    assert not Measure.objects.exists()
    assert not Decision.log.filter(what=Decision.What.PERSON).exists()


def test_nobody_decides_about_the_staff_or_about_nobody(article: Article, moderator: User) -> None:
    staff = posting.post_as_staff(article=article, by=moderator, name="Mo", body="Hello.", badge="moderator")
    for comment, sentence in ((staff, "people who run the blog"), (make_comment(article), "Nothing is left")):
        with pytest.raises(MeasureRefused, match=sentence):
            measures.impose(comment, BLOCK, why="Raids.", until=tomorrow(), by=moderator)


def test_a_moderator_decides_and_ends_it_on_the_senders_page(theirs: Comment, moderator: User) -> None:
    client = signed_in(moderator)
    page = f"/admin/comments/queue/{theirs.public_id}/sender/"
    wrong = client.post(page, {"kind": "pause", "until": "", "why": "Too much heat."})
    assert wrong.status_code == 422
    assert "needs its last day" in wrong.content.decode()
    assert "Too much heat." in wrong.content.decode()
    day = (timezone.localtime() + timedelta(days=3)).date()
    assert client.post(page, {"kind": "pause", "until": str(day), "why": "Too much heat."}).status_code == 302
    measure = Measure.objects.get()
    assert timezone.localtime(measure.until).date() == day
    for address in (page, "/admin/comments/measures/"):
        assert "Too much heat." in client.get(address).content.decode()
    client.post(f"/admin/comments/measures/{measure.pk}/end/", {"back": theirs.public_id})
    assert "Nobody is held" in client.get("/admin/comments/measures/").content.decode()


def test_a_note_is_kept_with_the_person(theirs: Comment, moderator: User) -> None:
    client = signed_in(moderator)
    page = f"/admin/comments/queue/{theirs.public_id}/sender/"
    assert client.post(f"{page}note/", {"text": " "}).status_code == 422
    client.post(f"{page}note/", {"text": "Means well, <b>types</b> fast."})
    assert "Means well, &lt;b&gt;types&lt;/b&gt; fast." in client.get(page).content.decode()


def test_the_page_of_a_guest_says_that_others_may_share_it(guests: Comment, moderator: User) -> None:
    page = signed_in(moderator).get(f"/admin/comments/queue/{guests.public_id}/sender/").content.decode()
    assert "a network that others may share" in page
    assert "A block takes 1 waiting comment to" in page


def test_a_blocked_person_without_their_address_is_refused_on_the_same_network(
    theirs: Comment, moderator: User, clock: time_machine.Traveller
) -> None:
    """Also with the cookie deleted, and on another post."""
    measures.impose(theirs, BLOCK, why="Insults.", by=moderator)
    for article in (theirs.article, make_article()):
        with pytest.raises(refusals.Turned):
            write(article, Visit(network="n9"))
    assert Comment.objects.count() == 1
    assert write(make_article(), Visit(network="n8")).state == State.PENDING
    clock.shift(timedelta(days=limits.GUEST_MEASURE_DAYS))
    assert write(theirs.article, Visit(network="n9")).state == State.PENDING


def test_a_blocked_person_is_known_by_what_their_browser_keeps(
    theirs: Comment, person: Commenter, moderator: User
) -> None:
    measures.impose(theirs, BLOCK, why="Insults.", by=moderator)
    again = tokens.sign(tokens.Action.WRITE, about=person.pk, revision=person.links, holds=timedelta(days=1))
    with pytest.raises(refusals.Turned):
        write(make_article(), Visit(network="elsewhere", again=again))
    people.renew_links(person)
    mine = write(make_article(), Visit(network="elsewhere", again=again))
    assert mine.commenter is None


def test_another_confirmed_person_on_that_network_is_not_met(theirs: Comment, moderator: User) -> None:
    measures.impose(theirs, BLOCK, why="Insults.", by=moderator)
    eve = Commenter.objects.create(email="eve@example.org", name="Eve")
    article = make_article()
    make_comment(article, commenter=eve, owner=ownership.hash_of("e" * 30))
    comment = write(article, Visit(network="n9", key="e" * 30), email="eve@example.org")
    assert (comment.state, comment.commenter) == (State.PENDING, eve)


def test_a_blocked_person_cannot_report_on_the_same_network(
    client: Client, theirs: Comment, person: Commenter, moderator: User
) -> None:
    Comment.objects.filter(pk=theirs.pk).update(network=network_of(RequestFactory().get("/")))
    theirs.refresh_from_db()
    measures.impose(theirs, BLOCK, why="Insults.", by=moderator)
    other = make_comment(make_article())
    path = f"/articles/{other.article.slug}/comments/{other.public_id}/report/"
    assert client.post(path, {"reason": "other"}).status_code == 403
    assert not Report.objects.exists()


def test_a_second_block_takes_the_place_of_the_first_whatever_the_network(
    theirs: Comment, person: Commenter, moderator: User
) -> None:
    measures.impose(theirs, BLOCK, why="Insults.", by=moderator)
    later = make_comment(make_article(), commenter=person, network="n10")
    measure = measures.impose(later, BLOCK, why="Again.", by=moderator)
    assert list(Measure.objects.in_force()) == [measure]


def test_what_a_measure_knew_somebody_by_is_forgotten(
    theirs: Comment, guests: Comment, moderator: User, clock: time_machine.Traveller
) -> None:
    measures.impose(theirs, BLOCK, why="Insults.", by=moderator)
    measures.impose(guests, PAUSE, why="Raid.", until=tomorrow(), by=moderator)
    ended = measures.impose(theirs, HOLD, why="Once more.", by=moderator)
    measures.end(ended, by=moderator)
    clock.shift(timedelta(days=limits.NETWORK_DAYS))
    tidy.tidy()
    assert Measure.objects.filter(kind=PAUSE).exists()
    clock.shift(timedelta(days=1, seconds=1))
    logged = Decision.log.count()
    tidy.tidy()
    (left,) = Measure.objects.all()
    assert (left.kind, left.network) == (BLOCK, "")
    assert left.address != ""
    assert Decision.log.count() == logged
