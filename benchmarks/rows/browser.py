"""What a reader on a slow phone waits for: bytes, requests, the largest paint and jumps in Chromium, and Lighthouse's marks.

Prints what it measured beside what we want (docs/decisions/0022), as a table and as one line of JSON. Fails on nothing:
a laptop's figures are not another's.
"""

import json
import os
import random
import statistics
import subprocess
from collections.abc import Iterable
from typing import Any

ROUNDS = 3
COMMENTS = 50
SLUG = "massage-release-and-sleep"
# A slow fourth generation network and a phone that is four times as slow as this machine.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True}
KILO = 1_000
WANTED = {"html": 30.0, "css": 10.0, "js": 10.0, "requests": 8, "lcp": 1.5, "cls": 0.0}
UNITS = {"html": "kB", "css": "kB", "js": "kB", "all": "kB", "requests": "", "lcp": "s", "cls": ""}
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js"}
MARKS = ("performance", "accessibility", "best-practices", "seo")
OBSERVE = """(() => {
  window.seen = {lcp: 0, cls: 0};
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.lcp = entry.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.cls += entry.value; })
    .observe({type: "layout-shift", buffered: true});
})()"""
WORDS = [
    *(
        "years",
        "what",
        "helped",
        "me",
        "most",
        "was",
        "to",
        "rest",
        "before",
        "I",
        "am",
        "tired",
        "and",
        "walk",
    ),
    *(
        "little",
        "each",
        "morning",
        "my",
        "sister",
        "tried",
        "another",
        "way",
        "felt",
        "better",
        "some",
        "weeks",
    ),
    *(
        "then",
        "pain",
        "came",
        "back",
        "but",
        "sleep",
        "is",
        "good",
        "now",
        "which",
        "matters",
        "more",
        "than",
        "any",
    ),
]


def measure() -> None:
    from articles.models import Article
    from benchmarks import load

    chromium, lighthouse = os.environ.get("CHROMIUM"), os.environ.get("LIGHTHOUSE")
    if not chromium:
        print("\nPages in a browser are left out: no Chromium was found (on Debian: apt install chromium).")
        return
    article = Article.objects.get(slug=SLUG)
    talk(article)
    paths = {
        "home": "/",
        f"post, {COMMENTS} comments": article.get_absolute_url(),
        "search": "/search/?q=pain",
    }
    with load.running(article.get_absolute_url()) as server:
        root = f"http://127.0.0.1:{server.port}"
        rows = dict(zip(paths, look(chromium, root, paths.values()), strict=True))
        if lighthouse:
            # What was found by words is not for search engines, and Lighthouse takes marks off for that.
            asked = {name: root + path.partition("?")[0] for name, path in paths.items()}
            marks = {name: judge(lighthouse, chromium, url) for name, url in asked.items()}
    print(
        f"\nPages in Chromium, 1.6 Mbit/s, 150 ms, CPU {SLOWER} times slower, median of {ROUNDS} cold visits"
    )
    print(f"{'':22}" + "".join(f"{name:>13}" for name in UNITS))
    print(f"{'wanted, at most':22}" + "".join(f"{shown(name, WANTED.get(name)):>13}" for name in UNITS))
    for page, row in rows.items():
        print(f"{page:22}" + "".join(f"{shown(name, row[name]):>13}" for name in UNITS))
    if not lighthouse:
        print("Lighthouse is left out: npm could not fetch it, or is missing.")
        marks = {}
    else:
        print(f"\n{'Lighthouse, of 100':22}" + "".join(f"{name:>16}" for name in MARKS))
    for page, mark in marks.items():
        print(f"{page:22}" + "".join(f"{mark[name]:16}" for name in MARKS))
        for lost in mark["lost"]:
            print(f"{'':22}  {lost}")
    print(json.dumps({"wanted": WANTED, "pages": rows, "lighthouse": marks}))


def shown(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if name == "requests" else f"{value:.2f} {UNITS[name]}".rstrip()


def talk(article: Any) -> None:
    """Comments as people write them: no two the same, so that they do not pack better than real ones."""
    from comments.models import Comment
    from comments.states import State

    chance = random.Random(1)
    there = Comment.objects.visible().filter(article=article).count()
    parents: list[Comment] = []
    for number in range(there, COMMENTS):
        words = " ".join(chance.choice(WORDS) for _ in range(chance.randint(20, 120)))
        parent = chance.choice(parents) if parents and number % 2 else None
        parents.append(
            Comment.objects.create(
                article=article,
                parent=parent,
                root_id=Comment.root_for(parent),
                name=f"Reader {number}",
                body=words,
                html=f"<p>{words}</p>",
                digest=f"pages-{number}",
                state=State.APPROVED,
                in_thread=True,
            )
        )


def look(chromium: str, root: str, paths: Iterable[str]) -> list[dict[str, float]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        visits = [[visit(browser, root + path) for _ in range(ROUNDS)] for path in paths]
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
