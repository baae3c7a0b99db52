"""Links in moderators' mail that decide: for one moderator, one decision, one text, not for long, and by a button."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.models import Article
from comments import desk_links, desk_mail, moderation, posting, remarks
from comments.models import Comment, Decision, DeskMail, Mail
from comments.moderation import Seen
from comments.posting import Visit
from comments.states import State
from fibroblog import limits
from tests.comments.letters import confirmed, paths_in, sent, to, whole_database
from tests.comments.test_tokens import forgeries
from tests.conftest import signed_in
from tests.factories import make_article, make_comment, post

pytestmark = pytest.mark.django_db
MO = "mo@example.org"


@pytest.fixture(autouse=True)
def chose_words(request: pytest.FixtureRequest) -> None:
    """The moderators here chose mail with the comments' words."""
    for name in {"moderator", "other_moderator"} & set(request.fixturenames):
        desk_mail.choose(DeskMail(user=request.getfixturevalue(name), pace="at_once", with_text=True))


def link(comment: Comment, do: str, by: User) -> str:
    return desk_links.to_decide(comment, do, by=by)


def press(path: str) -> Any:
    """As somebody without any cookie."""
    return Client(enforce_csrf_checks=True).post(path)


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


@pytest.mark.parametrize(
    ("place", "title", "button", "to_state"),
    [
        (0, "Approve this comment?", "Approve", "approved"),
        (1, "Is this comment spam?", "Yes, it is spam", "spam"),
    ],
)
def test_a_link_from_the_mail_shows_the_comment_and_one_button(
    article: Article, moderator: User, place: int, title: str, button: str, to_state: str
) -> None:
    parent = make_comment(article, body="The words above.")
    comment = post(
        article, parent=parent, body="Kind words https://a.example https://b.example https://c.example"
    )
    (letter,) = to(MO, sent())
    path = paths_in(letter)[place]
    page = Client().get(path)
    html = page.content.decode()
    assert f"<h1>{title}</h1>" in html
    assert html.count("<button") == 1
    assert f">{button}</button>" in html
    for words in (
        "Kind words",
        "The words above.",
        "3 links",
        comment.name,
        f"You decide as {moderator.username}",
    ):
        assert words in html
    assert 'name="robots" content="noindex"' in html
    assert "no-store" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert not page.cookies
    done = press(path)
    assert done.status_code == 200
    assert f"Done: {to_state}" in done.content.decode()
    decision = Decision.objects.get(comment=comment)
    assert (decision.by, decision.to) == (moderator, to_state)


def test_words_above_it_of_who_may_be_at_risk_are_folded(article: Article, moderator: User) -> None:
    parent = make_comment(article, body="The dark words above.")
    Comment.objects.filter(pk=parent.pk).update(at_risk=True)  # let through after its checklist
    post(article, parent=parent, body="Kind words")
    (letter,) = to(MO, sent())
    html = Client().get(paths_in(letter)[0]).content.decode()
    before, _, after = html.partition("Someone may be at risk: read it when you are ready</summary>")
    assert "The dark words above." in after.partition("</details>")[0]
    assert "The dark words above." not in before


def test_looking_changes_nothing(pending: Comment, moderator: User) -> None:
    path = link(pending, "approve", moderator)
    before = whole_database()
    for _ in range(2):
        assert Client().get(path).status_code == 200
        assert Client().head(path).status_code == 200
        assert Client().put(path).status_code == 405
    assert whole_database() == before


def test_a_second_press_is_as_good_as_one(article: Article, moderator: User) -> None:
    wren = confirmed()
    comment = make_comment(article, state=State.PENDING, commenter=wren)
    path = link(comment, "approve", moderator)
    for _ in range(3):
        assert press(path).status_code == 200
    assert "You decided this, mo" in Client().get(path).content.decode()
    assert Decision.objects.filter(comment=comment).count() == 1
    assert len(to("wren@example.org", sent())) == 1


def test_the_other_button_after_one_was_pressed_says_so(pending: Comment, moderator: User) -> None:
    press(link(pending, "approve", moderator))
    spam = link(pending, "spam", moderator)
    answer = press(spam)
    assert answer.status_code == 409
    assert "mo changed this to “Approved” just now." in answer.content.decode()
    assert state_of(pending) == State.APPROVED


