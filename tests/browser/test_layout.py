"""Every page fits a small screen, can be walked with Tab alone, is easy to hit, stays still, and prints without its forms."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .pages import PUBLIC, STAFF, at
from .people import People
from .steps import TRIAL, article, new_words, queue, send

pytestmark = pytest.mark.look

# WCAG 1.4.12: what a reader's own style sheet may ask for. Adopted, since the policy lets no inline style in.
TEXT_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""

SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const scrolls = (e) => e && e !== root && e !== document.body &&
    (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter(
    (e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(e.parentElement));
  return [`${root.scrollWidth} px wide`, ...wide.slice(0, 5).map((e) =>
    `${e.tagName.toLowerCase()}#${e.id}.${e.className} to ${Math.round(e.getBoundingClientRect().right)} px`)];
}"""

# A link inside a sentence is exempt (WCAG 2.5.8), a label belongs to the target of its box.
TARGETS = """({least, leastButton}) => {
  const shown = (e) => {
    const r = e.getBoundingClientRect();
    return e.checkVisibility({visibilityProperty: true}) && r.width > 0 && r.height > 0 && r.right > 0 && r.bottom + scrollY > 0;
  };
  const inSentence = (e) => {
    if (e.tagName !== "A" || getComputedStyle(e).display !== "inline") return false;
    if (e.closest(".body, .words")) return true;
    const block = e.closest("p, li, dd, td, th, figcaption, blockquote, label, h1, h2, h3, div");
    const rest = block.cloneNode(true);
    rest.querySelectorAll("a").forEach((a) => a.remove());
    return /\\p{L}{2,}/u.test(rest.textContent);
  };
  const size = (e) => {
    const rects = [e, ...(["checkbox", "radio"].includes(e.type) ? e.labels ?? [] : [])].map((x) => x.getBoundingClientRect());
    return [Math.max(...rects.map((r) => r.width)), Math.max(...rects.map((r) => r.height))];
  };
  const found = [];
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    if (!shown(e) || inSentence(e)) continue;
    const [width, height] = size(e);
    const isButton = e.closest("main") && e.matches("button, input[type=submit], input[type=button], .btn");
    const wanted = isButton ? leastButton : least;
    if (width < least - 0.5 || height < wanted - 0.5)
      found.push(`${e.tagName.toLowerCase()} “${(e.textContent || e.value || e.name).trim().slice(0, 40)}” is ${width.toFixed(0)}×${height.toFixed(0)}, not ${wanted}`);
  }
  return found;
}"""

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

MOTION = """() => [...document.querySelectorAll("*")].filter((e) => {
    const style = getComputedStyle(e);
    return style.animationName !== "none" || style.transitionDuration.split(",").some((d) => parseFloat(d) > 0);
  }).map((e) => `${e.tagName.toLowerCase()}#${e.id}.${e.className}`).slice(0, 5)"""


def assert_fits(page: Page, circumstances: str) -> None:
    found = page.evaluate(SIDEWAYS)
    assert not found, f"{circumstances}: {found}"


def assert_fits_in_all_sizes(page: Page) -> None:
    for height in (640, 256):
        page.set_viewport_size({"width": 320, "height": height})
        assert_fits(page, f"320×{height}")
    page.evaluate(TEXT_SPACING)
    assert_fits(page, "320 px with text spacing")
    page.evaluate("document.adoptedStyleSheets = []")
    page.evaluate("document.documentElement.dataset.size = 'larger'")
    assert_fits(page, "320 px, larger")


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_fits_a_narrow_screen_and_is_easy_to_hit(people: People, name: str) -> None:
    page = people.visitor(width=375)
    PUBLIC[name](people, page)
    assert_easy_to_hit(page)
    assert_fits_in_all_sizes(page)


@pytest.mark.parametrize("name", STAFF)
def test_a_page_of_the_staff_fits_a_narrow_screen(people: People, name: str) -> None:
    account, opened = STAFF[name]
    page = people.staff(account, width=375)
    opened(people, page)
    assert_fits_in_all_sizes(page)


@pytest.mark.parametrize("name", ["queue", "decline", "several", "one card"])
def test_a_page_of_moderation_is_easy_to_hit(people: People, name: str) -> None:
    account, opened = STAFF[name]
    page = people.staff(account, width=375)
    opened(people, page)
    assert_easy_to_hit(page)


def assert_easy_to_hit(page: Page) -> None:
    found = page.evaluate(TARGETS, {"least": 24, "leastButton": 44})
    assert not found, "\n  ".join(["too small:", *found])


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
    "name", ["home", "article", "article with reply form", "errors of a comment", "reading settings"]
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
    expect(page.get_by_role("link", name="The full story")).to_be_focused()


# Other ways of looking ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["home", "article", "errors of a comment"])
def test_forced_colours_keep_the_page_readable(people: People, name: str) -> None:
    page = people.visitor(forced_colors="active", scheme="dark")
    PUBLIC[name](people, page)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.screenshot()
    expect(page.locator("h1")).to_be_visible()
    # With every background taken away, buttons and boxes are told by their borders.
    for button in page.get_by_role("button").all():
        assert button.evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)") >= 1
    assert people.watch.noise == []


def test_paper_gets_the_post_and_its_comments_without_forms_and_menus(people: People) -> None:
    page = people.visitor()
    page.goto(article(TRIAL))
    page.emulate_media(media="print")
    for hidden in (
        "#comment-form",
        ".site-header nav",
        ".site-footer nav",
        ".quick-settings",
        ".actions >> nth=0",
    ):
        expect(page.locator(hidden)).to_be_hidden()
    for shown in ("h1", "#full-story", "#comments-title"):
        expect(page.locator(shown)).to_be_visible()
    expect(page.locator(".comment").first).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize(
    "name", ["home", "article", "own waiting comment", "search with results", "reading settings"]
)
def test_nothing_moves_on_a_public_page(people: People, name: str) -> None:
    page = people.visitor()
    PUBLIC[name](people, page)
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate(MOTION) == []


@pytest.mark.parametrize("name", ["queue", "decline", "article editor"])
def test_nothing_moves_for_the_staff(people: People, name: str) -> None:
    account, opened = STAFF[name]
    page = people.staff(account)
    opened(people, page)
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate(MOTION) == []


def test_a_permalink_marks_its_comment(people: People) -> None:
    page = people.visitor()
    at(article(TRIAL))(people, page)
    public_id = page.locator("article.comment").nth(1).get_attribute("id")
    page.goto(f"{article(TRIAL)}?page=1#{public_id}")
    expect(page.locator(f"#{public_id}")).to_be_in_viewport()
    expect(page.locator(f"#{public_id}")).to_have_css("outline-style", "solid")
