"""Steps that many journeys share: writing a comment, finding its card, looking whether others see it."""

import itertools
import os
from dataclasses import dataclass
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

TRIAL = "myofascial-release-trial"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Words:
    """A name and a text that stand nowhere else on the site."""

    name: str
    text: str


@dataclass(frozen=True)
class Sent:
    words: Words
    slug: str
    public_id: str
    code: str

    @property
    def permalink(self) -> str:
        return f"/articles/{self.slug}/comments/{self.public_id}/"


def new_words(about: str = "rest") -> Words:
    number = f"{os.getpid()}-{next(_numbers)}"
    return Words(f"Reader {number}", f"What I found about {about}, number {number}: small steps.")


def article(slug: str) -> str:
    return f"/articles/{slug}/"


def fill(page: Page, words: Words) -> None:
    form = page.locator("#comment-form")
    form.get_by_label("Your name or nickname").fill(words.name)
    form.get_by_label("Your comment").fill(words.text)


def press(page: Page, name: str) -> None:
    page.locator("#comment-form").get_by_role("button", name=name).click()


def own(page: Page, words: Words) -> Locator:
    """The writer's own comment that is not public."""
    return page.locator("article.not-public").filter(has_text=words.text)


def send(page: Page, words: Words, *, slug: str = TRIAL) -> Sent:
    page.goto(article(slug))
    fill(page, words)
    return send_filled(page, words, slug=slug)


def send_filled(page: Page, words: Words, *, slug: str = TRIAL) -> Sent:
    press(page, "Send comment")
    status = own(page, words).get_by_role("status")
    expect(status).to_contain_text("Thank you. Your comment is waiting for a moderator.")
    public_id = (own(page, words).get_attribute("id") or "").removeprefix("comment-")
    assert public_id
    return Sent(words, slug, public_id, status.locator("code").inner_text())


def queue(page: Page, sent: Sent | None = None) -> None:
    """All that waits, or only this comment: what earlier tests left there need not be drawn again each time."""
    page.goto("/admin/comments/queue/" + (f"?{urlencode({'words': sent.words.name})}" if sent else ""))


def card(page: Page, sent: Sent) -> Locator:
    return page.locator(f"#card-{sent.public_id}")


def press_reasons(page: Page) -> None:
    """Send the reasons that stand open, on their card or on a page of their own."""
    page.locator("form.decline").get_by_role("button", name="Decline").click()


def approve(page: Page, sent: Sent) -> None:
    queue(page, sent)
    card(page, sent).get_by_role("button", name="Approve").click()
    expect(card(page, sent).locator(".outcome")).to_contain_text("Approved")


def published(page: Page, sent: Sent) -> Locator:
    """The comment as everybody sees it, on the article's page, loaded now."""
    page.goto(article(sent.slug))
    return page.locator(f"#comment-{sent.public_id}:not(.not-public)").filter(has_text=sent.words.text)


def assert_hidden_from(page: Page, sent: Sent) -> None:
    """Neither the words nor the id stand anywhere that this person can look."""
    for address in (
        article(sent.slug),
        "/",
        "/feeds/comments.atom",
        f"/articles/{sent.slug}/comments.atom",
        "/sitemap.xml",
        "/search/?q=steps",
    ):
        answer = page.context.request.get(address)
        assert answer.ok, address
        assert sent.words.text not in answer.text(), address
        assert sent.public_id not in answer.text(), address
    assert page.context.request.get(sent.permalink).status == 404


def assert_published_in_feeds(page: Page, sent: Sent) -> None:
    for address in ("/feeds/comments.atom", f"/articles/{sent.slug}/comments.atom"):
        assert sent.words.text in page.context.request.get(address).text(), address
    assert page.context.request.get(sent.permalink).ok
