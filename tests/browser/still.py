"""Whether anything on a page moves by itself."""

from playwright.sync_api import Page

MOTION = """() => [...document.querySelectorAll("*")].filter((e) => {
    const style = getComputedStyle(e);
    return style.animationName !== "none" || style.transitionDuration.split(",").some((d) => parseFloat(d) > 0);
  }).map((e) => `${e.tagName.toLowerCase()}#${e.id}.${e.className}`).slice(0, 5)"""


def assert_still(page: Page) -> None:
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate(MOTION) == []
