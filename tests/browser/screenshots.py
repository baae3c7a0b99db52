"""`make screenshots`: every main screen at two widths, light and dark, into screenshots/; two of them for the README.

For looking at, not for comparing: nothing fails here but a page that does not open.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from .conftest import ARGUMENTS, LEFT_OUT, chromium
from .server import ROOT, Site, running

FOLDER = ROOT / "screenshots"
FOR_THE_README = ROOT / "docs" / "pictures"
TRIAL = "/articles/myofascial-release-trial/"
PUBLIC = {
    "home": "/",
    "post": TRIAL,
    "review": "/articles/manual-therapy-review/",
    "reply": f"{TRIAL}#comment-form",
    "words": "/words/",
    "author": "/authors/demo-editor/",
    "series": "/series/hands-on-treatment/",
    "topics": "/topics/",
    "topic": "/tags/pain/",
    "archive": "/archive/",
    "search": "/search/?q=fascia",
    "nothing-found": "/search/?q=zzz",
    "about": "/about/",
    "contact": "/contact/",
    "comment-policy": "/comment-policy/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "reading-settings": "/reading-settings/",
    "withdraw": f"{TRIAL}comments/withdraw/",
    "not-found": "/nowhere/",
}
STAFF = {
    "admin": "/admin/",
    "queue": "/admin/comments/queue/",
    "spam": "/admin/comments/queue/?state=spam",
    "dashboard": "/admin/comments/dashboard/",
    "learner": "/admin/comments/learner/",
    "log": "/admin/comments/decision/",
    "posts": "/admin/articles/article/",
    "editor": "/admin/articles/article/1/change/",
    "invite": "/admin/auth/user/add/",
    "two-step": "/admin/two-step/set-up/",
}


def main() -> None:
    found = chromium()
    if found is None:
        raise SystemExit(f"No pictures: {LEFT_OUT}.")
    FOLDER.mkdir(exist_ok=True)
    FOR_THE_README.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        running(Path(scratch)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        for width in (360, 1280):
            for scheme in ("light", "dark"):
                tour(browser, site, width, scheme)
        for_the_readme(browser, site)
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures are in {FOLDER.relative_to(ROOT)}/")


def tour(browser: Browser, site: Site, width: int, scheme: str) -> None:
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()

    def shoot(name: str) -> None:
        page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)

    for name, path in PUBLIC.items():
        page.goto(path)
        shoot(name)
    page.goto(TRIAL)
    page.get_by_role("button", name="Send comment").click()
    shoot("error")
    page.get_by_label("Your name or nickname").fill("Robin")
    page.get_by_label("Your comment").fill(f"Thank you, this *helped* me. ({width} {scheme})")
    page.get_by_role("button", name="Preview").click()
    shoot("preview")
    page.get_by_role("button", name="Send comment").click()
    shoot("sent")
    sign_in(page, site)
    for name, path in STAFF.items():
        page.goto(path)
        if name == "editor":
            page.locator(".ProseMirror[contenteditable]").first.wait_for()
        shoot(name)
    page.goto("/admin/comments/queue/")
    page.get_by_role("button", name="Decline…").first.click()
    shoot("decline")
    context.close()


def sign_in(page: Page, site: Site) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Log in").click()


def for_the_readme(browser: Browser, site: Site) -> None:
    context = browser.new_context(
        base_url=site.url, viewport={"width": 800, "height": 1000}, device_scale_factor=1
    )
    page = context.new_page()
    page.goto(TRIAL)
    page.screenshot(path=FOR_THE_README / "post.png")
    sign_in(page, site)
    page.goto("/admin/comments/queue/")
    page.screenshot(path=FOR_THE_README / "queue.png")
    context.close()


if __name__ == "__main__":
    main()
