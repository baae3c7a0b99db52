"""Asking the writer once to think again: when, how it reads, and that the second send always goes in."""

from types import ModuleType

import pytest
from django.test import Client

from articles.models import Article
from comments.models import Comment, Rule, Verdict
from comments.rules import save_rule
from comments.screening import doctors, doses, emails, phones, sales, streets, words
from comments.screening.verdicts import Outcome
from comments.states import State
from fibroblog import limits
from fibroblog.models import RateCounter
from tests.comments.test_public_views import address, fields, page
from tests.comments.test_screening import submission

pytestmark = pytest.mark.django_db

DOSE = "Take 60 mg every evening."
ASKED = "Before it goes out: one thing to think about"

SAID: list[tuple[ModuleType, str, list[str]]] = [
    (doses, "nudge_dosing", [
        DOSE, "You should up to 300mg of it.", "Just go up to 120 mg, it works", "If I were you, take two tablets at night.",
        "I would take 25 mg more.", "I recommend 400 mg magnesium.", "People with fibro need 5000 IU a day.",
        "Start low: then double the dose to 50 mg.", "if you take 20mg you will sleep", "Never stop 75 mg at once.",
    ]),
    (sales, "nudge_sales", [
        "Use my code FIBRO10 at the till", "DM me for details about prices, DM me to order", "Link in bio!",
        "Visit our website for the best price", "Get 20% off your first box", "This miracle cure is real", "Order now.",
    ]),
    (phones, "nudge_phone", ["Call me on 0151 496 0123", "+44 7700 900123", "(555) 010-9999? no: 415-555-0132", "whatsapp 7700900123"]),
    (emails, "nudge_email", ["write to wren@example.org", "wren (at) example (dot) org", "wren at example dot com"]),
    (streets, "nudge_street", ["I live at 12 Oak Street", "221b Baker St", "12 rue de la Paix", "Lindenstraße 5", "L69 3BX is mine", "Calle Mayor 5"]),
    (doctors, "nudge_doctor", ["Dr Jane Smith helped", "ask Dr. J. Smith", "Prof. Okoye said", "at St Mary's hospital", "the Willow Tree Clinic"]),
]  # fmt: skip
PASSES: list[tuple[ModuleType, list[str]]] = [
    (doses, [
        "I take 60 mg.", "I was on 60 mg and it made me sleepy.", "My doctor told me to take 60 mg.", "Do you take 60 mg?",
        "Took 30 mg for a year.", "She takes two tablets.", "What dose, 30 mg or 60 mg?", "Take care of yourself!",
        "In the trial people took 60 mg.", "Start of last year I was on 60 mg.", "Take it slowly, one day at a time.",
        "I sleep early and take 60 mg of duloxetine.", "We settled on 25 mg with my doctor.",
    ]),
    (sales, ["I bought a pillow and it helps.", "The shop was too loud for me.", "It cost too much.", "Is there a cure?"]),
    (phones, [
        "Samaritans 116 123", "It was 2019-04-12", "10 000 000 people", "PMID 12345678", "https://doi.org/10.1016/0304395999000123",
        "ISBN 978-3-16-148410-0", "Trials from 1990 to 2005", "call 999", "NCT01234567",
    ]),
    (emails, ["I was at home @ noon", "meet me at the dot", "@wren thanks"]),
    (streets, ["a 20 minute drive down the road", "5 miles along the lane", "I take B12 5MG at night", "Room 12 was cold", "Take Way 5"]),
    (doctors, ["my doctor said so", "the doctor. Last Tuesday I rang", "Doctor Who is on", "The Pain Clinic", "a hospital near me", "Dr Google"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "name"), [(emails, "me@example.org"), (phones, "+44 7700 900123"), (sales, "Link in bio")]
)
def test_a_name_is_read_like_the_text(check: ModuleType, name: str) -> None:
    assert check.check(submission(name=name)).outcome is Outcome.NUDGE


@pytest.mark.parametrize(
    ("check", "reason", "text"), [(check, reason, text) for check, reason, texts in SAID for text in texts]
)
def test_what_is_asked_about(check: ModuleType, reason: str, text: str) -> None:
    verdict = check.check(submission(body=text))
    assert (verdict.outcome, verdict.reason) == (Outcome.NUDGE, reason)


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, texts in PASSES for text in texts])
def test_what_is_nobodys_business(check: ModuleType, text: str) -> None:
    assert check.check(submission(body=text)).outcome is Outcome.PASS


