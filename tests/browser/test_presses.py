"""One press and a report, with and without script, as readers and moderators meet them."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .people import People
from .steps import Sent, approve, article, card, new_words, send

OFFLINE = "It did not reach the site. Check the connection and press again."


def published(people: People) -> Sent:
    sent = send(people.visitor(), new_words("company"))
    approve(people.staff(), sent)
    return sent


def buttons(page: Page, sent: Sent) -> tuple[Locator, Locator]:
    """The post's own, and that of the comment."""
    return page.locator("#with-you button"), page.locator(
        f"#comment-{sent.public_id} .actions button[form=with-you]"
    )


def test_a_press_stays_on_the_page_is_remembered_and_can_be_taken_back(people: People) -> None:
    reader, sent = people.visitor(), published(people)
    reader.goto(article(sent.slug))
    helped, with_you = buttons(reader, sent)
    helped.click()
    with_you.click()
    expect(helped).to_have_text("You said that this helped")
    expect(with_you).to_have_text(f"You are with them, {sent.words.name}")
    assert reader.url.endswith(article(sent.slug))
    reader.reload()
    expect(helped).to_have_attribute("aria-pressed", "true")
    expect(with_you).to_have_attribute("aria-pressed", "true")
    with_you.click()
    expect(with_you).to_have_text(f"With you, {sent.words.name}")
    reader.reload()
    expect(with_you).to_have_attribute("aria-pressed", "false")
    expect(helped).to_have_attribute("aria-pressed", "true")


def test_a_press_that_does_not_arrive_says_so(people: People) -> None:
    reader, sent = people.visitor(), published(people)
    reader.goto(article(sent.slug))
    _, with_you = buttons(reader, sent)
    reader.context.set_offline(True)
    with_you.click()
    expect(reader.locator(f"#comment-{sent.public_id} [role=status]")).to_have_text(OFFLINE)
    expect(with_you).to_have_attribute("aria-pressed", "false")


def test_a_press_on_what_is_gone_leads_to_the_page_that_says_so(people: People) -> None:
    reader, sent, moderator = people.visitor(), published(people), people.staff()
    reader.goto(article(sent.slug))
    moderator.goto(f"/admin/comments/queue/{sent.public_id}/")
    card(moderator, sent).get_by_role("button", name="Undo").click()
    expect(card(moderator, sent).get_by_role("button", name="Approve", exact=True)).to_be_visible()
    buttons(reader, sent)[1].click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Page not found")


@pytest.mark.parametrize("script", [True, False])
def test_a_report_reaches_a_moderator_who_lets_it_stand(people: People, script: bool) -> None:
    sent = published(people)
    reader = people.visitor(scripts=script)
    reader.goto(article(sent.slug))
    reader.get_by_role("link", name=f"Report the comment by {sent.words.name}").click()
    reader.get_by_label("It gives dangerous advice").check()
    reader.get_by_label("Anything that helps us understand").fill("Small steps can be large.")
    reader.get_by_role("button", name="Send report").click()
    expect(reader.get_by_role("heading", name="What happens next")).to_be_visible()

    moderator = people.staff(scripts=script)
    moderator.goto("/admin/comments/queue/?state=reported")
    expect(card(moderator, sent)).to_contain_text("Small steps can be large.")
    card(moderator, sent).get_by_role("button", name="Looked at, stays").click()
    expect(card(moderator, sent).locator(".outcome").first).to_contain_text("Looked at, stays")
    if script:
        expect(moderator.locator("[data-said]")).to_have_text(f"Looked at, stays: {sent.words.name}.")
    moderator.goto("/admin/comments/queue/?state=reported")
    expect(card(moderator, sent)).to_have_count(0)


def test_without_script_a_press_thanks_and_can_be_taken_back(people: People) -> None:
    sent = published(people)
    reader = people.visitor(scripts=False)
    reader.goto(article(sent.slug))
    buttons(reader, sent)[1].click()
    expect(reader.get_by_text(f"You are with {sent.words.name}.")).to_be_visible()
    reader.get_by_role("button", name="Take it back").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Taken back")
    reader.get_by_role("link", name="Back to the comment").click()
    expect(reader).to_have_url(f"{reader.url.partition('/articles')[0]}{sent.permalink}")
