"""What scripts add: a draft that survives, a name that is remembered, a count near the limit, a queue that moves on."""

import pytest
from playwright.sync_api import expect

from .people import People
from .steps import TRIAL, article, card, fill, new_words, press, queue, send, send_filled

pytestmark = pytest.mark.look

OTHER = "release-or-stretching"


def test_a_draft_survives_a_reload_and_is_gone_after_sending(people: People) -> None:
    reader = people.visitor()
    words = new_words("drafts")
    reader.goto(article(TRIAL))
    fill(reader, words)
    reader.reload()
    expect(reader.get_by_label("Your comment")).to_have_value(words.text)
    reader.goto(article(OTHER))
    expect(reader.get_by_label("Your comment")).to_have_value("")
    reader.goto(article(TRIAL))
    reader.get_by_label("Your name or nickname").fill(words.name)
    send_filled(reader, words)
    expect(reader.get_by_label("Your comment")).to_have_value("")
    reader.goto(article(TRIAL))
    expect(reader.get_by_label("Your comment")).to_have_value("")


def test_an_emptied_box_leaves_no_draft(people: People) -> None:
    reader = people.visitor()
    reader.goto(article(TRIAL))
    fill(reader, new_words("drafts"))
    reader.get_by_label("Your comment").fill("")
    reader.reload()
    expect(reader.get_by_label("Your comment")).to_have_value("")


def test_a_draft_survives_a_preview(people: People) -> None:
    reader = people.visitor()
    words = new_words("drafts")
    reader.goto(article(TRIAL))
    fill(reader, words)
    press(reader, "Preview")
    expect(reader.get_by_role("article", name="Preview")).to_be_visible()
    reader.goto(article(TRIAL))
    expect(reader.get_by_label("Your comment")).to_have_value(words.text)


def test_the_nickname_is_filled_in_the_second_time(people: People) -> None:
    reader = people.visitor()
    words = new_words("names")
    send(reader, words, slug=OTHER)
    reader.goto(article(TRIAL))
    expect(reader.get_by_label("Your name or nickname")).to_have_value(words.name)


def test_the_count_appears_past_three_quarters_of_the_limit(people: People) -> None:
    reader = people.visitor()
    reader.goto(article(TRIAL))
    box, count = reader.get_by_label("Your comment"), reader.locator("[data-count]")
    limit = int(box.get_attribute("data-limit") or 0)
    assert limit == 10_000
    box.fill("a" * (limit * 3 // 4 - 1))
    expect(count).to_be_hidden()
    box.fill("a" * (limit * 3 // 4 + 1))
    expect(count).to_be_visible()
    expect(count).to_contain_text("7,501")
    box.fill("short")
    expect(count).to_be_hidden()


def test_a_decision_moves_on_to_the_next_card_and_says_so(people: People) -> None:
    moderator = people.staff()
    first, second, third = (send(people.visitor(), new_words("queues")) for _ in range(3))
    queue(moderator)
    card(moderator, first).get_by_role("button", name="Approve").click()
    expect(card(moderator, second)).to_be_focused()
    expect(moderator.locator("[data-said]")).to_have_text(f"Approved: {first.words.name}.")
    expect(moderator.locator("[data-said]")).to_have_attribute("role", "status")
    expect(card(moderator, first).get_by_role("button", name="Undo")).to_be_visible()

    card(moderator, second).get_by_role("button", name="Skip").click()
    expect(card(moderator, third)).to_be_focused()
    card(moderator, first).get_by_role("button", name="Undo").click()
    expect(card(moderator, first)).to_be_focused()
    expect(moderator.locator("[data-said]")).to_have_text(f"Waiting again: {first.words.name}.")
    card(moderator, first).get_by_role("button", name="Spam").click()
    expect(card(moderator, second)).to_be_focused()
    expect(moderator.locator("[data-said]")).to_have_text(f"Spam: {first.words.name}.")


def test_a_card_that_others_decided_keeps_the_focus_and_says_why(people: People) -> None:
    moderator, other = people.staff(), people.staff("admin")
    sent = send(people.visitor(), new_words("queues"))
    send(people.visitor(), new_words("queues"))
    queue(moderator)
    queue(other)
    card(other, sent).get_by_role("button", name="Spam").click()
    expect(card(other, sent).locator(".outcome")).to_be_visible()
    card(moderator, sent).get_by_role("button", name="Approve").click()
    expect(card(moderator, sent)).to_be_focused()
    expect(moderator.locator("[data-said]")).to_have_text("admin changed this to “Spam” just now.")


def test_the_queue_says_when_a_decision_did_not_arrive(people: People) -> None:
    moderator = people.staff()
    sent = send(people.visitor(), new_words("queues"))
    queue(moderator, sent)
    moderator.context.set_offline(True)
    card(moderator, sent).get_by_role("button", name="Approve").click()
    expect(moderator.locator("[data-said]")).to_have_text(
        "The decision did not reach the site. Check the connection and press again."
    )
    moderator.context.set_offline(False)
    card(moderator, sent).get_by_role("button", name="Approve").click()
    expect(card(moderator, sent).locator(".outcome")).to_contain_text("Approved")
