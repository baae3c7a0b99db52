"""Pages from the store: the same bytes, never stale, never private, whatever a request carries."""

import gzip
import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.utils import timezone

from articles import publishing
from articles.models import Article, Tag
from comments import moderation
from comments.models import Comment, Discussion
from comments.moderation import Seen
from comments.states import State
from fibroblog import pages, policy
from fibroblog.pagecache.layer import TRIES, PageCache
from tests.factories import make_article, make_comment, make_staff

pytestmark = pytest.mark.usefixtures("real_transactions")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


@dataclass
class Site:
    """The layer before the whole site, and how often the site was asked to make a page."""

    room: int = 10_000_000
    made: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        django = WSGIHandler()

        def app(environ: dict[str, Any], start_response: Any) -> Any:
            self.made.append(environ["PATH_INFO"])
            return django(environ, start_response)

        self.layer = PageCache(app, room=self.room)

    def get(self, path: str, query: str = "", method: str = "GET", **headers: str) -> Answer:
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.7",
            "HTTP_HOST": "testserver",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        said: list[Any] = []
        parts = self.layer(environ, lambda status, fields, exc_info=None: said.extend((status, fields)))
        body = b"".join(parts)
        close = getattr(parts, "close", None)
        if close:
            close()
        return Answer(int(said[0][:3]), dict(said[1]), body)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def post() -> Article:
    return make_article(slug="rest", title="Does rest help?")


PATH = "/articles/rest/"


def approve(comment: Comment, by: User) -> None:
    moderation.move(comment, State.APPROVED, by=by, seen=Seen.of(comment))


def test_the_second_reader_gets_the_bytes_of_the_first(site: Site, post: Article) -> None:
    first, second = site.get(PATH), site.get(PATH)
    assert first.status == second.status == 200
    assert "Does rest help?" in first.text
    assert (second.body, second.headers) == (first.body, first.headers)
    assert site.made == [PATH]
    assert second.headers["Cache-Control"] == "no-cache"
    assert "Content-Security-Policy" in second.headers


def test_the_page_is_the_one_that_the_site_makes_without_the_layer(site: Site, post: Article) -> None:
    stored, made = site.get(PATH), Site(room=0).get(PATH)
    assert stored.body == made.body
    assert stored.headers == made.headers


@pytest.mark.parametrize("path", ["/", "/topics/", PATH])
def test_whatever_changes_shows_with_the_very_next_request(site: Site, post: Article, path: str) -> None:
    site.get(path)
    post.title = "Does much rest help?"
    publishing.save_article(post)
    tag = publishing.save_tag(Tag(name="New topic", slug="new"))
    publishing.set_links(post, authors=post.authors.all(), tags=[tag])
    assert ("New topic" if path == "/topics/" else "Does much rest help?") in site.get(path).text


def test_a_decision_shows_at_once_there_and_back(site: Site, post: Article) -> None:
    moderator = make_staff("mo", "Moderators")
    comment = make_comment(post, state=State.PENDING, body="I had a good day.")
    assert "I had a good day." not in site.get(PATH).text
    approve(comment, moderator)
    assert "I had a good day." in site.get(PATH).text
    assert "1 comment" in site.get("/").text
    comment.refresh_from_db()
    moderation.withdraw(comment)
    assert "I had a good day." not in site.get(PATH).text
    assert "1 comment" not in site.get("/").text


def test_the_clock_changes_pages_too(site: Site, post: Article, clock: time_machine.Traveller) -> None:
    make_article(slug="soon", title="What comes soon?", published_at=timezone.now() + timedelta(minutes=5))
    assert "What comes soon?" not in site.get("/").text
    clock.shift(299)
    assert "What comes soon?" not in site.get("/").text
    clock.shift(2)
    assert "What comes soon?" in site.get("/").text


