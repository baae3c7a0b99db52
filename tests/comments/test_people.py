"""People behind nicknames: who is one, what a typed address is worth, one's own page."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from articles.models import Article
from comments import delivery, moderation, notifications, people, posting
from comments.forms import AddressForm, CommentForm
from comments.models import Case, Comment, Commenter, Confirmation, Mail, Report, Subscription, Suppression
from comments.moderation import Seen
from comments.states import State
from comments.views.person import remembered
from fibroblog import limits
from fibroblog.addresses import normal
from fibroblog.models import ContactMessage
from tests.comments.letters import confirmed, paths_in, press, sent, whole_database
from tests.comments.test_public_views import address, fields
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db

WREN = "wren@example.org"


def write(client: Client, article: Article, **changes: str) -> Comment:
    known = set(Comment.objects.values_list("pk", flat=True))
    assert client.post(address(article), fields(article, **changes)).status_code == 302
    return Comment.objects.exclude(pk__in=known).get()


def own_page(person: Commenter) -> str:
    return "/" + notifications.own_page_of(person).split("/", 3)[3]


# Confirming --------------------------------------------------------------------------------------


def test_a_typed_address_is_nobody_until_its_owner_presses_the_button(
    client: Client, article: Article, moderator: User
) -> None:
    comment = write(client, article, email=" Wren@Example.org ", follows="on")
    assert not Commenter.objects.exists()
    letters = sent()
    assert [letter.to for letter in letters] == [[WREN]], "one confirmation, nothing else"
    link = paths_in(letters[0])[0]
    before = whole_database()
    scanner = Client()
    assert "Was this you?" in scanner.get(link).content.decode()
    assert scanner.head(link).status_code == 200
    assert whole_database() == before
    assert press(link) == 200
    person = Commenter.objects.get()
    comment.refresh_from_db()
    assert (person.email, comment.commenter, comment.email) == (WREN, person, "")
    assert Subscription.objects.get().commenter == person
    after = whole_database()
    assert press(link) == 410
    assert whole_database() == after


def test_an_unconfirmed_address_hears_of_nothing(client: Client, article: Article, moderator: User) -> None:
    comment = write(client, article, email=WREN, follows="on")
    assert len(sent()) == 1
    moderation.move(comment, State.APPROVED, by=moderator, seen=Seen.of(comment))
    make_comment(article, parent=comment)
    assert sent() == []


def test_what_the_same_browser_sent_under_the_address_is_confirmed_with_it(
    client: Client, article: Article
) -> None:
    mine = [write(client, article, email=WREN, body=f"Mine {number}") for number in range(3)]
    strangers = write(Client(), article, email=WREN, body="Not Wren's")
    letters = sent()
    assert len(letters) == 2, "one for each browser"
    press(paths_in(letters[0])[0])
    person = Commenter.objects.get()
    assert set(person.comments.all()) == set(mine)
    strangers.refresh_from_db()
    assert (strangers.commenter, strangers.email) == (None, WREN)


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        (State.APPROVED, "Your comment is published"),
        (State.DECLINED, "Your comment is not published"),
        (State.RETURNED, "Your comment: please change one thing"),
    ],
)
def test_who_confirms_after_the_decision_hears_of_it(
    client: Client, article: Article, moderator: User, to: State, subject: str
) -> None:
    comment = write(client, article, email=WREN)
    link = paths_in(sent()[0])[0]
    moderation.move(comment, to, by=moderator, seen=Seen.of(comment))
    assert sent() == []
    press(link)
    assert [letter.subject for letter in sent()] == [f"[Fibroblog] {subject}"]


def test_what_was_taken_back_or_done_by_the_system_is_no_news_to_who_confirms(
    client: Client, article: Article, moderator: User
) -> None:
    undone = write(client, article, email=WREN, body="Declined and undone")
    by_system = write(client, article, email=WREN, body="Shown by the system")
    link = paths_in(sent()[0])[0]
    decision = moderation.move(undone, State.DECLINED, by=moderator, seen=Seen.of(undone))
    moderation.undo(decision, by=moderator)
    moderation.move(by_system, State.APPROVED, by=None, seen=Seen.of(by_system))
    press(link)
    assert sent() == []


def test_who_confirms_late_hears_of_the_answers_and_nobody_hears_twice(
    client: Client, article: Article, moderator: User, clock: time_machine.Traveller
) -> None:
    robin = confirmed("robin@example.org", "Robin")
    people.follow(robin, article)
    comment = write(client, article, email=WREN)
    link = paths_in(sent()[0])[0]
    moderation.move(comment, State.APPROVED, by=None, seen=Seen.of(comment))
    answers = [make_comment(article, parent=comment) for _ in range(2)]
    make_comment(article, parent=comment, state=State.PENDING)
    make_comment(article, parent=comment, owner=comment.owner)
    make_comment(article, parent=answers[0])
    assert {letter.to[0] for letter in sent()} == {"robin@example.org"}
    robin.pace = Commenter.Pace.NEVER
    people.set_mail(robin)
    ancient = make_comment(article, parent=comment)
    Comment.objects.filter(pk=ancient.pk).update(
        shown_at=timezone.now() - timedelta(days=limits.MAIL_DAYS + 1)
    )
    robin.pace = Commenter.Pace.AT_ONCE
    people.set_mail(robin)
    press(link)
    letters = sent()
    assert [letter.to for letter in letters] == [[WREN]] * 2
    assert {path for letter in letters for path in paths_in(letter)} >= {
        answer.get_absolute_url() for answer in answers
    }


@pytest.mark.parametrize("is_sent", [True, False])
def test_the_link_holds_for_the_other_comments_when_the_first_is_withdrawn(
    client: Client, article: Article, is_sent: bool
) -> None:
    first = write(client, article, email=WREN, name="Jay", body="First")
    letters = sent() if is_sent else []
    other, third = (write(client, article, email=WREN, name="Wren", body=body) for body in ("Other", "Third"))
    strangers = write(Client(), article, email="robin@example.org", body="Not Wren's")
    moderation.withdraw(first)
    moderation.erase(other)
    letters += sent()
    (letter,) = (letter for letter in letters if letter.to == [WREN])
    link = paths_in(letter)[0]
    text = Client().get(link).content.decode()
    assert "Third" in text
    assert press(link) == 200
    person = Commenter.objects.get()
    assert (list(person.comments.all()), person.name) == ([third], "Wren")
    strangers.refresh_from_db()
    assert strangers.commenter is None


def test_the_link_goes_with_the_last_comment(client: Client, article: Article) -> None:
    comments = [write(client, article, email=WREN, body=f"Mine {number}") for number in range(2)]
    write(client, article, email="robin@example.org", body="The same browser, another address")
    link = paths_in(sent()[0])[0]
    for comment in comments:
        moderation.withdraw(comment)
    assert Client().get(link).status_code == 410
    assert not Confirmation.objects.filter(email=WREN).exists()


@pytest.mark.parametrize("state", [Mail.State.DROPPED, Mail.State.GIVEN_UP])
def test_whom_the_question_never_reached_is_asked_again(
    client: Client, article: Article, state: Mail.State
) -> None:
    write(client, article, email=WREN, body="First")
    Mail.objects.update(state=state)
    write(client, article, email=WREN, body="Second")
    write(client, article, email=WREN, body="Third")
    (letter,) = sent()
    press(paths_in(letter)[0])
    assert Commenter.objects.get().comments.count() == 3


def test_a_double_click_on_the_button_confirms_once(article: Article) -> None:
    asked = Confirmation.objects.create(email=WREN, name="Wren", article=article)
    people.confirm(Confirmation.objects.get(pk=asked.pk))
    with pytest.raises(Confirmation.DoesNotExist):
        people.confirm(asked)
    assert Commenter.objects.count() == Subscription.objects.count() == 1


def test_what_was_refused_a_moment_ago_makes_no_person(article: Article) -> None:
    asked = Confirmation.objects.create(email=WREN, name="Wren", article=article)
    people.refuse(Confirmation.objects.get(pk=asked.pk))
    with pytest.raises(Confirmation.DoesNotExist):
        people.confirm(asked)
    assert not Commenter.objects.exists()


def test_an_address_that_nobody_confirmed_is_forgotten(
    client: Client, article: Article, clock: time_machine.Traveller
) -> None:
    comment = write(client, article, email=WREN)
    clock.shift(timedelta(days=limits.CONFIRM_DAYS, seconds=1))
    people.forget_unconfirmed()
    comment.refresh_from_db()
    assert comment.email == ""
    assert not Confirmation.objects.exists()
    assert not Mail.objects.exists()


def test_after_a_report_the_way_leads_back_to_its_discussion(approved: Comment) -> None:
    case = Case.objects.create(comment=approved, revision=1)
    report = Report.objects.create(case=case, reason="other")
    people.ask_to_confirm(email=WREN, name="", network="n1", report=report)
    text = Client().post(paths_in(sent()[0])[0]).content.decode()
    assert f'href="{approved.article.get_absolute_url()}#comments"' in text
    report.refresh_from_db()
    assert report.commenter == Commenter.objects.get()


# Names -------------------------------------------------------------------------------------------


def is_held_for_its_name(client: Client, article: Article, name: str) -> bool:
    comment = write(client, article, name=name, body=f"{name} once more, {Comment.objects.count()}")
    return comment.verdicts.filter(reason="name_of_somebody").exists()


def test_a_name_taken_off_before_the_confirmation_is_nobodys(client: Client, article: Article) -> None:
    comment = write(client, article, email=WREN, name="Wren")
    link = paths_in(sent()[0])[0]
    posting.anonymise(comment)
    press(link)
    assert Commenter.objects.get().name == ""
    assert not is_held_for_its_name(Client(), article, "Anonymous")


def test_a_person_keeps_their_name_when_they_confirm_a_nameless_comment(article: Article) -> None:
    confirmed(name="Wren")
    person = confirmed(name="ANONYMOUS")
    assert (person.name, Commenter.objects.get().name) == ("Wren", "Wren")


@pytest.mark.parametrize("name", ["Anonymous", "anonymous", "ＡＮＯＮＹＭＯＵＳ"])
def test_whoever_signs_as_anonymous_is_taken_for_nobody(client: Client, article: Article, name: str) -> None:
    Commenter.objects.create(email=WREN, name="Anonymous")
    Commenter.objects.create(email="robin@example.org", name="")
    assert not is_held_for_its_name(client, article, name)


def test_a_name_is_free_again_once_its_person_took_it_off_their_last_comment(
    client: Client, article: Article
) -> None:
    person = confirmed(name="Wren")
    first, second = (make_comment(article, commenter=person, name=name) for name in ("Wren", "wren"))
    other = make_comment(article, commenter=person, name="Jay")
    posting.anonymise(first)
    posting.anonymise(other)
    assert is_held_for_its_name(Client(), article, "Wren")
    posting.anonymise(second)
    person.refresh_from_db()
    assert person.name == ""
    assert not is_held_for_its_name(Client(), article, "Wren")


# Caps --------------------------------------------------------------------------------------------


def ask(email: str, network: str, article: Article) -> bool:
    return people.ask_to_confirm(email=email, name="", network=network, article=article) is not None


def test_mails_are_capped_for_each_address(article: Article) -> None:
    asked = [
        ask(WREN, f"network {number}", article) for number in range(limits.CONFIRMATIONS_PER_ADDRESS + 3)
    ]
    assert asked.count(True) == limits.CONFIRMATIONS_PER_ADDRESS
    assert ask("robin@example.org", "another", article)


def test_mails_are_capped_for_each_sender(article: Article, clock: time_machine.Traveller) -> None:
    asked = [
        ask(f"bird{number}@example.org", "one", article)
        for number in range(limits.CONFIRMATIONS_PER_SENDER + 3)
    ]
    assert asked.count(True) == limits.CONFIRMATIONS_PER_SENDER
    clock.shift(timedelta(days=1))
    assert ask("again@example.org", "one", article)


def test_mails_are_capped_for_the_whole_site(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONFIRMATIONS_PER_DAY", 4)
    assert [ask(f"bird{n}@example.org", f"n{n}", article) for n in range(6)] == [True] * 4 + [False] * 2


def test_one_sender_cannot_use_up_the_mails_of_all_others(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CONFIRMATIONS_PER_DAY", 20)
    for number in range(60):
        ask(f"bird{number % 30}@example.org", "flood", article)
    assert ask("wren@example.org", "quiet", article)
    assert ask("bird29@example.org", "quiet", article), "nor those of an address that got none"


# Never again -------------------------------------------------------------------------------------


def test_whoever_refuses_is_never_asked_again_and_leaves_no_address(client: Client, article: Article) -> None:
    comment = write(client, article, email=WREN)
    refuse = paths_in(sent()[0])[1]
    assert press(refuse) == 200
    row = Suppression.objects.get()
    assert row.address == people.address_hash("WREN@example.org ")
    assert "wren" not in row.address
    comment.refresh_from_db()
    assert comment.email == ""
    assert not Confirmation.objects.exists()
    Client().post(f"{address(article)}follow/", {"email": "Wren@example.org"})
    write(Client(), article, email=WREN, body="Once more")
    assert sent() == []


def test_a_person_who_refuses_is_told_what_stays_and_how_it_goes(client: Client, article: Article) -> None:
    person = confirmed()
    write(client, article, email=WREN)
    refuse = paths_in(sent()[0])[1]
    text = client.post(refuse).content.decode()
    assert "Your address is deleted" not in text
    assert "your own page" in text
    person.refresh_from_db()
    assert person.pace == Commenter.Pace.NEVER


def test_whoever_wants_mail_again_is_asked_again(client: Client, article: Article, settings: Any) -> None:
    person = confirmed()
    Suppression.objects.create(address=people.address_hash("robin@example.org"))
    write(client, article, email=WREN)
    press(paths_in(sent()[0])[1])
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
    client.post(own_page(person), {"pace": "never"})
    assert Suppression.objects.count() == 2
    client.post(own_page(person), {"pace": "daily"})
    assert Suppression.objects.count() == 1, "Robin's"
    write(Client(), article, email=WREN, body="Once more")
    assert [letter.to for letter in sent()] == [[WREN]]


def test_a_question_that_waits_does_not_go_to_who_refused_meanwhile(article: Article) -> None:
    people.ask_to_confirm(email=WREN, name="", network="n1", article=article)
    Suppression.objects.create(address=people.address_hash(WREN))
    assert sent() == []


def test_the_answer_to_a_wish_to_follow_tells_nothing_of_the_address(
    client: Client, article: Article
) -> None:
    confirmed(WREN)
    Suppression.objects.create(address=people.address_hash("never@example.org"))
    answers = {
        Client().post(f"{address(article)}follow/", {"email": email}).content
        for email in (WREN, "never@example.org", "new@example.org")
    }
    assert len(answers) == 1


# Nobody can be taken for somebody else -----------------------------------------------------------


def test_typing_a_persons_name_and_address_proves_nothing(
    client: Client, article: Article, moderator: User
) -> None:
    person = confirmed()
    theirs = make_comment(article, commenter=person)
    comment = write(client, article, name="Wren", email=WREN, parent=theirs.public_id, follows="on")
    assert comment.commenter is None
    assert not Subscription.objects.exists()
    assert "Thank you." not in Client().get(own_page(person)).content.decode()
    moderation.move(comment, State.APPROVED, by=moderator, seen=Seen.of(comment))
    kinds = list(Mail.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["confirm", "reply"], "they are asked, and told as of any other answer; no decision"


def test_the_browsers_pass_proves_who_writes(client: Client, article: Article) -> None:
    person, other = confirmed(), confirmed("robin@example.org", "Robin")
    pass_, others = remembered(person)["again"], remembered(other)["again"]
    mine = write(client, article, email=WREN, again=pass_, follows="on")
    assert (mine.commenter, mine.email) == (person, "")
    assert Subscription.objects.get().commenter == person
    forged = write(Client(), article, email=WREN, again=others, body="By Robin's pass")
    bare = write(Client(), make_article(), again=pass_, body="Without the address")
    assert forged.commenter is bare.commenter is None
    people.renew_links(person)
    late = write(Client(), make_article(), email=WREN, again=pass_, body="With the old pass")
    assert late.commenter is None


def test_the_key_of_a_confirmed_browser_proves_who_writes(client: Client, article: Article) -> None:
    write(client, article, email=WREN)
    press(paths_in(sent()[0])[0])
    again = write(client, article, email=WREN, body="Again")
    assert again.commenter == Commenter.objects.get()
    elsewhere = write(client, article, email="robin@example.org", body="Under another address")
    assert elsewhere.commenter is None
    assert [letter.to for letter in sent()] == [["robin@example.org"]], "and no question to Wren"


@pytest.mark.parametrize("path", ["", "{}edit/", "{}withdraw/", "comments.atom"])
def test_no_page_of_others_holds_an_address(client: Client, article: Article, path: str) -> None:
    person = confirmed()
    comment = make_comment(article, commenter=person, name="Wren", email="typed@example.org")
    base = f"{article.get_absolute_url()}comments/{comment.public_id}/"
    target = path.format(base) if "{}" in path else article.get_absolute_url() + path
    text = Client().get(target).content.decode()
    assert "example.org" not in text
    assert "example.org" not in Client().get(base).content.decode()


# One's own page ----------------------------------------------------------------------------------


def test_the_answer_is_the_same_for_known_and_unknown_addresses() -> None:
    confirmed()
    known = Client().post("/my-comments/", {"email": "WREN@example.org "})
    unknown = Client().post("/my-comments/", {"email": "nobody@example.org"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    known_headers, unknown_headers = dict(known.headers), dict(unknown.headers)
    assert known_headers == unknown_headers
    assert [letter.to for letter in sent()] == [[WREN]]


def test_links_to_the_page_cannot_be_asked_for_without_end() -> None:
    confirmed()
    for _ in range(limits.OWN_PAGES_PER_ADDRESS):
        Client().post("/my-comments/", {"email": "nobody@example.org"})
    assert Client().post("/my-comments/", {"email": WREN}).status_code == 200
    assert sent() == []


def test_no_address_gets_links_to_its_page_without_end(clock: time_machine.Traveller) -> None:
    confirmed()
    for _ in range(limits.OWN_PAGES_PER_ADDRESS + 1):
        people.send_own_page(WREN)
        clock.shift(60)  # within one minute it is one mail anyway
    assert len(sent()) == limits.OWN_PAGES_PER_ADDRESS


def test_a_new_link_comes_also_when_the_old_was_asked_for_in_the_same_minute() -> None:
    person = confirmed()
    Client().post("/my-comments/", {"email": WREN})
    link = paths_in(sent()[0])[0]
    assert Client().post(f"{link}renew-links/").status_code == 200
    fresh = paths_in(sent()[0])[0]
    assert Client().get(link).status_code == 410
    assert Client().get(fresh).status_code == 200
    person.refresh_from_db()
    assert person.links == 2


def test_the_page_lists_what_is_theirs_and_nothing_else(
    client: Client, article: Article, moderator: User
) -> None:
    person, other = confirmed(), confirmed("robin@example.org", "Robin")
    for state in (State.PENDING, State.APPROVED, State.DECLINED, State.REMOVED, State.RETURNED):
        make_comment(article, state=state, commenter=person, body=f"Wren {state}")
    make_comment(article, commenter=other, body="By Robin")
    make_comment(article, email=WREN, body="Typed, not proved")
    text = client.get(own_page(person)).content.decode()
    assert all(
        f"Wren {state}" in text for state in ("pending", "approved", "declined", "removed", "returned")
    )
    assert "By Robin" not in text
    assert "not proved" not in text


def test_choosing_when_to_hear(client: Client) -> None:
    person = confirmed()
    answer = client.post(own_page(person), {"pace": "daily", "quiet_until": "2026-12-24"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.pace, str(person.quiet_until), person.hears_replies) == ("daily", "2026-12-24", False)


def test_a_wrong_day_changes_nothing_and_keeps_what_was_typed(client: Client) -> None:
    person = confirmed()
    answer = client.post(own_page(person), {"pace": "never", "quiet_until": "next <week>"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="next &lt;week&gt;"' in text
    assert "Enter a day like 2026-12-24" in text
    person.refresh_from_db()
    assert (person.pace, person.quiet_until) == ("at_once", None)


def test_quiet_is_not_for_ever(client: Client) -> None:
    person = confirmed()
    answer = client.post(own_page(person), {"pace": "daily", "quiet_until": "9999-12-31"})
    assert "Choose a day within two years." in answer.content.decode()
    person.refresh_from_db()
    assert person.quiet_until is None


def test_following_ends_on_the_page(client: Client, article: Article) -> None:
    person, other = confirmed(), confirmed("robin@example.org", "Robin")
    people.follow(person, article)
    people.follow(other, article)
    theirs, others = Subscription.objects.order_by("pk")
    assert client.post(f"{own_page(person)}unfollow/{others.pk}/").status_code == 404
    assert client.post(f"{own_page(person)}unfollow/{theirs.pk}/").status_code == 302
    assert list(Subscription.objects.all()) == [others]


def test_the_export_is_whole_and_holds_nothing_of_others(
    client: Client, article: Article, moderator: User
) -> None:
    person = confirmed()
    people.follow(person, article)
    parent = make_comment(article, body="Somebody else's words", name="Robin")
    comment = make_comment(
        article, state=State.PENDING, parent=parent, commenter=person, name="Wren", body="My words"
    )
    moderation.move(
        comment,
        State.DECLINED,
        by=moderator,
        seen=Seen.of(comment),
        reason="advice",
        note="A note to Wren",
    )
    answer = client.get(f"{own_page(person)}my-comments.json")
    assert "attachment" in answer["Content-Disposition"]
    content = json.loads(answer.content)
    assert (content["address"], content["name"]) == (WREN, "Wren")
    assert content["mail"]["follows"] == [f"http://testserver{article.get_absolute_url()}"]
    (row,) = content["comments"]
    assert (row["text"], row["state"], row["decisions"][0]["note"]) == (
        "My words",
        "declined",
        "A note to Wren",
    )
    text = answer.content.decode()
    assert "Somebody else" not in text
    assert "Robin" not in text
    assert "mo@example.org" not in text


def test_from_the_page_comments_are_withdrawn_changed_and_made_nameless(
    client: Client, article: Article
) -> None:
    person = confirmed()
    token = own_page(person).split("/")[-2]
    named, gone, edited = (make_comment(article, commenter=person, name="Wren") for _ in range(3))
    others = make_comment(article, name="Robin")
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{gone.get_absolute_url()}withdraw/?as={token}").status_code == 403
    for comment, what, form in (
        (named, "anonymous", {}),
        (gone, "withdraw", {}),
        (edited, "edit", {"body": "Better", "do": "Save"}),
    ):
        path = f"{comment.get_absolute_url()}{what}/?as={token}"
        assert client.get(path).status_code == 200
        assert client.post(path, form).status_code in {200, 302}
        assert client.post(f"{others.get_absolute_url()}{what}/?as={token}", form).status_code == 404
    for comment in (named, gone, edited, others):
        comment.refresh_from_db()
    assert (named.name, gone.state, edited.body, others.name) == (
        "Anonymous",
        State.WITHDRAWN,
        "Better",
        "Robin",
    )


def test_erasing_takes_everything_and_leaves_the_others(client: Client, article: Article) -> None:
    person, other = confirmed(), confirmed("robin@example.org", "Robin")
    make_comment(article, commenter=person, body="Mine")
    kept = make_comment(article, commenter=other, body="Theirs")
    ContactMessage.objects.create(name="Wren", email="WREN@example.org", body="Hello")
    path = f"{own_page(person)}erase/"
    assert "Erase everything of yours?" in client.get(path).content.decode()
    assert "is erased" in client.post(path).content.decode()
    assert client.post(path).status_code == 410
    assert list(Commenter.objects.all()) == [other]
    assert not Comment.objects.filter(body="Mine").exists()
    assert not ContactMessage.objects.exists()
    kept.refresh_from_db()
    assert (kept.body, kept.commenter) == ("Theirs", other)


def test_what_can_no_longer_be_changed_can_still_be_withdrawn_from_the_page(
    client: Client, article: Article
) -> None:
    person = confirmed()
    comment = make_comment(article, state=State.DECLINED, commenter=person)
    token = own_page(person).split("/")[-2]
    text = client.get(f"{comment.get_absolute_url()}edit/?as={token}").content.decode()
    assert f'href="{comment.get_absolute_url()}withdraw/?as={token}"' in text


# How an address is written -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        '"\x1c\x1cBuy:"@example.org',
        '"a\x0b.:b"@example.org',
        '"wren"@example.org',
        "wren\n@example.org",
        "wren@example.org\r\nBcc: robin@example.org",
        f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.org",
    ],
)
def test_an_address_that_could_break_a_mail_is_not_taken(article: Article, typed: str) -> None:
    assert "email" in AddressForm({"email": typed}).errors
    assert "email" in CommentForm(fields(article, email=typed), article=article).errors


def test_the_same_address_is_the_same_person_however_it_is_typed() -> None:
    assert normal(" Wren@Exämple.org") == normal("wren@xn--exmple-cua.org") == "wren@xn--exmple-cua.org"
    person = confirmed(normal("wren@exämple.org"))
    assert Commenter.objects.at("WREN@EXÄMPLE.ORG") == person


def test_mail_never_names_a_visitor(client: Client, article: Article) -> None:
    write(client, article, name="Marker Name", email=WREN, body="Marker body")
    delivery.deliver()
    (letter,) = mail.outbox
    assert "Marker" not in letter.message().as_string()
