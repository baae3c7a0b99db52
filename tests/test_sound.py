"""Requests that no browser makes are turned away with a page, not with a fault of ours."""

import pytest
from django.test import Client

from fibroblog import limits

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/?reply=%00", "/search/?q=a%00b", "/articles/%00/", "/admin/?x=%00"])
def test_a_null_character_in_an_address_is_refused(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert "Sorry, we could not read that" in response.content.decode()
    assert "Content-Security-Policy" in response.headers


def test_a_null_character_in_a_cookie_is_refused(client: Client) -> None:
    assert client.get("/", headers={"Cookie": 'sessionid="\\000x"'}).status_code == 400


@pytest.mark.parametrize("charset", ["hex", "idna", "utf-16", "nonsense"])
def test_a_form_in_another_alphabet_is_refused(client: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", "/contact/", b"name=x", content_type=kind).status_code == 400


def test_large_bodies_are_not_read_outside_the_admin(client: Client) -> None:
    body = b"x" * (limits.REQUEST_MAX_KILOBYTES * 1024 + 1)
    kind = "multipart/form-data; boundary=b"
    assert client.post("/contact/", body, content_type=kind).status_code == 413
    assert client.post("/admin/login/", body, content_type=kind).status_code != 413


def test_ordinary_requests_pass(client: Client) -> None:
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    assert client.post("/contact/", "name=x", content_type=kind).status_code == 422
