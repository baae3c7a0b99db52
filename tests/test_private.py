"""What a cache may keep: pages for everybody after asking, answers to somebody with a cookie never."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from articles.models import Article
from fibroblog.private import OWNERSHIP_COOKIE, PRIVATE_COOKIES
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
PRIVATE = "private, no-store"


def test_a_page_for_everybody_is_asked_about_each_time(client: Client, article: Article) -> None:
    for path in (
        "/",
        article.get_absolute_url(),
        "/feeds/articles.atom",
        "/sitemap.xml",
        "/about/",
        "/nowhere/",
    ):
        assert client.get(path).headers["Cache-Control"] == "no-cache", path
        assert client.head(path).headers["Cache-Control"] == "no-cache", path


@pytest.mark.parametrize("cookie", PRIVATE_COOKIES)
def test_whoever_brings_a_cookie_of_ours_gets_a_page_that_nobody_keeps(
    client: Client, article: Article, cookie: str
) -> None:
    client.cookies[cookie] = "anything"
    for path in ("/", article.get_absolute_url(), "/feeds/articles.atom", "/nowhere/"):
        assert client.get(path).headers["Cache-Control"] == PRIVATE, path


def test_reading_settings_make_nobody_private(client: Client) -> None:
    client.cookies["reading"] = "dark.normal.wide"
    assert client.get("/").headers["Cache-Control"] == "no-cache"


def test_an_answer_that_sets_a_cookie_is_kept_by_nobody(client: Client) -> None:
    response = client.post("/reading-settings/", {"theme": "dark", "size": "normal", "spacing": "wide"})
    assert response.headers["Cache-Control"] == PRIVATE
    assert Client().get("/admin/login/").headers["Cache-Control"] == PRIVATE


def test_an_answer_to_a_form_is_kept_by_nobody(client: Client) -> None:
    assert client.post("/contact/", {"name": "Wren"}).headers["Cache-Control"] == PRIVATE


def test_the_admin_is_kept_by_nobody(editor: User) -> None:
    client = signed_in(editor)
    for path in ("/admin/", "/admin/articles/article/", "/admin/nowhere/"):
        assert client.get(path).headers["Cache-Control"] == PRIVATE, path


@pytest.mark.parametrize("path", ["/static/css/tokens.css", "/media/a.png"])
def test_files_are_the_same_for_everybody(
    client: Client, path: str, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.png").write_bytes(b"x")
    answers = []
    for value in ("", "anything"):
        client.cookies[OWNERSHIP_COOKIE] = value
        response: Any = client.get(path)
        answers.append((b"".join(response.streaming_content), response.headers["Cache-Control"]))
    assert answers[0] == answers[1]
    assert "public" in answers[0][1]


@pytest.mark.parametrize("path", ["/", "/contact/", "/admin/login/", "/nowhere/", "/feeds/articles.atom"])
def test_every_answer_carries_the_headers_that_protect(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