def test_a_discussion_closes_and_a_pause_ends_by_the_clock(
    site: Site, post: Article, clock: time_machine.Traveller
) -> None:
    moderation.set_discussion(Discussion(article=post, closes_after_days=2))
    policy.pause(until=timezone.now() + timedelta(hours=3), sentence="We are away.", by=None)
    assert "We are away." in site.get(PATH).text
    clock.shift(3 * 3600 + 1)
    assert "We are away." not in site.get(PATH).text
    assert 'id="comment-form"' in site.get(PATH).text
    clock.shift(24 * 3600)
    assert 'id="comment-form"' not in site.get(PATH).text


def test_a_page_made_while_something_changed_is_not_kept(site: Site, post: Article) -> None:
    django = site.layer._app

    def slow(environ: dict[str, Any], start_response: Any) -> Any:
        parts = list(django(environ, start_response))
        pages.changed(article=post.pk)
        return parts

    site.layer._app = slow
    assert site.get(PATH).status == 200
    site.layer._app = django
    site.get(PATH)
    site.get(PATH)
    assert site.made == [PATH] * (TRIES + 1)


def test_a_page_that_changed_while_it_was_made_is_made_again_as_a_whole(
    site: Site, post: Article, moderator: User
) -> None:
    comment = make_comment(post, state=State.PENDING, body="It helped me.")
    django = site.layer._app

    def interrupted(environ: dict[str, Any], start_response: Any) -> Any:
        parts = list(django(environ, start_response))
        if comment.state == State.PENDING:
            approve(comment, moderator)
        return parts

    site.layer._app = interrupted
    assert "It helped me." in site.get(PATH).text
    assert site.made == [PATH, PATH]


@pytest.mark.parametrize(
    "cookie",
    ["own=x", "sessionid=abc", "a=b; own=x", "reading=dark.large.wide.dim; sessionid=abc", 'own="x"'],
)
def test_who_has_a_cookie_of_ours_is_neither_stored_nor_served_from_the_store(
    site: Site, post: Article, cookie: str
) -> None:
    for _ in range(2):
        assert site.get(PATH, cookie=cookie).headers["Cache-Control"] == "private, no-store"
    assert len(site.layer._store) == 0
    site.get(PATH)
    assert site.get(PATH, cookie=cookie).headers["Cache-Control"] == "private, no-store"
    assert site.made == [PATH] * 4


def test_other_cookies_make_no_difference(site: Site, post: Article) -> None:
    first = site.get(PATH)
    for cookie in (
        "_ga=1",
        "csrftoken=abc",
        "reading=nonsense",
        "owner=me",
        "reading=device.normal.normal.normal",
        ";;=;",
    ):
        assert site.get(PATH, cookie=cookie).body == first.body
    assert site.made == [PATH]


def test_reading_settings_have_pages_of_their_own(site: Site, post: Article) -> None:
    dark = site.get(PATH, cookie="reading=dark.large.wide.dim")
    assert 'data-theme="dark" data-size="large"' in dark.text
    assert 'data-theme="device"' in site.get(PATH).text
    assert site.get(PATH, cookie="x=y; reading=dark.large.wide.dim").body == dark.body
    assert len(site.made) == 2


def test_unknown_parameters_neither_bypass_nor_poison(site: Site, post: Article) -> None:
    poisoned = site.get(PATH, "utm_source=<script>&fbclid=7&page=1")
    assert "utm_source" not in poisoned.text
    assert site.get(PATH, "x=1").body == site.get(PATH).body == poisoned.body
    assert site.get("/topics/", "page=2").body == site.get("/topics/", "page=3").body
    assert site.made == [PATH, "/topics/"]


def test_forged_headers_never_get_into_a_page(site: Site, post: Article) -> None:
    forged = {
        "x_forwarded_host": "evil.example",
        "x_forwarded_proto": "https",
        "forwarded": "host=evil.example",
        "x_original_url": "/admin/",
        "x_http_method_override": "POST",
        "user_agent": "evil.example",
        "referer": "https://evil.example/",
        "accept_language": "evil",
        "range": "bytes=0-3",
        "if_modified_since": "Sat, 01 Jan 2044 00:00:00 GMT",
    }
    answer = site.get(PATH, **forged)
    assert answer.status == 200
    assert "evil" not in answer.text
    assert site.get(PATH).body == answer.body
    assert len(site.made) == 1