def test_the_writer_is_asked_once_and_the_second_send_goes_in(client: Client, article: Article) -> None:
    asked = client.post(address(article), fields(article, body=DOSE))
    text = asked.content.decode()
    assert asked.status_code == 422
    assert ASKED in text
    assert words.FOR_WRITERS["nudge_dosing"] in text
    assert DOSE in text
    assert "Error:" not in text
    assert '<input type="hidden" name="nudged" value="1"' in text
    assert not Comment.objects.exists()
    assert not RateCounter.objects.exists()
    assert asked["Cache-Control"] == "private, no-store"
    assert not asked.cookies
    sent = client.post(address(article), fields(article, body=DOSE, nudged="1"))
    assert sent.status_code == 302
    comment = Comment.objects.get()
    verdict = Verdict.objects.exclude(check_name="form").get(comment=comment)
    assert (comment.state, verdict.outcome, verdict.reason) == (State.PENDING, "hold", "nudge_dosing")
    assert "the writer was asked" in words.for_moderators(verdict.reason, verdict.detail)


def test_changed_words_go_in_with_their_own_reasons(client: Client, article: Article) -> None:
    client.post(
        address(article), fields(article, body="I settled on 60 mg, write to wren@example.org", nudged="1")
    )
    assert [v.reason for v in Verdict.objects.exclude(check_name="form")] == ["nudge_email"]


def test_all_that_is_to_be_thought_of_is_said_at_once(client: Client, article: Article) -> None:
    rule = Rule(action=Rule.Action.NUDGE, text="snake oil", says="Did it truly help?")
    save_rule(rule)
    text = client.post(
        address(article), fields(article, body=f"{DOSE} And snake oil. a@example.org")
    ).content.decode()
    for sentence in (
        words.FOR_WRITERS["nudge_dosing"],
        words.FOR_WRITERS["nudge_email"],
        "Did it truly help?",
    ):
        assert sentence in text
    assert "some things to think about" in text


def test_the_preview_says_it_as_advice_and_that_counts_as_asked(client: Client, article: Article) -> None:
    text = client.post(address(article), fields(article, body=DOSE, do="Preview")).content.decode()
    assert ASKED in text
    assert 'name="nudged" value="1"' in text
    assert text.count('id="error-summary"') == 0
    calm = client.post(address(article), fields(article, do="Preview")).content.decode()
    assert ASKED not in calm
    assert "nudged" not in calm


def test_a_robot_is_not_asked(client: Client, article: Article) -> None:
    client.post(address(article), fields(article, body=DOSE, website="x"))
    assert Comment.objects.get().state == State.SPAM


def test_the_public_page_knows_nothing_of_it(client: Client, article: Article) -> None:
    assert "nudged" not in page(client, article.get_absolute_url())


def test_a_change_is_asked_about_too(client: Client, article: Article) -> None:
    client.post(address(article), fields(article, body="Hello"))
    comment = Comment.objects.get()
    path = f"{comment.get_absolute_url()}edit/"
    asked = client.post(path, {"body": DOSE})
    assert asked.status_code == 422
    assert ASKED in asked.content.decode()
    assert 'name="nudged" value="1"' in asked.content.decode()
    comment.refresh_from_db()
    assert (comment.body, comment.revision) == ("Hello", 1)
    assert ASKED in client.post(path, {"body": DOSE, "do": "Preview"}).content.decode()
    assert client.post(path, {"body": DOSE, "nudged": "1"}).status_code == 302
    comment.refresh_from_db()
    assert comment.body == DOSE
    assert Verdict.objects.get(revision=2).reason == "nudge_dosing"


def test_being_asked_uses_up_no_rate(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_ADDRESS", 1)
    for _ in range(3):
        assert client.post(address(article), fields(article, body=DOSE)).status_code == 422
    assert client.post(address(article), fields(article, body=DOSE, nudged="1")).status_code == 302