def test_decided_meanwhile_it_says_by_whom_and_offers_the_queue(
    pending: Comment, moderator: User, other_moderator: User, clock: time_machine.Traveller
) -> None:
    path = link(pending, "approve", moderator)
    moderation.move(pending, State.SPAM, by=other_moderator, seen=Seen.of(pending))
    clock.shift(timedelta(minutes=5))
    before = whole_database()
    for answer, status in ((Client().get(path), 200), (press(path), 409)):
        html = answer.content.decode()
        assert answer.status_code == status
        assert "maz changed this to “Spam” 5 minutes ago." in html
        assert "<button" not in html
        assert "/admin/comments/queue/" in html
    assert whole_database() == before


def test_a_changed_text_needs_another_look(pending: Comment, moderator: User) -> None:
    path = link(pending, "approve", moderator)
    posting.edit_comment(pending, body="Something else entirely.", visit=Visit(nudged=True))
    for answer in (Client().get(path), press(path)):
        assert "Its writer changed this comment meanwhile" in answer.content.decode()
    assert state_of(pending) == State.PENDING


def test_taken_back_it_is_not_made_again_by_the_old_link(
    pending: Comment, moderator: User, other_moderator: User
) -> None:
    path = link(pending, "approve", moderator)
    press(path)
    moderation.undo(Decision.objects.get(), by=other_moderator)
    for answer, status in ((Client().get(path), 200), (press(path), 409)):
        assert answer.status_code == status
        assert "maz changed this to “Waiting" in answer.content.decode()
    assert state_of(pending) == State.PENDING


def test_a_reply_to_what_waits_is_refused_in_words(
    article: Article, pending: Comment, moderator: User
) -> None:
    reply = make_comment(article, state=State.PENDING, parent=pending)
    answer = press(link(reply, "approve", moderator))
    assert answer.status_code == 409
    assert "Decide on that one first" in answer.content.decode()


def test_what_its_writer_withdrew_or_the_site_deleted_is_not_shown(
    article: Article, pending: Comment, moderator: User
) -> None:
    path = link(pending, "approve", moderator)
    words = pending.body
    moderation.withdraw(pending)
    answer = press(path)
    assert answer.status_code == 409
    assert words not in answer.content.decode()
    article.delete()
    assert press(path).status_code == 410


# Not enough by itself ------------------------------------------------------------------------------


def test_who_may_be_at_risk_is_never_decided_on_by_a_link(pending: Comment, moderator: User) -> None:
    path = link(pending, "approve", moderator)
    Comment.objects.update(at_risk=True)
    for answer in (Client().get(path), press(path)):
        assert answer.status_code == 302
        assert answer["Location"] == f"/admin/comments/queue/{pending.public_id}/"
    assert state_of(pending) == State.PENDING


@pytest.mark.parametrize("how", ["setting", "device"])
def test_with_a_second_step_one_has_to_sign_in(
    article: Article, moderator: User, settings: Any, how: str
) -> None:
    desk_mail.choose(DeskMail(user=moderator, pace="at_once"))
    comment = post(article)
    older = link(comment, "approve", moderator)
    if how == "setting":
        settings.STAFF_SECOND_FACTOR = True
    else:
        TOTPDevice.objects.create(user=moderator, confirmed=True)
    (letter,) = sent()
    assert "/mail/desk/" not in letter.body
    assert "pass this mail on" not in letter.body
    assert f"/admin/comments/queue/{comment.public_id}/" in paths_in(letter)
    for answer in (Client().get(older), press(older), signed_in(moderator).post(older)):
        assert answer.status_code == 302
    assert state_of(comment) == State.PENDING


# Forged, swapped, too late, without right ----------------------------------------------------------


def test_swapped_parts_open_nothing(
    article: Article, pending: Comment, moderator: User, other_moderator: User
) -> None:
    other = make_comment(article, state=State.PENDING)
    right = link(pending, "approve", moderator)
    _, _, _, do, who, token, _ = right.split("/")
    number, revision, until, signature = token.split(".")
    forged = [
        f"/mail/desk/spam/{who}/{token}/",
        f"/mail/desk/decline/{who}/{token}/",
        f"/mail/desk/{do}/{other_moderator.pk}/{token}/",
        f"/mail/desk/{do}/{10**12}/{token}/",
        f"/mail/desk/{do}/{who}/{other.pk}.{revision}.{until}.{signature}/",
        f"/mail/desk/{do}/{who}/{number}.2.{until}.{signature}/",
        f"/mail/desk/{do}/{who}/{number}.{revision}.{int(until) + 9}.{signature}/",
        f"/mail/desk/{do}/{who}/{link(other, do, moderator).split('/')[-2].rpartition('.')[0]}.{signature}/",
        *(f"/mail/desk/{do}/{who}/{text}/" for text in list(forgeries(token))[::41] if text.isalnum()),
    ]
    before = whole_database()
    for path in forged:
        for answer in (Client().get(path), Client().head(path), press(path)):
            assert answer.status_code in {404, 410}, path
            assert pending.body not in answer.content.decode()
    assert whole_database() == before
    assert press(right).status_code == 200


