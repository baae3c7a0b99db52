"""The rest of the check list of how pages must be usable, on the pages that matter most; each is opened once.

`test_every_page` looks at all pages: axe, narrow screens, text spacing, targets, quiet. `test_layout` walks by keyboard
and prints. `test_valid` asks the HTML checker.
"""

import pytest
from playwright.sync_api import Page, expect

from .fit import TEXT_SPACING, assert_fits
from .pages import PUBLIC
from .people import People
from .still import assert_still

pytestmark = pytest.mark.look

PAGES = ["home", "article", "search with results", "errors of a comment"]

# Faults that axe passes over.
PROBES = """() => {
  const found = [], all = (wanted) => [...document.querySelectorAll(wanted)];
  const name = (e) => `${e.tagName.toLowerCase()}#${e.id} “${(e.textContent || e.name || "").trim().slice(0, 40)}”`;
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for", "form"])
    for (const e of all(`[${attribute}]`))
      for (const id of e.getAttribute(attribute).split(/\\s+/))
        if (!document.getElementById(id)) found.push(`${attribute} names nothing: ${name(e)}`);
  for (const e of all("a[href^='#']"))
    if (e.hash.length > 1 && !document.getElementById(decodeURIComponent(e.hash.slice(1))))
      found.push(`leads nowhere: ${name(e)}`);
  for (const e of all("a"))
    if (/^(here|click here|more|read more|link|this)$/i.test(e.textContent.trim())) found.push(`vague: ${name(e)}`);
  for (const e of all("img")) if (!e.width || !e.height || !e.hasAttribute("width")) found.push(`no size: ${e.src}`);
  for (const e of all("input[name=name], input[type=email]"))
    if (!e.autocomplete) found.push(`no autocomplete: ${name(e)}`);
  for (const e of all("[onclick], div[role=button], span[role=button], [tabindex]:not([tabindex='0'], [tabindex='-1'])"))
    found.push(`no proper control: ${name(e)}`);
  for (const e of all("main *"))
    if ([...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 12)
      found.push(`tiny: ${name(e)}`);
  return found;
}"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_passes_the_check_list(people: People, name: str) -> None:
    page = people.visitor(width=1280)
    PUBLIC[name](people, page)
    assert page.evaluate(PROBES) == []
    page.emulate_media(reduced_motion="reduce")
    assert_still(page)
    assert_readable_in_forced_colours(page)
    for circumstances, change in {
        "1280 px with text spacing": TEXT_SPACING,
        "1280 px with text of 200 %": "document.documentElement.style.fontSize = '200%'",
    }.items():
        page.evaluate(change)
        assert_fits(page, circumstances)
    assert people.watch.noise == []


def assert_readable_in_forced_colours(page: Page) -> None:
    page.emulate_media(forced_colors="active", color_scheme="dark")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.screenshot()
    expect(page.locator("h1")).to_be_visible()
    # With every background taken away, buttons and boxes are told by their borders.
    for button in page.get_by_role("button").all():
        assert button.evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)") >= 1
    page.emulate_media(forced_colors="none", color_scheme="light")