def test_a_host_that_is_not_ours_is_refused_and_stores_nothing(site: Site, post: Article) -> None:
    for host in ("evil.example", "testserver.evil.example", "testserver@evil.example", "", "test server"):
        assert site.get(PATH, host=host).status == 400
    site.get(PATH)
    assert site.get(PATH, host="evil.example").status == 400
    assert "evil" not in site.get(PATH).text
    assert site.get(PATH, host="testserver:8000").status == 200


@pytest.mark.parametrize(
    "query", ["reply=abc", "sent=abc", "page=01", "page=x", "page=", "order=oldest", "page=-1"]
)
def test_what_is_made_for_one_visitor_or_makes_no_sense_is_not_stored(
    site: Site, post: Article, query: str
) -> None:
    site.get(PATH, query)
    site.get(PATH, query)
    assert len(site.made) == 2
    assert len(site.layer._store) == 0


@pytest.mark.parametrize(
    "path",
    [
        "/search/",
        "/contact/",
        "/reading-settings/",
        "/healthz",
        "/admin/",
        "/nowhere/",
        "/articles/none/",
        "//",
        PATH[:-1],
    ],
)
def test_other_addresses_are_answered_by_the_site_each_time(site: Site, post: Article, path: str) -> None:
    site.get(path)
    site.get(path)
    assert site.made == [path, path]
    assert len(site.layer._store) == 0


def test_a_post_sent_to_a_page_is_never_answered_from_the_store(site: Site, post: Article) -> None:
    site.get(PATH)
    assert site.get(PATH, method="POST").status == 403
    assert site.get(PATH, method="OPTIONS").status == 405


def test_an_unpublished_post_is_gone_at_once(site: Site, post: Article) -> None:
    assert site.get(PATH).status == 200
    publishing.unpublish([post])
    assert site.get(PATH).status == 404
    assert "Does rest help?" not in site.get("/").text


def test_gzip_head_and_not_modified_are_the_same_page(site: Site, post: Article) -> None:
    plain = site.get(PATH)
    packed = site.get(PATH, accept_encoding="br, gzip;q=0.8")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.text == plain.text
    assert int(packed.headers["Content-Length"]) == len(packed.body) < len(plain.body)
    assert "Content-Encoding" not in site.get(PATH, accept_encoding="gzip;q=0").headers
    head = site.get(PATH, method="HEAD")
    assert head.body == b""
    assert head.headers == plain.headers
    for tag in (plain.headers["ETag"], packed.headers["ETag"], f'"other", W/{packed.headers["ETag"]}', "*"):
        again = site.get(PATH, if_none_match=tag)
        assert (again.status, again.body) == (304, b"")
        assert "Content-Length" not in again.headers
    assert site.get(PATH, if_none_match='"other"').status == 200
    pages.changed(article=post.pk)
    assert site.get(PATH, if_none_match=plain.headers["ETag"]).status == 304, "the same bytes, made again"
    assert len(site.made) == 2


def test_memory_is_bounded_and_what_was_used_least_goes_first(post: Article) -> None:
    site = Site(room=20_000)
    readings = [
        f"reading={theme}.{size}.wide.dim"
        for theme in ("light", "sepia", "dim", "dark")
        for size in ("large", "larger")
    ]
    site.get(PATH)
    for cookie in readings:
        site.get(PATH, cookie=cookie)
        site.get(PATH)
        assert site.layer._store.used <= 20_000
    assert len(site.layer._store) < len(readings)
    assert site.made.count(PATH) == len(readings) + 1, "the page that everybody reads was kept all the time"


def test_without_room_every_page_is_made_anew(post: Article) -> None:
    site = Site(room=0)
    site.get(PATH)
    site.get(PATH)
    assert len(site.made) == 2


class Broken:
    def versions(self, names: tuple[str, ...]) -> tuple[int, ...]:
        raise OperationalError("no such table")


def test_without_its_stamps_nothing_comes_from_the_store(site: Site, post: Article) -> None:
    site.get(PATH)
    site.layer._stamps = Broken()
    assert site.get(PATH).status == 200
    assert site.made == [PATH, PATH]
