"""Two machines share made pages through a real Redis; a Redis that is away makes them slower, never wrong."""

from collections.abc import Iterator
from pickle import UnpicklingError
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from articles.models import Article
from comments.states import State
from fibroblog.pagecache import shared
from fibroblog.redis_cache import RedisCache
from tests.factories import make_article, make_comment
from tests.pagecache.test_layer import PATH, Site, approve
from tests.redis_server import RedisServer, running

pytestmark = [pytest.mark.usefixtures("real_transactions"), pytest.mark.real_time]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis(server: RedisServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> RedisServer:
    server.stop()
    server.start()  # empty again
    options = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
    settings.CACHES = {
        "default": {
            "BACKEND": "fibroblog.redis_cache.RedisCache",
            "LOCATION": server.url,
            "OPTIONS": options,
        }
    }
    monkeypatch.setattr(RedisCache, "_asked_again_at", 0.0)
    return server


@pytest.fixture
def post() -> Article:
    return make_article(slug="rest", title="Does rest help?")


def test_what_one_made_the_other_need_not_make(redis: RedisServer, post: Article) -> None:
    here, there = Site(), Site()
    first, second = here.get(PATH), there.get(PATH)
    assert (here.made, there.made) == ([PATH], [])
    assert (first.status, first.headers, first.body) == (second.status, second.headers, second.body)


def test_what_changed_is_made_anew_for_both(redis: RedisServer, post: Article, moderator: User) -> None:
    here, there = Site(), Site()
    comment = make_comment(post, state=State.PENDING, body="I had a good day.")
    assert "I had a good day." not in here.get(PATH).text + there.get(PATH).text
    approve(comment, moderator)
    assert "I had a good day." in there.get(PATH).text
    assert "I had a good day." in here.get(PATH).text
    assert (here.made, there.made) == ([PATH], [PATH])


def test_a_redis_that_is_away_fails_no_page_and_is_used_again(
    redis: RedisServer, post: Article, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = Site(), Site()
    here.get(PATH)
    redis.stop()
    comment = make_comment(post, state=State.PENDING, body="I had a good day.")
    approve(comment, moderator)
    assert "I had a good day." in here.get(PATH).text
    assert "I had a good day." in there.get(PATH).text
    assert there.made == [PATH]
    assert Client().get("/moderation-report/").status_code == 200  # it keeps its figures there
    assert Client().get("/readyz").json()["cache"] != "ok", "whoever looks after the site is told"
    redis.start()
    monkeypatch.setattr(RedisCache, "_asked_again_at", 0.0)
    cache.set("again", "there")
    assert cache.get("again") == "there"


@pytest.mark.parametrize("name", ["SITE_NAME", "SECRET_KEY"])
def test_pages_made_under_other_settings_are_not_found(
    redis: RedisServer, post: Article, settings: Any, name: str
) -> None:
    shared.release.cache_clear()
    Site().get(PATH)
    setattr(settings, name, "something else that is long enough for a key")
    shared.release.cache_clear()
    there = Site()
    there.get(PATH)
    shared.release.cache_clear()
    assert there.made == [PATH]


def test_what_is_no_page_of_ours_is_passed_over(
    redis: RedisServer, post: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    Site().get(PATH)

    def broken(*_: Any) -> None:
        raise UnpicklingError("nonsense")

    monkeypatch.setattr(RedisCache, "get", broken)
    there = Site()
    assert there.get(PATH).status == 200
    assert there.made == [PATH]


def test_it_is_not_asked_again_at_once(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    redis.stop()
    assert cache.get("anything") is None
    asked: list[str] = []
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", lambda *_: asked.append("again"))
    assert cache.get("anything", "nothing") == "nothing"
    assert asked == []
    redis.start()
