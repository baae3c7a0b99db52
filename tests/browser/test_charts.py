"""Charts on a real phone: real fonts are no wider than the drawing reckons with, and letters are large enough."""

import pytest

from .people import People
from .steps import article

pytestmark = pytest.mark.look

# Each text's size on the screen, whether it stays inside, and what it lies on.
FAULTS = """() => [...document.querySelectorAll('.chart svg')].flatMap(svg => {
  const faults = [], scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBBox()]);
  for (const [words, box] of texts) {
    if (scale * parseFloat(getComputedStyle(svg.querySelector('text')).fontSize) < 14) faults.push('small: ' + words);
    if (box.x < -0.5 || box.x + box.width > svg.viewBox.baseVal.width + 0.5) faults.push('outside: ' + words);
    for (const [others, other] of texts)
      if (words !== others && Math.abs(other.y - box.y) < 10 && other.x < box.x + box.width && box.x < other.x + other.width)
        faults.push('upon each other: ' + words + ' / ' + others);
  }
  return faults;
})"""


@pytest.mark.parametrize(
    ("slug", "charts"),
    [("myofascial-release-trial", 5), ("release-or-stretching", 2), ("manual-therapy-review", 1)],
)
def test_every_word_of_a_chart_can_be_read_on_the_narrowest_phone(
    people: People, slug: str, charts: int
) -> None:
    page = people.visitor(width=320)
    page.goto(article(slug))
    page.evaluate("document.querySelectorAll('.charts details').forEach(one => { one.open = true; })")
    assert page.locator(".chart svg").count() == charts
    assert page.evaluate(FAULTS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_in_print_all_charts_are_there_and_in_ink(people: People) -> None:
    page = people.visitor(reading="dark.normal.normal")
    page.goto(article("myofascial-release-trial"))
    page.emulate_media(media="print")
    for chart in page.locator(".chart svg").all():
        assert chart.is_visible()
    colours = page.locator(".chart svg :is(text, circle)").evaluate_all(
        "all => all.map(one => getComputedStyle(one).color)"
    )
    assert set(colours) == {"rgb(0, 0, 0)"}
