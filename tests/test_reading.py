"""Reading settings: one cookie with four words of closed lists, and nothing else."""

from itertools import product
from math import prod

import pytest
from django.test import Client, RequestFactory

from articles.models import Article
from fibroblog.reading import COOKIE, LISTS, THEMES, Reading

pytestmark = pytest.mark.django_db
PATH = "/reading-settings/"
CHOSEN = {"theme": "sepia", "size": "larger", "spacing": "wide", "pictures": "dim"}


def test_chosen_settings_are_kept_and_shown_on_every_page(client: Client, article: Article) -> None:
    response = client.post(PATH, CHOSEN)
    assert (response.status_code, response.headers["Location"]) == (302, PATH)
    cookie = client.cookies[COOKIE]
    assert cookie.value == "sepia.larger.wide.dim"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 3600
    for path in ("/", article.get_absolute_url(), PATH, "/nowhere/"):
        html = 'data-theme="sepia" data-size="larger" data-spacing="wide" data-pictures="dim"'
        assert html in client.get(path).content.decode()


def test_the_cookie_is_secure_where_the_connection_is(client: Client) -> None:
    assert client.post(PATH, CHOSEN, secure=True).cookies[COOKIE]["secure"]
    assert not client.post(PATH, CHOSEN).cookies[COOKIE]["secure"]


def test_the_same_choice_twice_is_the_same(client: Client) -> None:
    first, second = (client.post(PATH, CHOSEN).cookies[COOKIE].OutputString() for _ in range(2))
    assert first == second


def test_the_form_shows_what_is_chosen(client: Client) -> None:
    client.post(PATH, CHOSEN)
    text = client.get(PATH).content.decode()
    for name, value in CHOSEN.items():
        assert f'<input type="radio" name="{name}" value="{value}"' in text
        assert text.split(f'name="{name}" value="{value}"')[1].split(">")[0].endswith("checked")
    for theme in THEMES:
        assert f"swatch-{theme}" in text


def test_looking_sets_no_cookie(client: Client) -> None:
    assert not client.get(PATH, CHOSEN).cookies
    assert not client.head(PATH).cookies
    assert client.put(PATH).status_code == 405


def test_the_first_settings_come_back(client: Client) -> None:
    client.post(PATH, CHOSEN)
    response = client.post(PATH, {**CHOSEN, "reset": "1"})
    assert response.status_code == 302
    assert client.cookies[COOKIE].value == ""
    assert 'data-theme="device" data-size="normal"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "fields", [{}, {**CHOSEN, "theme": "neon"}, {"theme": "dark"}, {**CHOSEN, "size": '"><script>'}]
)
def test_what_is_not_on_the_lists_is_not_kept(client: Client, fields: dict[str, str]) -> None:
    response = client.post(PATH, fields)
    assert response.status_code == 422
    assert not response.cookies
    assert "Error: Reading settings" in response.content.decode()
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "dark",
        "dark.normal",
        "dark.normal.wide.x",
        "dark.normal.wide.dim.x",
        "neon.normal.wide",
        "dark.tiny.wide",
        "dark.normal.narrow",
        "..",
        '"><b>.x.y',
    ],
)
def test_a_cookie_that_says_anything_else_counts_as_none(value: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = value
    assert Reading.of(request) == Reading()


def test_every_choice_can_be_read_back() -> None:
    for choice in product(*LISTS):
        request = RequestFactory().get("/")
        request.COOKIES[COOKIE] = ".".join(choice)
        assert Reading.of(request) == Reading(*choice)


def test_a_page_looks_in_few_ways_so_that_each_can_be_kept() -> None:
    assert prod(len(choices) for choices in LISTS) == 60


def test_a_cookie_from_before_pictures_could_be_dimmed_still_counts() -> None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = "dark.large.wide"
    assert Reading.of(request) == Reading("dark", "large", "wide", "normal")


def test_one_comes_back_to_the_post(client: Client, article: Article) -> None:
    text = client.get(PATH, {"next": article.get_absolute_url()}).content.decode()
    assert f'name="next" value="{article.get_absolute_url()}"' in text
    assert "Save and go back to the post" in text
    response = client.post(PATH, {**CHOSEN, "next": article.get_absolute_url()})
    assert response.headers["Location"] == article.get_absolute_url()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "http:evil.test",
        "\x00/x",
        "///evil.test",
    ],
)
def test_nobody_is_sent_to_another_site(client: Client, target: str) -> None:
    assert "evil" not in client.get(PATH, {"next": target}).content.decode()
    assert client.post(PATH, {**CHOSEN, "next": target}).headers["Location"] == PATH


@pytest.mark.parametrize("target", ["home", "nowhere", "a b", "?x", "#x"])
def test_an_address_that_is_none_of_a_page_does_no_harm(client: Client, target: str) -> None:
    response = client.post(PATH, {**CHOSEN, "next": target})
    assert response.status_code == 302
    assert response.cookies[COOKIE].value == "sepia.larger.wide.dim"
    assert response.headers["Location"] == PATH


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}])
def test_another_site_changes_nobodys_settings(client: Client, headers: dict[str, str]) -> None:
    for fields in (CHOSEN, {"reset": "1"}):
        response = client.post(PATH, fields, headers=headers)
        assert response.status_code == 403
        assert COOKIE not in response.cookies
