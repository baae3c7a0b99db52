"""Every page is valid HTML, as the Nu HTML checker sees it: one run over all of them, fetched from the site itself."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from .crowd import SLUG as LONG
from .server import Site
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


def test_every_page_is_valid_html(site: Site, tmp_path: Path) -> None:
    jar = os.environ.get("VNU_JAR")
    if not jar and os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail("With CI=true the HTML checker must not be left out; `make test` fetches it.")
    if not jar:
        pytest.skip("VNU_JAR does not say where the HTML checker is; `make test` fetches it")
    names = {}
    for number, (name, text) in enumerate(pages(site)):
        file = tmp_path / f"{number}.html"
        file.write_text(text)
        names[file.name] = name
    (tmp_path / "wrong.html").write_text('<!doctype html><title>Wrong</title><p id="a"><p id="a">')
    command = ["java", "-jar", jar, "--errors-only", "--format", "json", "--exit-zero-always", str(tmp_path)]
    # It writes what it found to the stream for errors.
    said = subprocess.run(command, capture_output=True, check=True, timeout=300).stderr
    found = [(Path(fault["url"]).name, fault) for fault in json.loads(said)["messages"]]
    assert any(name == "wrong.html" for name, _ in found), "the checker did not look"
    faults = [
        f"{names[name]}, line {fault.get('lastLine')}: {fault['message']} {fault.get('extract', '').strip()!r}"
        for name, fault in found
        if name != "wrong.html"
    ]
    assert not faults, "\n  ".join(["not valid:", *faults])
