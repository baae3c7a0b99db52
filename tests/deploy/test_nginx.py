"""The files of deploy/nginx in a real nginx: it hands out pages by itself, and none that the site would not give."""

import gzip
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone
from pytest_django import Settings

from articles import publishing
from articles.models import Article
from comments import moderation
from comments.moderation import Seen
from comments.states import State
from fibroblog import limits, pages, private, reading
from fibroblog.pagecache.files import PLAIN, PageFiles, comparable
from fibroblog.pagecache.layer import PageCache
from tests.deploy.front import CONF, NGINX, Answer, Dead, Site, ask, nginx
from tests.factories import make_article, make_comment

needs_nginx = pytest.mark.skipif(
    NGINX is None, reason="there is no nginx here; with CI=true the launcher does not even start"
)

PATH = "/articles/rest/"


@dataclass
class Front:
    """nginx, and behind it the site."""

    port: int
    plain: int
    site: Site
    pages: Path

    def get(self, path: str = PATH, **headers: str) -> Answer:
        """As a browser asks that does not say what it has already."""
        given = {"Accept_Encoding": "gzip, deflate, br", "X_Clock": f"{time.time():.3f}", **headers}
        return ask(self.port, path, **given)

    def text(self, path: str = PATH, **headers: str) -> str:
        answer = self.get(path, **headers)
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(answer.body) if packed else answer.body).decode()

    def came_from_nginx(self, path: str = PATH, **headers: str) -> bool:
        before = len(self.site.asked)
        self.get(path, **headers)
        return len(self.site.asked) == before


