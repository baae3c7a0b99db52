"""Whether a page fits a narrow screen and is easy to hit."""

from playwright.sync_api import Page

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

# What stands inside a sentence is exempt (WCAG 2.5.8), a label belongs to the target of its box.
TARGETS = """({least, leastButton}) => {
  const shown = (e) => {
    const r = e.getBoundingClientRect();
    return e.checkVisibility({visibilityProperty: true}) && r.width > 0 && r.height > 0 && r.right > 0 && r.bottom + scrollY > 0;
  };
  const inSentence = (e) => {
    if (e.matches(".word")) return true; // a button, but part of its sentence
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


def assert_easy_to_hit(page: Page) -> None:
    found = page.evaluate(TARGETS, {"least": 24, "leastButton": 44})
    assert not found, "\n  ".join(["too small:", *found])
