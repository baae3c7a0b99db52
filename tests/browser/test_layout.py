"""Every page can be walked with Tab alone and prints without its forms; settings work without a script."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .axe import assert_none, violations
from .pages import PUBLIC, at
from .people import People
from .steps import TRIAL, article, new_words, queue, send

pytestmark = pytest.mark.look

STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable=true]")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}))
  .filter((e) => e.type !== "radio" || e.checked || ![...document.getElementsByName(e.name)].some((o) => o.checked))
  .map((e, i) => { e.dataset.stop = i; return `${e.tagName.toLowerCase()} “${(e.textContent || e.value || e.name || e.id).trim().slice(0, 40)}”`; })"""

# Where the focus is: its number, whether one sees it, and whether it is on the screen.
HERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), r = e.getBoundingClientRect();
  return {
    stop: Number(e.dataset.stop ?? -1),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
    inView: r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth,
  };
}"""


def test_the_reading_settings_in_the_cookie_are_on_the_page_without_a_script(people: People) -> None:
    page = people.visitor(width=320, scripts=False, reading="sepia.larger.wide")
    page.goto(article(TRIAL))
    html = page.locator("html")
    for name, value in {"theme": "sepia", "size": "larger", "spacing": "wide"}.items():
        expect(html).to_have_attribute(f"data-{name}", value)
    expect(page.locator("body")).to_have_css("font-size", "24px")


# The keyboard ---------------------------------------------------------------------------------------


def walk(page: Page) -> list[str]:
    """Press Tab from the top to the end; says what went wrong on the way."""
    stops: list[str] = page.evaluate(STOPS)
    found, seen = [], set[int]()
    for _ in range(len(stops) + 5):
        page.keyboard.press("Tab")
        here: dict[str, Any] | None = page.evaluate(HERE)
        if here is None or here["stop"] in seen:
            break
        seen.add(here["stop"])
        name = stops[here["stop"]] if here["stop"] >= 0 else "something unexpected"
        found += [f"no outline: {name}"] if not here["outlined"] else []
        found += [f"out of view: {name}"] if not here["inView"] else []
    return found + [f"never reached: {name}" for number, name in enumerate(stops) if number not in seen]


@pytest.mark.parametrize(
    "name",
    [
        *("home", "article", "article with reply form", "errors of a comment", "search with results"),
        "reading settings",
    ],
)
def test_tab_reaches_everything_on_a_public_page_and_shows_where_it_is(people: People, name: str) -> None:
    page = people.visitor(width=375)
    PUBLIC[name](people, page)
    page.goto(page.url.partition("#")[0]) if name != "errors of a comment" else page.locator("body").evaluate(
        "body => { body.tabIndex = -1; body.focus(); body.removeAttribute('tabindex'); document.activeElement.blur(); }"
    )
    found = walk(page)
    assert not found, "\n  ".join(["on the way:", *found])


def test_tab_reaches_everything_in_the_queue_and_shows_where_it_is(people: People) -> None:
    page = people.staff(width=375)
    send(people.visitor(), new_words())
    queue(page)
    found = walk(page)
    assert not found, "\n  ".join(["on the way:", *found])


def test_the_skip_link_shows_itself_and_skips(people: People) -> None:
    page = people.visitor(width=375)
    page.goto(article(TRIAL))
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main a").first).to_be_focused()


# Other ways of looking ------------------------------------------------------------------------------


def test_paper_gets_the_whole_post_without_forms_and_menus(people: People) -> None:
    page = people.visitor(reading="dark.normal.normal.normal")
    page.goto(article(TRIAL))
    page.get_by_role("link", name="Key points").click()
    expect(page.locator("#full-story")).to_be_hidden()
    page.emulate_media(media="print")
    for hidden in (
        "#comment-form",
        ".site-header nav",
        ".site-footer nav",
        ".aids",
        ".lengths",
        ".stop >> nth=0",
        ".read-on",
        ".slide",
        "#comments",
    ):
        expect(page.locator(hidden)).to_be_hidden()
    for shown in ("h1", "#key-points", "#short-version", "#full-story", "#p-1", ".explained >> nth=0"):
        expect(page.locator(shown)).to_be_visible()
    expect(page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")
    for place in (".body", ".resources", ".evidence"):
        link = page.locator(f"{place} a[href^='https:']").first
        assert link.evaluate("e => getComputedStyle(e, '::after').content").startswith('" (https://'), place
    for line in page.locator(".folded li").all():
        expect(line).to_be_visible()
    assert page.locator(".folded li").count() > 3
    assert (
        page.locator(".site-header a").first.evaluate("e => getComputedStyle(e, '::after').content") == "none"
    )
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_where_colours_are_forced_the_chosen_length_is_told_by_its_frame(people: People) -> None:
    page = people.visitor(forced_colors="active")
    page.goto(article(TRIAL))
    page.get_by_role("link", name="Short version").click()
    chosen, other = (
        page.locator(".lengths [aria-current]"),
        page.locator(".lengths a:not([aria-current])").first,
    )
    expect(chosen).to_contain_text("Short version")
    colour, ground = (
        page.evaluate(
            "name => { document.body.style.outlineColor = name; "
            "return getComputedStyle(document.body).outlineColor }",
            name,
        )
        for name in ("CanvasText", "Canvas")
    )
    expect(chosen).to_have_css("border-top-color", colour)
    expect(chosen).to_have_css("border-top-width", "3px")
    expect(other).to_have_css("border-top-color", ground)


@pytest.mark.parametrize("theme", ["light", "sepia", "dim", "dark"])
def test_who_asks_for_more_contrast_gets_it_in_every_theme(people: People, theme: str) -> None:
    page = people.visitor(width=375, reading=f"{theme}.normal.normal")
    page.emulate_media(contrast="more")
    page.goto(article(TRIAL))
    ink = page.locator("h1").evaluate("e => getComputedStyle(e).color")
    for quiet in (".post .meta >> nth=0", "figcaption >> nth=0", ".evidence dt >> nth=0"):
        expect(page.locator(quiet)).to_have_css("color", ink)
    expect(page.locator(".evidence >> nth=0")).to_have_css("border-top-color", ink)
    assert_none(violations(page))


def test_paper_gets_the_comments_where_one_came_for_them(people: People) -> None:
    page = people.visitor()
    page.goto(f"{article(TRIAL)}#comments")
    page.emulate_media(media="print")
    expect(page.locator(".comment").first).to_be_visible()
    for hidden in ("#comment-form", ".actions >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()


def test_a_permalink_marks_its_comment(people: People) -> None:
    page = people.visitor()
    at(article(TRIAL))(people, page)
    public_id = page.locator("article.comment").nth(1).get_attribute("id")
    page.goto(f"{article(TRIAL)}?page=1#{public_id}")
    expect(page.locator(f"#{public_id}")).to_be_in_viewport()
    expect(page.locator(f"#{public_id}")).to_have_css("outline-style", "solid")
