"""A desk full of comments: decided with few key presses or taps, with nothing but the queue loaded."""

import time
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from .people import People
from .steps import TRIAL, approve, article, card, fill, new_words, queue, send

WAITING = 20
ACTIONS_AT_MOST = {"keys": 30, "taps": 35}


@dataclass
class Desk:
    """The queue before a moderator, who counts each press or tap; every page it loads is written down."""

    page: Page
    actions: int = 0
    began: float = field(default_factory=time.monotonic)

    def tell(self) -> None:
        """In the report of the run (`-s` or `-rP`)."""
        print(f"{WAITING} decided: {self.actions} actions, {time.monotonic() - self.began:.1f} s")

    def press(self, key: str) -> None:
        self.actions += 1
        self.page.keyboard.press(key)

    def tap(self, target: Locator) -> None:
        self.actions += 1
        target.tap()


def fill_the_desk(people: People) -> list[str]:
    """Twenty waiting comments: answers and links among them. Returns their texts in the order of the queue."""
    above = send(people.visitor(), new_words("the beginning"))
    approve(people.staff(), above)
    writer = people.visitor()
    writer.goto(article(TRIAL))
    hidden = writer.locator("#comment-form").evaluate(
        "form => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === 'string'))"
    )
    texts = []
    for number in range(WAITING):
        words = new_words("a full desk")
        if number % 7 == 3:
            words = replace(words, text=f"{words.text} See https://example.org/{number} for more.")
        parent = above.public_id if number % 5 == 2 else ""
        answer = post(writer, hidden | {"name": words.name, "body": words.text, "parent": parent})
        assert answer == 200, words
        texts.append(words.text)
    return texts


def post(page: Page, fields: dict[str, str | float | bool]) -> int:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    address = f"{article(TRIAL)}comments/"
    return page.context.request.post(address, form=fields, headers={"Origin": origin}).status


def card_with(page: Page, text: str) -> Locator:
    return page.locator("[data-card]").filter(has_text=text)


@pytest.fixture
def loaded() -> list[str]:
    return []


def open_desk(page: Page, loaded: list[str]) -> Desk:
    queue(page)
    page.on("framenavigated", lambda frame: loaded.append(frame.url))
    return Desk(page)


def decided_elsewhere(people: People, text: str) -> None:
    other = people.staff("admin")
    queue(other)
    card_with(other, text).get_by_role("button", name="Approve").click()
    expect(card_with(other, text).locator(".outcome")).to_contain_text("Approved")


def test_twenty_are_decided_with_the_keyboard(people: People, loaded: list[str]) -> None:
    page = people.staff()
    queue(page)
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Use one-key actions on this device").check()
    texts = fill_the_desk(people)
    desk = open_desk(page, loaded)
    decided_elsewhere(people, texts[9])
    card_with(page, texts[0]).focus()  # others wait before it, of other tests
    for number, text in enumerate(texts):
        expect(card_with(page, text)).to_be_focused()
        if number == 4:
            desk.press("d")
            expect(card_with(page, text).get_by_label("Medical advice or dosing")).to_be_focused()
            desk.press("1")
            desk.press("Enter")
            expect(card_with(page, text).locator(".outcome")).to_contain_text("Declined")
        else:
            desk.press("a")
            expect(card_with(page, text).locator(".outcome")).to_contain_text("Approved")
        if number == 9:
            expect(card_with(page, text).get_by_role("alert")).to_contain_text(
                "admin changed this to “Approved”"
            )
            desk.press("j")
    desk.tell()
    assert desk.actions <= ACTIONS_AT_MOST["keys"]
    assert loaded == []


def test_twenty_are_decided_with_taps_on_a_narrow_screen(people: People, loaded: list[str]) -> None:
    texts = fill_the_desk(people)
    desk = open_desk(people.staff(width=360, height=740, phone=True), loaded)
    decided_elsewhere(people, texts[9])
    for number, text in enumerate(texts):
        here = card_with(desk.page, text)
        if number == 4:
            desk.tap(here.get_by_role("button", name="Decline…"))
            desk.tap(here.get_by_label("Medical advice or dosing"))
            desk.tap(here.get_by_role("button", name="Decline", exact=True))
            expect(here.locator(".outcome")).to_contain_text("Declined")
        else:
            desk.tap(here.get_by_role("button", name="Approve"))
            expect(here.locator(".outcome")).to_contain_text("Approved")
    desk.tell()
    assert desk.actions <= ACTIONS_AT_MOST["taps"]
    assert loaded == []