@pytest.fixture
def https(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site as it stands behind nginx."""
    settings.SITE_URL = "https://testserver"
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    monkeypatch.setattr(limits, "TRUSTED_PROXIES", 1)


@pytest.fixture
def post(real_transactions: None) -> Article:
    article = make_article(slug="rest", title="Does rest help?")
    pages.changed(discussion=article.pk, counts=True)
    return article


@pytest.fixture
def site(post: Article, https: None, settings: Settings, tmp_path: Path) -> Iterator[Site]:
    settings.PAGE_FILES = str(tmp_path / "pages")
    site = Site(PageCache(WSGIHandler(), files=PageFiles.here()))
    yield site
    site.close()


@pytest.fixture
def front(site: Site, tmp_path: Path) -> Iterator[Front]:
    with nginx(tmp_path, sites=(site.port, site.port), pages=tmp_path / "pages") as (port, plain):
        yield Front(port, plain, site, tmp_path / "pages")


@needs_nginx
def test_who_reads_is_answered_by_nginx_alone_and_sees_each_change_at_once(
    front: Front, post: Article, moderator: User
) -> None:
    comment = make_comment(post, state=State.PENDING, body="I had a good day.")
    first = front.get()
    assert first.status == 200
    assert front.came_from_nginx()
    assert front.get().body == first.body
    moderation.move(comment, State.APPROVED, by=moderator, seen=Seen.of(comment))
    assert "I had a good day." in front.text()
    assert "I had a good day." in front.text()
    assert front.came_from_nginx()
    comment.refresh_from_db()
    moderation.withdraw(comment)
    assert "I had a good day." not in front.text()
    publishing.unpublish([post])
    assert front.get().status == 404
    assert "Does rest help?" not in front.text("/")


def said(answer: Answer) -> dict[str, str]:
    """All headers but those of the connection and the server, and the ETag, which only has to be there."""
    left_out = {"date", "server", "connection", "etag"}
    headers = (comparable(header) for header in answer.headers.items())
    return {name: value for name, value in headers if name not in left_out}


def drop(headers: dict[str, str], names: set[str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


@needs_nginx
def test_a_page_from_nginx_has_the_very_headers_of_the_site(front: Front) -> None:
    packed = {"Accept_Encoding": "gzip", "X_Forwarded_Proto": "https"}
    made = front.get()
    assert front.came_from_nginx()
    kept = front.get()
    direct = ask(front.site.port, PATH, **packed)
    assert said(kept) == said(direct) == said(made)
    assert kept.body == direct.body
    assert "strict-transport-security" in said(kept)
    head = front.get(method="HEAD")
    assert (head.status, head.body, said(head)) == (200, b"", said(kept))
    tags = [answer.headers["ETag"] for answer in (kept, direct)]
    not_modified = front.get(If_None_Match=tags[0])
    direct = ask(front.site.port, PATH, If_None_Match=tags[1], **packed)
    assert (not_modified.status, direct.status, not_modified.body) == (304, 304, b"")
    of_the_body = {"content-encoding", "content-length"}  # and there is none
    assert drop(said(not_modified), of_the_body) == drop(said(direct), of_the_body)
    assert "Last-Modified" not in kept.headers


@needs_nginx
def test_another_page_is_never_not_modified(front: Front, post: Article) -> None:
    front.get()
    tag = front.get().headers["ETag"]
    assert front.get(If_None_Match=tag).status == 304
    Article.objects.filter(pk=post.pk).update(title="Does Rest help?")
    pages.changed(article=post.pk, site=True)
    front.get()
    assert front.came_from_nginx()
    assert front.get(If_None_Match=tag).status == 200
    assert front.get(If_Modified_Since="Sat, 01 Jan 2050 00:00:00 GMT").status == 200
    assert front.get(Range="bytes=0-3").status == 200
    assert front.get(If_Unmodified_Since="Sat, 01 Jan 1972 00:00:00 GMT").status == 200
    assert front.get(If_Match='"other"').status == 200


COOKIES = {
    "_ga=1; csrftoken=abc": True,
    "reading=device.normal.normal.normal": True,
    "own=x": False,
    "a=b; own=x": False,
    'OWN="x"': False,
    "sessionid=abc": False,
    "reading=dark.large.wide.dim; sessionid=abc": False,
    "sessionid=abc; reading=dark.large.wide.dim": False,
    "reading=../../../etc": False,
    "reading=dark.large.wide": False,
    "reading=light.large.wide.dim; reading=dark.large.wide.dim": False,
}


@needs_nginx
def test_a_cookie_of_the_site_leads_to_the_site(front: Front) -> None:
    front.get()
    for cookie, from_nginx in COOKIES.items():
        for _ in range(2):
            assert (cookie, front.came_from_nginx(Cookie=cookie)) == (cookie, from_nginx)
    for cookie in ("own=x", "a=b; own=x", "reading=dark.large.wide.dim; sessionid=abc"):
        assert front.get(Cookie=cookie).headers["Cache-Control"] == "private, no-store"
    assert 'data-theme="device"' in front.text()


@needs_nginx
def test_reading_settings_get_pages_of_their_own(front: Front) -> None:
    dark = "x=y; reading=dark.large.wide.dim; z=1"
    front.get()
    assert 'data-theme="dark" data-size="large"' in front.text(Cookie=dark)
    assert front.came_from_nginx(Cookie=dark)
    assert 'data-theme="dark" data-size="large"' in front.text(Cookie=dark)
    assert 'data-theme="device"' in front.text()


ODD = [
    "/articles//rest/",
    "//articles/rest/",
    "/./articles/rest/",
    "/articles/../articles/rest/",
    "/%61rticles/rest/",
    "/articles/rest/%2e/",
    "/articles/rest/%2e%2e/%2e%2e/",
    "/articles/rest%2f",
    "/articles/rest",
    "/articles/rest/page.html.gz",
    "/articles/rest/;x",
    "/articles/rest/%00",
    "/articles/rest/?x=1",
    "/articles/rest/?",
    "/articles/rest/?reply=abc",
    "/articles/rest/#x",
    "/-/articles/rest/",
    "/Articles/rest/",
    "/articles/REST/",
    "/articles/rest/\\",
]


@needs_nginx
def test_odd_addresses_neither_get_a_page_that_the_site_would_not_give_nor_leave_one(front: Front) -> None:
    good = front.text()
    for path in ODD:
        for _ in range(2):
            answer = front.get(path)
            direct = ask(front.site.port, path, Accept_Encoding="gzip", X_Forwarded_Proto="https")
            assert (path, answer.status) == (path, direct.status)
    assert front.came_from_nginx()
    assert front.text() == good
    found = {str(path.relative_to(front.pages)) for path in front.pages.rglob("page.html.gz")}
    assert {path.partition("/-/")[2] for path in found} == {"articles/rest/page.html.gz"}


@needs_nginx
def test_only_the_site_answers_to_other_methods_and_foreign_names(front: Front) -> None:
    front.get()
    for method in ("POST", "OPTIONS", "DELETE"):
        assert not front.came_from_nginx(method=method)
    assert front.came_from_nginx(Host="TestServer")
    assert front.came_from_nginx(Host="testserver.:443")
    for host in ("evil.example", "testserver.evil.example", "127.0.0.1", ""):
        assert front.get(Host=host).status in {400, 421}
    assert front.get("http://evil.example/articles/rest/").status == 421
    assert "evil" not in front.text()
    moved = ask(front.plain, "/articles/rest/?x=1", Host="evil.example")
    assert (moved.status, moved.headers["Location"]) == (301, "https://testserver/articles/rest/?x=1")


ACCEPTED = {"gzip": True, "br, GZIP;q=0.5": True, "": False, "identity": False, "gzip;q=0, br": False}


@needs_nginx
def test_who_takes_nothing_packed_is_led_to_the_site(front: Front) -> None:
    front.get()
    for accepted, packed in ACCEPTED.items():
        assert (accepted, front.came_from_nginx(Accept_Encoding=accepted)) == (accepted, packed)
        assert "Does rest help?" in front.text(Accept_Encoding=accepted)
        assert ("Content-Encoding" in front.get(Accept_Encoding=accepted).headers) is packed


@needs_nginx
def test_the_clock_changes_pages_without_anybody_taking_them_away(
    front: Front, clock: time_machine.Traveller
) -> None:
    end = (int(time.time()) // 1_000 + 1) * 1_000
    clock.move_to(end + 10)
    make_article(
        slug="soon", title="What comes soon?", published_at=timezone.now() + timedelta(seconds=1_500)
    )
    front.get("/")
    assert front.came_from_nginx("/")
    clock.shift(989.9)
    assert front.came_from_nginx("/")
    clock.shift(1)
    assert not front.came_from_nginx("/"), "it changes within this slice of the clock, so the site watches it"
    assert not front.came_from_nginx("/")
    clock.shift(510)
    assert "What comes soon?" in front.text("/")
    clock.shift(500)
    front.get("/")
    assert front.came_from_nginx("/")


@needs_nginx
@pytest.mark.real_time
def test_nginx_and_the_site_have_one_clock(site: Site, tmp_path: Path) -> None:
    with nginx(tmp_path, sites=(site.port, site.port), pages=tmp_path / "pages", clock="$msec") as (
        port,
        plain,
    ):
        front = Front(port, plain, site, tmp_path / "pages")
        # Twice: a new slice may begin between two requests.
        assert any(front.get() and front.came_from_nginx() for _ in range(2))


@needs_nginx
def test_when_a_process_dies_its_readers_are_led_to_the_next(site: Site, tmp_path: Path) -> None:
    dead = Dead()
    with nginx(tmp_path, sites=(dead.port, site.port), pages=tmp_path / "none") as (port, _):
        for _ in range(6):
            assert ask(port, PATH).status == 200
    dead.close()
    assert dead.met, "it was asked, and nobody noticed"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    with nginx(tmp_path, sites=(site.port, nobody), pages=tmp_path / "none") as (port, _):
        for _ in range(6):
            assert ask(port, PATH).status == 200


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[Site]:
    """In the place of the site: says how much it was sent, and which headers."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        size = len(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        start_response("200 OK", [("Content-Type", "text/plain")])
        names = [name for name in environ if name.startswith("HTTP_X")]
        return [f"{size} {' '.join(f'{name}={environ[name]}' for name in sorted(names))}".encode()]

    site = Site(app)
    yield site
    site.close()


@needs_nginx
def test_bodies_are_whole_before_they_reach_the_site_and_not_too_large(echo: Site, tmp_path: Path) -> None:
    with nginx(tmp_path, sites=(echo.port, echo.port), pages=tmp_path / "none") as (port, _):
        said = ask(port, "/x/", method="POST", body="a" * 1000, X_Forwarded_For="192.0.2.9").body.decode()
        assert said == "1000 HTTP_X_FORWARDED_FOR=192.0.2.9, 127.0.0.1 HTTP_X_FORWARDED_PROTO=https"
        assert ask(port, "/x/", method="POST", body="a" * 2_000_000).status == 413
        assert ask(port, "/admin/x/", method="POST", body="a" * 12_000_000).body.startswith(b"12000000 ")
        before = len(echo.asked)
        with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
            slow.sendall(b"POST /x/ HTTP/1.1\r\nHost: testserver\r\nContent-Length: 9\r\n\r\nhalf")
            assert ask(port, "/x/").status == 200, "others are served meanwhile"
            assert len(echo.asked) == before + 1, "and the site has not heard of the slow one"
            slow.sendall(b" done")
            assert slow.recv(4096).startswith(b"HTTP/1.1 200")
        with socket.create_connection(("127.0.0.1", port), timeout=20) as forger:
            forger.sendall(
                b"GET /x/ HTTP/1.1\r\nHost: testserver\r\nX_Forwarded_For: 192.0.2.1\r\nConnection: close\r\n\r\n"
            )
            assert b"192.0.2.1" not in forger.makefile("rb").read()


@needs_nginx
def test_static_files_and_pictures_come_straight_from_the_disk(echo: Site, tmp_path: Path) -> None:
    static, media = tmp_path / "data" / "static" / "css", tmp_path / "data" / "media" / "pictures"
    static.mkdir(parents=True)
    media.mkdir(parents=True)
    for name in ("site.css", "site.0123456789ab.css"):
        (static / name).write_text("plain")
    (static / "site.0123456789ab.css.gz").write_bytes(gzip.compress(b"packed"))
    (media / "a.svg").write_text("<svg/>")
    (media / "a.html").write_text("<script>")
    with nginx(tmp_path, sites=(echo.port, echo.port), pages=tmp_path / "none") as (port, _):
        hashed = ask(port, "/static/css/site.0123456789ab.css", Accept_Encoding="gzip")
        assert gzip.decompress(hashed.body) == b"packed"
        assert hashed.headers["Cache-Control"] == "public, max-age=315360000, immutable"
        assert hashed.headers["Vary"] == "Accept-Encoding"
        assert ask(port, "/static/css/site.css").headers["Cache-Control"] == "no-cache"
        assert ask(port, "/static/css/gone.css").status == 404
        picture = ask(port, "/media/pictures/a.svg")
        assert picture.headers["Content-Type"] == "image/svg+xml"
        assert picture.headers["Content-Security-Policy"].endswith("sandbox")
        assert ask(port, "/media/pictures/none.svg").status == 404
        assert ask(port, "/media/../fibroblog.conf").status in {200, 404}
        assert echo.asked == ["/media/../fibroblog.conf"][: len(echo.asked)]
        ask(port, "/media/pictures/a.html")
        assert echo.asked[-1] == "/media/pictures/a.html", "which gives out nothing but pictures"


def test_what_nginx_knows_of_the_site_is_still_so() -> None:
    conf = (CONF / "fibroblog.conf").read_text()
    (cookies,) = re.findall(r'"~\*\(\?:([\w|]+)\)\[\^;=\]\*="', conf)
    assert set(cookies.split("|")) == set(private.PRIVATE_COOKIES)
    (chosen,) = re.findall(r"\?<chosen>(\(.*)\)\(\?:;", conf)
    words = [set(group.split("|")) for group in re.findall(r"\(\?:([\w|]+)\)", chosen)]
    assert words == [set(choices) for choices in reading.LISTS]
    assert re.search(rf"(?<!\w){reading.COOKIE}=", conf)
    assert "[A-Za-z0-9_-]" in PLAIN.pattern
    assert PLAIN.pattern.replace("{1,100}", "+").replace("{0,8}", "*") in conf
