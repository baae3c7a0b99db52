"""axe, run in the page as it stands."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from .people import Scheme

SHOWN = 4  # places a rule: the page of the log alone has forty of one kind
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
    "preload": False,  # it would fetch style sheets of style sheets under wrong addresses
}
# All that a scheme changes. (The other rules were asked in the first one.)
OF_COLOURS = OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@cache
def axe() -> str:
    return (Path(str(axe_playwright_python.__file__)).parent / "axe.min.js").read_text()


def violations(page: Page, options: dict[str, Any] = OPTIONS) -> list[str]:
    """One line a rule: what it wants, and the first places that break it."""
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe())
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [f"{rule['id']} ({rule['help']}): {places(rule['nodes'])}" for rule in found["violations"]]


def places(nodes: list[dict[str, Any]]) -> str:
    shown = [f"{' '.join(map(str, node['target']))} {node['html'][:120]}" for node in nodes[:SHOWN]]
    more = [f"and {len(nodes) - SHOWN} more"] if len(nodes) > SHOWN else []
    return "; ".join([*shown, *more])


def in_each_scheme(page: Page) -> list[str]:
    found: dict[str, list[str]] = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for wrong in violations(page, OPTIONS if scheme == SCHEMES[0] else OF_COLOURS):
            found.setdefault(wrong, []).append(scheme)
    return [f"{' and '.join(schemes)}: {wrong}" for wrong, schemes in found.items()]


def assert_none(found: list[str]) -> None:
    assert not found, "\n  ".join(["axe complains:", *found])