def test_keys_do_nothing_until_they_are_switched_on(people: People) -> None:
    sent = send(people.visitor(), new_words("keys"))
    page = people.staff()
    queue(page)
    card(page, sent).focus()
    for key in ("a", "s", "d"):
        page.keyboard.press(key)
    expect(card(page, sent)).to_be_focused()
    expect(card(page, sent).get_by_role("button", name="Approve")).to_be_visible()
    expect(card(page, sent).locator(".outcome")).to_have_count(0)


def test_the_list_of_keys_says_what_d_does_where_someone_may_be_at_risk(people: People) -> None:
    words = replace(new_words("a dark day"), text="I want to end my life.")
    writer = people.visitor()
    writer.goto(article(TRIAL))
    fill(writer, words)
    writer.get_by_role("button", name="Send comment").click()
    page = people.staff()
    queue(page)
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Use one-key actions on this device").check()
    expect(page.locator(".keys dl")).to_contain_text("the checklist where someone may be at risk")
    here = card_with(page, words.name)
    here.focus()
    page.keyboard.press("d")
    expect(here.get_by_label("I read the whole text")).to_be_visible()
    for box in here.locator("form.asked input[type=checkbox]").all():
        box.check()
    here.locator("form.asked input[type=radio]").first.check()
    here.get_by_role("button", name="Keep this").click()
    expect(page.locator("[data-said]")).to_contain_text(f"Checklist kept: {words.name}")


def test_reasons_on_the_card_can_be_closed_and_mistakes_are_said_there(people: People) -> None:
    sent = send(people.visitor(), new_words("reasons"))
    page = people.staff()
    queue(page)
    here = card(page, sent)
    here.get_by_role("button", name="Decline…").click()
    expect(here.get_by_label("Medical advice or dosing")).to_be_focused()
    here.get_by_role("button", name="Decline", exact=True).click()
    expect(here.get_by_role("alert")).to_contain_text("Choose a reason.")
    here.get_by_label("Words to the writer").fill("as and do")
    page.keyboard.press("a")  # typed, not a decision
    expect(here.locator(".outcome")).to_have_count(0)
    here.get_by_role("link", name="Back without deciding").click()
    expect(here).to_be_focused()
    expect(here.locator("form.decline")).to_have_count(0)
    expect(here.get_by_role("button", name="Approve")).to_be_visible()


def test_what_others_decide_leaves_an_open_queue_and_nothing_moves(people: People) -> None:
    first, second, third = (send(people.visitor(), new_words("two desks")) for _ in range(3))
    page = people.staff(width=360, height=740)
    queue(page)
    card(page, second).get_by_label("Tick the comment").check()
    card(page, third).focus()
    card(page, third).hover()
    before = top_of(card(page, third))
    decided_elsewhere(people, first.words.text)
    claimed_elsewhere(people, second.words.text)
    decided_elsewhere(people, third.words.text)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(card(page, first).locator(".outcome")).to_contain_text("Approved by admin")
    expect(card(page, first).get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    expect(card(page, second)).to_contain_text("admin is looking at this")
    expect(card(page, second).get_by_label("Tick the comment")).to_be_checked()
    expect(page.get_by_role("status")).to_have_text("Somebody else decided on one of these.")
    expect(card(page, third)).to_be_focused()
    expect(
        card(page, third).get_by_role("button", name="Approve", exact=True)
    ).to_be_visible()  # it is in use
    assert abs(top_of(card(page, third)) - before) < 1  # pages scroll by whole pixels
    queue(page)
    expect(card(page, first)).to_have_count(0)
    expect(card(page, third)).to_have_count(0)


def top_of(card: Locator) -> float:
    box = card.bounding_box()
    assert box is not None
    return box["y"]


def claimed_elsewhere(people: People, text: str) -> None:
    other = people.staff("admin")
    queue(other)
    here = card_with(other, text)
    here.get_by_text("More").click()
    here.get_by_role("button", name="Note, second opinion, hand over…").click()
    here.get_by_role("button", name="I look at this one").click()
    expect(here).to_contain_text("You are looking at this")
    expect(other.locator("[data-said]")).to_contain_text("You are looking at it: ")
