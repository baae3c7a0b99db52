"""What a browser keeps for its reader alone: the last visit, what they would rather not see, their name and drafts."""

import json
import re

from playwright.sync_api import Page, expect

from .crowd import SLUG as LONG
from .people import People
from .steps import TRIAL, approve, article, fill, new_words, press, send, send_filled

WREN = "Demo reader Wren"
AN_HOUR_LATER = """seen => {
  const key = Object.keys(localStorage).find((key) => key.startsWith("visit-"));
  const visit = JSON.parse(localStorage.getItem(key));
  localStorage.setItem(key, JSON.stringify({ ...visit, seen: seen ?? visit.seen, at: visit.at - 3600 * 1000 }));
}"""
STORAGE_OFF = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("off", "SecurityError"); } });"""


def come_again(page: Page, *, seen: int | None = None) -> None:
    page.evaluate(AN_HOUR_LATER, seen)
    page.goto(page.url.partition("#")[0])


def test_what_is_new_since_the_last_visit_is_counted_and_marked_in_words(people: People) -> None:
    reader = people.visitor()
    reader.goto(article(TRIAL))
    expect(reader.locator(".more-actions").first).to_be_visible()
    news = reader.locator("p.since")
    expect(news).to_have_count(0)
    sent = send(people.visitor(), new_words("news"))
    approve(people.staff(), sent)

    come_again(reader)
    expect(news).to_contain_text("1 new comment since your last visit.")
    expect(news).to_have_attribute("role", "status")
    fresh = reader.locator(f"#comment-{sent.public_id}")
    expect(fresh.get_by_role("heading")).to_contain_text("New")
    expect(reader.locator("h3 .badge", has_text="New")).to_have_count(1)
    news.get_by_role("link", name="Show the first new one").click()
    expect(fresh).to_be_in_viewport()
    reader.reload()  # the same visit
    expect(news).to_contain_text("1 new comment since your last visit.")
    come_again(reader)
    expect(reader.locator(".more-actions").first).to_be_visible()
    expect(news).to_have_count(0)


def test_many_new_ones_on_other_pages_are_within_reach(people: People) -> None:
    reader = people.visitor()
    reader.goto(article(LONG))
    expect(reader.locator(".more-actions").first).to_be_visible()
    come_again(reader, seen=0)
    news = reader.locator("p.since")
    expect(news).to_contain_text("50 or more new comments since your last visit.")
    expect(news.get_by_role("link", name="Newest first")).to_be_visible()
    news.get_by_role("link", name="Show the first new one").click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Comment by Crowd")


def test_ones_own_comment_is_no_news(people: People) -> None:
    writer = people.visitor()
    writer.goto(article(TRIAL))
    send(writer, new_words("news"))
    come_again(writer)
    expect(writer.locator(".more-actions").first).to_be_visible()
    expect(writer.locator("p.since")).to_have_count(0)


def test_a_browser_that_saw_its_persons_page_proves_them_until_it_forgets(people: People) -> None:
    links = json.loads((people.site.data / "links.json").read_text())
    reader, elsewhere = people.visitor(), people.visitor()
    reader.goto(links["own-page"])
    words = [new_words("proof") for _ in range(3)]
    for page, said in zip((reader, elsewhere), words, strict=False):
        page.goto(article(TRIAL))
        fill(page, said)
        page.get_by_label("Email (optional)").fill("Reader@example.org")
        send_filled(page, said)
    # On another post, where no comment of theirs was ever sent from this browser.
    reader.goto(article(LONG))
    reader.get_by_role("button", name="Forget my name and address on this device").click()
    fill(reader, words[2])
    reader.get_by_label("Email (optional)").fill("reader@example.org")
    send_filled(reader, words[2], slug=LONG)

    reader.goto(links["own-page"])
    listed = reader.locator("#content")
    expect(listed).to_contain_text(words[0].text)
    expect(listed).not_to_contain_text(words[1].text)
    expect(listed).not_to_contain_text(words[2].text)


def test_a_person_and_a_thread_can_be_hidden_on_this_device_and_shown_again(people: People) -> None:
    reader = people.visitor()
    reader.goto(article(TRIAL))
    first = reader.locator("article.comment").first
    words, replies = (
        first.locator(".words"),
        reader.locator(".thread > li").first.locator("details.replies").first,
    )
    count = reader.locator(".hidden-count")
    first.locator("summary", has_text="More").click()
    first.get_by_role("button", name=f"Hide everything by {WREN}").click()
    expect(words).to_be_hidden()
    expect(first).to_contain_text("Hidden on this device.")
    expect(first.get_by_role("button", name="Show again")).to_be_focused()
    expect(count).to_contain_text("You have hidden 1 person on this device.")
    expect(replies).to_be_visible()

    reader.reload()
    expect(words).to_be_hidden()
    for theirs in reader.locator("h3").filter(has_text=re.compile(rf"^\s*{WREN}")).all():
        expect(theirs).to_be_hidden()
    first.get_by_role("button", name="Show again").click()
    expect(first).to_be_focused()
    expect(words).to_be_visible()
    expect(count).to_be_empty()

    first.locator("summary", has_text="More").click()
    first.get_by_role("button", name="Hide this thread").click()
    reader.reload()
    expect(words).to_be_hidden()
    expect(replies).to_be_hidden()
    expect(count).to_contain_text("You have hidden 1 thread on this device.")
    reader.get_by_role("button", name="Show all again").click()
    expect(words).to_be_visible()
    expect(replies).to_be_visible()
    assert reader.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('hidden'))") == []
    staff = reader.locator("article.by-staff").first
    expect(staff.get_by_role("button", name="Hide everything", include_hidden=True)).to_have_count(0)


def test_a_link_to_something_hidden_shows_it(people: People) -> None:
    reader = people.visitor()
    reader.goto(article(TRIAL))
    first = reader.locator("article.comment").first
    first.locator("summary", has_text="More").click()
    first.get_by_role("button", name="Hide this thread").click()
    anchor = first.get_attribute("id")
    reader.goto("/about/")
    reader.goto(f"{article(TRIAL)}#{anchor}")
    expect(first.locator(".words")).to_be_visible()
    reader.goto(article(TRIAL))
    expect(first.locator(".words")).to_be_hidden()


def test_name_and_address_are_filled_in_by_the_browser_until_it_forgets_them(people: People) -> None:
    reader = people.visitor()
    words = new_words("names")
    reader.goto(article(TRIAL))
    name, email = reader.get_by_label("Your name or nickname"), reader.get_by_label("Email (optional)")
    forget = reader.get_by_role("button", name="Forget my name and address on this device")
    expect(forget).to_have_count(0)
    fill(reader, words)
    email.fill("robin@example.org")
    press(reader, "Send comment")
    expect(reader.get_by_role("status").filter(has_text="Thank you.")).to_be_visible()
    html = reader.context.request.get(article(TRIAL)).text()
    assert words.text in html
    assert "robin@example.org" not in html
    reader.goto(article("release-or-stretching"))
    expect(name).to_have_value(words.name)
    expect(email).to_have_value("robin@example.org")
    forget.click()
    expect(reader.get_by_text("Forgotten on this device.")).to_be_focused()
    expect(email).to_have_value("")
    reader.reload()
    expect(reader.locator(".more-actions").first).to_be_visible()
    expect(name).to_have_value("")
    expect(email).to_have_value("")


def test_a_change_that_was_not_saved_is_still_there_after_a_reload(people: People) -> None:
    writer = people.visitor()
    sent = send(writer, new_words("drafts"))
    writer.get_by_label("Your comment").fill("Begun, not sent.")
    writer.goto(f"{sent.permalink}edit/")
    box = writer.get_by_label("Your comment")
    expect(box).to_have_value(sent.words.text)
    box.fill("Better words, not saved yet.")
    writer.reload()
    expect(box).to_have_value("Better words, not saved yet.")
    writer.get_by_role("button", name="Save the change").click()
    expect(writer.locator(f"#comment-{sent.public_id}")).to_contain_text("Better words, not saved yet.")
    expect(box).to_have_value("Begun, not sent.")
    assert writer.evaluate("Object.keys(sessionStorage)") == []


def test_without_storage_nothing_breaks(people: People) -> None:
    reader = people.visitor()
    reader.add_init_script(STORAGE_OFF)
    reader.goto(article(TRIAL))
    first = reader.locator("article.comment").first
    first.locator("summary", has_text="More").click()
    first.get_by_role("button", name="Hide this thread").click()
    expect(first.locator(".words")).to_be_hidden()
    fill(reader, new_words())
    press(reader, "Preview")
    expect(reader.get_by_role("article", name="Preview")).to_be_visible()
