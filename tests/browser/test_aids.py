"""What helps to read: three lengths, a voice, a place to come back to, words explained. All of it stays in the browser."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from .people import People
from .steps import TRIAL, article

pytestmark = pytest.mark.look

PATH = article(TRIAL)
PLACES = json.dumps({PATH: {"at": "p-5", "title": "A title", "time": 1}})
SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""
# Two voices: one that would send the words away, and one on the device. Nothing sounds; ``said.at(-1).onend()`` goes on.
VOICES = """
  window.said = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const far = { lang: "en-GB", name: "Far", localService: false, default: true };
  window.voices = [far];
  const speech = new EventTarget();
  speech.getVoices = () => window.voices;
  speech.speak = (utterance) => window.said.push(utterance);
  speech.cancel = () => { window.cancelled = (window.cancelled ?? 0) + 1; window.said.at(-1)?.onend(); };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
"""
A_VOICE_TURNS_UP = """() => {
  window.voices.push({ lang: "en-GB", name: "Near", localService: true });
  speechSynthesis.dispatchEvent(new Event("voiceschanged"));
}"""


def folded(page: Page) -> list[str]:
    parts: list[str] = page.locator("[data-part]").evaluate_all(
        "parts => parts.filter((p) => p.hidden).map((p) => p.id)"
    )
    return parts


def test_without_a_script_the_lengths_are_links(people: People) -> None:
    page = people.visitor(scripts=False, width=320)
    page.goto(PATH)
    for name, place in {"Short version": "#short-version", "Full story": "#full-story"}.items():
        page.get_by_role("link", name=name).click()
        expect(page.locator(place)).to_be_in_viewport()
    expect(page.get_by_role("button", name="Read aloud")).to_be_hidden()
    expect(page.locator("[data-continue]")).to_be_hidden()


def test_the_chosen_length_is_remembered_here_and_links_unfold_it(people: People) -> None:
    page = people.visitor(width=360)
    page.goto(PATH)
    assert folded(page) == []
    page.get_by_role("link", name="Key points").click()
    assert folded(page) == ["short-version", "full-story"]
    expect(page.locator(".lengths [role=status]")).to_have_text("The key points are shown.")
    page.get_by_role("link", name="Short version").click()
    page.reload()
    assert folded(page) == ["full-story"]
    expect(page.get_by_role("link", name="Short version")).to_have_attribute("aria-current", "true")
    page.evaluate("location.hash = '#part-3'")
    expect(page.locator("#part-3")).to_be_in_viewport()
    assert folded(page) == []
    page.goto("/")
    page.goto(f"{PATH}#comments")  # the choice holds: following the link was none
    assert folded(page) == ["full-story"]
    expect(page.locator("#comments")).to_be_in_viewport()
    page.goto("/")
    page.goto(f"{PATH}#p-9")
    assert folded(page) == []
    assert people.watch.noise == people.watch.foreign == []


@pytest.mark.parametrize("path", [PATH, f"{PATH}#part-3", "/"])
def test_nothing_jumps_when_the_scripts_come_late(people: People, path: str) -> None:
    page = people.visitor(width=360)
    page.goto("/about/")
    page.evaluate("places => localStorage.setItem('places', places)", PLACES)
    page.evaluate("localStorage.setItem('length', JSON.stringify('points'))")

    def late(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route("**/js/site.*", late)
    page.goto(path, wait_until="commit")
    page.evaluate(SHIFTS)
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-continue]")).to_be_visible()
    assert page.evaluate("performance.getEntriesByName('first-paint').length") == 1
    assert page.evaluate("window.shifted") == 0


def test_a_post_asks_for_few_files(people: People) -> None:
    page = people.visitor()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PATH)
    page.wait_for_load_state("networkidle")
    assert len(asked) <= 8, asked


def test_it_reads_aloud_with_a_voice_of_the_device_only_and_stops_when_told(people: People) -> None:
    page = people.visitor(width=360)
    page.add_init_script(VOICES)
    page.goto(PATH)
    page.get_by_role("link", name="Short version").click()
    start = page.get_by_role("button", name="Read aloud")
    expect(start).to_be_hidden()
    page.evaluate(A_VOICE_TURNS_UP)
    expect(start).to_be_visible()
    assert page.evaluate("said.length") == 0
    start.click()
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    assert page.evaluate("[said[0].voice.name, said[0].text]") == ["Near", page.locator("h1").inner_text()]
    expect(page.locator("h1.being-read")).to_have_css("outline-style", "solid")
    page.evaluate("said.at(-1).onend()")
    expect(page.locator(".being-read")).to_have_class("lead being-read")
    page.get_by_label("Speed").select_option("Fast")
    assert page.evaluate("[said.length, said.at(-1).rate]") == [3, 1.25]
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Go on").click()
    assert page.evaluate("[said.length, said[3].text === said[1].text]") == [4, True]
    while page.locator(".being-read").count():
        page.evaluate("said.at(-1).onend()")
    texts: list[str] = page.evaluate("said.map((one) => one.text)")
    assert "The short version" in texts
    assert not {"The full story", "How much would you like to read?"} & set(texts)
    expect(start).to_be_focused()
    start.click()
    for _ in range(10):
        page.evaluate("said.at(-1).onend()")
    expect(page.locator(".being-read")).to_be_in_viewport()
    page.get_by_role("button", name="Stop and keep my place").click()
    expect(page.locator(".stopped")).to_contain_text("Your place is kept on this device only.")
    assert page.evaluate("window.cancelled") > 0


def test_one_stops_and_continues_later(people: People) -> None:
    page = people.visitor(width=360)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(PATH)
    page.get_by_role("button", name="Stop here before “What did they find?”").click()
    expect(page.locator(".stopped")).to_be_focused()
    page.get_by_role("button", name="Copy a link to this place").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == people.site.at(f"{PATH}#part-2")
    page.get_by_role("link", name="Key points").click()
    page.goto("/")
    page.get_by_role("link", name="Continue reading: Can myofascial release").click()
    expect(page.locator("#part-2")).to_be_in_viewport()
    page.goto("/")
    page.goto(PATH)
    page.get_by_role("link", name="Continue where you stopped").click()
    expect(page.locator("#part-2")).to_be_in_viewport()
    page.get_by_role("button", name="Forget this").click()
    expect(page.locator("[data-continue]")).to_have_text("Forgotten on this device.")
    page.goto("/")
    expect(page.locator("[data-continue]")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('places')") is None


def test_a_word_explains_itself_by_keyboard(people: People, scripts: bool) -> None:
    page = people.visitor(scripts=scripts, width=320)
    page.goto(PATH)
    word = page.locator("#short-version .word").first
    meaning = page.get_by_role("group", name="What “myofascial release” means")
    expect(meaning).to_be_hidden()
    word.focus()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    page.keyboard.press("Tab")
    expect(meaning.get_by_role("link", name="All explained words")).to_be_focused()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(word).to_be_focused()
