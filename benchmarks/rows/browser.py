"""What a reader on a slow phone waits for: bytes, requests, the largest paint and jumps in Chromium, and Lighthouse's marks.

What we want is in docs/decisions/0022.
"""

import json
import os
import statistics
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks import processes, site_data
from benchmarks.one import Run
from benchmarks.table import LeftOut, Row, at_least, at_most

COMMENTS = 50
# A slow fourth generation network and a phone that is four times as slow as this machine.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True}
KILO = 1_000
# What is wanted, at most.
WANTED = {"html": 30.0, "css": 10.0, "js": 10.0, "requests": 8, "lcp": 1.5, "cls": 0.0}
UNITS = {"html": "kB", "css": "kB", "js": "kB", "all": "kB", "requests": "", "lcp": "s", "cls": ""}
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js"}
BEST = 100  # wanted in each of Lighthouse's kinds
MARKS = ("performance", "accessibility", "best-practices", "seo")
NAMES = {
    "html": "HTML as sent",
    "css": "style sheets as sent",
    "js": "scripts as sent",
    "all": "all that is sent",
    "requests": "requests",
    "lcp": "largest paint",
    "cls": "jumps",
}
OBSERVE = """(() => {
  window.seen = {lcp: 0, cls: 0};
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.lcp = entry.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.cls += entry.value; })
    .observe({type: "layout-shift", buffered: true});
})()"""


def rows(run: Run) -> Iterator[Row]:
    chromium, lighthouse = os.environ.get("CHROMIUM"), os.environ.get("LIGHTHOUSE")
    if not chromium:
        raise LeftOut("no Chromium was found (on Debian: apt install chromium)")
    site_data.set_up()
    post = site_data.demo_post(comments=COMMENTS)
    paths = {"home": "/", f"post, {COMMENTS} comments": post.get_absolute_url(), "search": "/search/?q=pain"}
    with processes.site() as site:
        visited = look(chromium, site.url, paths.values(), run.rounds)
        for page, found in zip(paths, visited, strict=True):
            for name, unit in UNITS.items():
                aim = at_most(WANTED[name]) if name in WANTED else None
                yield Row(f"{page}: {NAMES[name]}", found[name], unit, aim=aim)
        if not lighthouse:
            raise LeftOut("Lighthouse: npm could not fetch it, or is missing (on Debian: apt install npm)")
        for page, path in paths.items():
            # What was found by words is not for search engines, and Lighthouse takes marks off for that.
            yield from marks(page, judge(lighthouse, chromium, site.url + path.partition("?")[0]))


def marks(page: str, judged: dict[str, Any]) -> Iterator[Row]:
    for name in MARKS:
        note = "\n".join(judged["lost"]) if name == MARKS[-1] else ""
        yield Row(f"{page}: Lighthouse, {name}", judged[name], "of 100", aim=at_least(BEST), note=note)


def look(chromium: str, root: str, paths: Iterable[str], rounds: int) -> list[dict[str, float]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        visits = [[visit(browser, root + path) for _ in range(rounds)] for path in paths]
        browser.close()
    return [{name: statistics.median(row[name] for row in rows) for name in UNITS} for rows in visits]


def visit(browser: Any, address: str) -> dict[str, float]:
    """One cold visit: kilobytes as they went over the wire, with headers; seconds to the largest paint; jumps."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.add_init_script(OBSERVE)
    wire = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    found = dict.fromkeys(UNITS, 0.0)

    def answered(event: Any) -> None:
        kinds[event["requestId"]] = KINDS.get(event["type"], "")

    def arrived(event: Any) -> None:
        size = event["encodedDataLength"] / KILO
        found["requests"] += 1
        found["all"] += size
        if kind := kinds.get(event["requestId"]):
            found[kind] += size

    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", arrived)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", NETWORK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="networkidle")
    page.wait_for_function("seen.lcp > 0")  # painted, and observed
    seen = page.evaluate("seen")
    context.close()
    return found | {"lcp": seen["lcp"] / 1000, "cls": seen["cls"]}


def judge(lighthouse: str, chromium: str, address: str) -> dict[str, Any]:
    """Lighthouse's marks, and what cost them."""
    command = ["node", lighthouse, address, "--quiet", "--output=json"]
    command += ["--chrome-flags=--headless=new --no-sandbox", "--enable-error-reporting=false"]
    done = subprocess.run(
        command, env=os.environ | {"CHROME_PATH": chromium}, capture_output=True, timeout=180, check=True
    )
    report = json.loads(done.stdout)
    row: dict[str, Any] = {name: round(report["categories"][name]["score"] * 100) for name in MARKS}
    audits = report["audits"]
    weighty = [
        part["id"] for name in MARKS for part in report["categories"][name]["auditRefs"] if part["weight"]
    ]
    row["lost"] = [
        f"{audits[name]['score']:.2f} {audits[name]['title']} {audits[name].get('displayValue', '')}".rstrip()
        for name in weighty
        if audits[name]["score"] is not None and audits[name]["score"] < 0.995
    ]
    return row
