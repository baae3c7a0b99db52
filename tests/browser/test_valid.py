"""Every page is valid HTML and every style sheet valid CSS, as the Nu HTML checker sees them: one run over all pages,
fetched from the site itself, and one over all sheets."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from .crowd import SLUG as LONG
from .server import ROOT, Site
from .steps import TRIAL

pytestmark = pytest.mark.look

POST = f"/articles/{TRIAL}/"
PUBLIC = [
    *("/", POST, f"{POST}?order=newest", f"/articles/{LONG}/", "/articles/manual-therapy-review/"),
    *("/topics/", "/tags/pain/", "/archive/", "/search/", "/search/?q=pain", "/search/?q=xylophone"),
    *("/about/", "/contact/", "/comment-policy/", "/privacy/", "/accessibility/", "/reading-settings/"),
    *("/moderation-report/", "/my-comments/", "/my-comments/no-such-link/", "/no-such-page/"),
    *(f"{POST}comments/withdraw/", f"{POST}comments/follow/", "/admin/login/"),
]
OF_A_COMMENT = [f"{POST}?reply={{}}", f"{POST}comments/{{}}/", f"{POST}comments/{{}}/report/"]
STAFF = [
    *("/admin/", "/admin/comments/queue/", "/admin/comments/queue/?state=declined"),
    *("/admin/comments/dashboard/", "/admin/comments/pause/", "/admin/comments/measures/"),
    *("/admin/articles/article/", "/admin/articles/article/add/"),
]
# Young properties that the checker does not know yet. A browser that does not either passes them by, and nothing is
# lost: a field does not grow, an explanation opens in the middle.
TOO_NEW = ["field-sizing", "position-area", "position-try-fallbacks"]
FORM = {"name": "", "email": "not an address", "body": "", "parent": "", "seconds": "9", "website": ""}


class Reader:
    """Somebody with cookies and without a browser."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, form: dict[str, str] | None = None) -> str:
        """The page, whatever its status; a form is sent from a page of the site."""
        data = urlencode(form).encode() if form is not None else None
        request = Request(self.site.at(path), data, {"Origin": self.site.url})  # noqa: S310  # our own site
        try:
            answer = self.opener.open(request, timeout=30)
        except HTTPError as refused:
            answer = refused
        with answer:
            return str(answer.read().decode())

    def sign_in(self) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/admin/login/"))
        assert token
        form = {"username": "admin", "password": self.site.password, "csrfmiddlewaretoken": token[1]}
        assert "Log out" in self.get("/admin/login/?next=/admin/", form)


def pages(site: Site) -> Iterator[tuple[str, str]]:
    reader, admin = Reader(site), Reader(site)
    post = reader.get(POST)
    comment, signature = (
        re.search(wanted, post) for wanted in (r'id="comment-(\w+)"', r'name="signature" value="([^"]+)"')
    )
    assert comment
    assert signature
    for path in [*PUBLIC, *(path.format(comment[1]) for path in OF_A_COMMENT)]:
        yield path, reader.get(path)
    form = FORM | {"signature": signature[1]}
    yield "errors of a comment", reader.get(f"{POST}comments/", form | {"do": "Send comment"})
    words = {"name": "Wren", "email": "", "body": "It *helps* me.", "do": "Preview"}
    yield "preview of a comment", reader.get(f"{POST}comments/", form | words)
    yield "errors of contact", reader.get("/contact/", {})
    admin.sign_in()
    for path in STAFF:
        yield path, admin.get(path)


@pytest.fixture
def jar() -> str:
    """Where the checker is, a Java program."""
    named = os.environ.get("VNU_JAR")
    if not named and os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail("With CI=true the HTML checker must not be left out; `make test` fetches it.")
    if not named:
        pytest.skip("VNU_JAR does not say where the HTML checker is; `make test` fetches it")
    return named


def faults(jar: str, *arguments: str | Path) -> list[tuple[str, str]]:
    """Name of the file, and what is wrong where. It writes what it found to the stream for errors."""
    command = [
        "java",
        "-jar",
        jar,
        "--errors-only",
        "--format",
        "json",
        "--exit-zero-always",
        *map(str, arguments),
    ]
    said = subprocess.run(command, capture_output=True, check=True, timeout=300).stderr
    return [
        (
            Path(fault["url"]).name,
            f"line {fault.get('lastLine')}: {fault['message']} {fault.get('extract', '').strip()!r}",
        )
        for fault in json.loads(said)["messages"]
    ]


def test_every_page_is_valid_html(site: Site, tmp_path: Path, jar: str) -> None:
    names = {}
    for number, (name, text) in enumerate(pages(site)):
        file = tmp_path / f"{number}.html"
        file.write_text(text)
        names[file.name] = name
    (tmp_path / "wrong.html").write_text('<!doctype html><title>Wrong</title><p id="a"><p id="a">')
    found = faults(jar, tmp_path)
    assert any(name == "wrong.html" for name, _ in found), "the checker did not look"
    wrong = [f"{names[name]}, {fault}" for name, fault in found if name != "wrong.html"]
    assert not wrong, "\n  ".join(["not valid:", *wrong])


def test_every_style_sheet_is_valid_css(tmp_path: Path, jar: str) -> None:
    for sheet in (ROOT / "static" / "css").glob("*.css"):
        shutil.copy(sheet, tmp_path)
    (tmp_path / "wrong.css").write_text("p { colour: #12345 }")
    found = faults(jar, "--css", *sorted(tmp_path.glob("*.css")))
    assert any(name == "wrong.css" for name, _ in found), "the checker did not look"
    wrong = [
        f"{name}, {fault}"
        for name, fault in found
        if name != "wrong.css" and not any(f"“{one}”: Property" in fault for one in TOO_NEW)
    ]
    assert not wrong, "\n  ".join(["not valid:", *wrong])