@pytest.mark.parametrize("how", ["group", "inactive", "staff", "password", "deleted"])
def test_a_moderator_whose_rights_are_gone_is_refused(pending: Comment, moderator: User, how: str) -> None:
    path = link(pending, "approve", moderator)
    if how == "group":
        moderator.groups.clear()
    elif how == "password":
        moderator.set_password("another long password")
        moderator.save()
    elif how == "deleted":
        moderator.delete()
    else:
        User.objects.update(**({"is_active": False} if how == "inactive" else {"is_staff": False}))
    for answer in (Client().get(path), press(path)):
        assert answer.status_code == 410
        assert pending.body not in answer.content.decode()
    assert state_of(pending) == State.PENDING


def test_it_ends_on_its_second(pending: Comment, moderator: User, clock: time_machine.Traveller) -> None:
    path = link(pending, "approve", moderator)
    clock.shift(timedelta(hours=limits.DESK_LINK_HOURS) - timedelta(seconds=1))
    assert Client().get(path).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert press(path).status_code == 410
    assert state_of(pending) == State.PENDING


def test_no_other_site_can_press_the_button(pending: Comment, moderator: User) -> None:
    path = link(pending, "approve", moderator)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert Client(headers=headers).post(path).status_code == 403
    assert state_of(pending) == State.PENDING


def test_a_title_and_a_name_stay_text(moderator: User) -> None:
    article = make_article(title="<script>alert(1)</script>")
    comment = make_comment(article, state=State.PENDING, name="<img src=x>", body="<b>bold</b>")
    html = Client().get(link(comment, "approve", moderator)).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert "<b>bold" not in html


def test_each_moderator_gets_links_of_their_own(
    article: Article, moderator: User, other_moderator: User
) -> None:
    comment = post(article)
    letters = sent()
    mine, hers = paths_in(to(MO, letters)[0])[0], paths_in(to("maz@example.org", letters)[0])[0]
    assert press(hers).status_code == 200
    assert press(mine).status_code == 409
    assert Decision.objects.get(comment=comment).by == other_moderator
    assert Mail.objects.filter(comment=comment).count() == 2


def test_without_the_words_in_the_mail_the_page_has_none_before_one_signs_in(
    pending: Comment, moderator: User
) -> None:
    desk_mail.choose(DeskMail(user=moderator, pace="at_once", with_text=False))
    path = link(pending, "approve", moderator)
    html = Client().get(path).content.decode()
    assert pending.article.title in html
    assert "waits since" in html
    assert f"/admin/comments/queue/{pending.public_id}/" in html
    for hidden in (pending.html, pending.body, pending.name, "<button"):
        assert hidden not in html
    before = whole_database()
    assert press(path).status_code == 409
    assert whole_database() == before
    assert pending.html in signed_in(moderator).get(path).content.decode()
    assert signed_in(moderator).post(path).status_code == 200
    assert state_of(pending) == State.APPROVED


def test_somebody_else_who_is_signed_in_reads_nothing_by_it(
    pending: Comment, moderator: User, editor: User
) -> None:
    desk_mail.choose(DeskMail(user=moderator, pace="at_once", with_text=False))
    html = signed_in(editor).get(link(pending, "approve", moderator)).content.decode()
    assert pending.body not in html


def test_the_page_shows_no_note_of_a_moderator(pending: Comment, moderator: User) -> None:
    remarks.add(pending, "I know this one from the clinic.", by=moderator)
    html = Client().get(link(pending, "approve", moderator)).content.decode()
    assert pending.html in html
    assert "clinic" not in html


def test_once_decided_or_changed_the_page_shows_the_outcome_only(
    article: Article, moderator: User, other_moderator: User
) -> None:
    decided, changed = (make_comment(article, state=State.PENDING, body=f"Canary {i}.") for i in "ab")
    links = [link(one, "approve", moderator) for one in (decided, changed)]
    moderation.move(decided, State.DECLINED, by=other_moderator, seen=Seen.of(decided), reason="advice")
    posting.edit_comment(changed, body="Canary of later.", visit=Visit(nudged=True))
    for path in links:
        html = Client().get(path).content.decode()
        assert "It changed meanwhile" in html
        assert "Canary" not in html
