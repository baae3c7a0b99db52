"""Every page, opened once: it is quiet, stays at home and stands still, axe finds nothing to complain of in light and in
dark, and a narrow screen is enough for it."""

import pytest
from playwright.sync_api import Page

from .axe import assert_none, in_each_scheme, violations
from .fit import assert_easy_to_hit, assert_fits_in_all_sizes
from .pages import PUBLIC, STAFF
from .people import People
from .still import assert_still

pytestmark = pytest.mark.look

PHONE = 375
EASY_TO_HIT = {"queue", "decline", "several", "one card", "sender", "pause", "desk mail"}
STILL = {
    *("home", "article", "own waiting comment", "search with results", "reading settings"),
    *("queue", "decline", "article editor"),
}


def is_known(noise: str) -> bool:
    """The editor's library writes one inline style; the policy blocks it and nothing is missing."""
    return "Applying inline style violates" in noise and " on /static/django_prose_editor/" in noise


def assert_quiet(people: People, page: Page) -> None:
    """Nothing in the console, the policy is kept, and no other host is asked for anything."""
    page.wait_for_load_state("load")
    assert [noise for noise in people.watch.noise if not is_known(noise)] == []
    assert people.watch.foreign == []


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_accessible_fits_and_is_easy_to_hit(people: People, name: str) -> None:
    page = people.visitor(width=PHONE)
    PUBLIC[name](people, page)
    assert_quiet(people, page)
    if name in STILL:
        assert_still(page)
    assert_none(in_each_scheme(page))
    assert_easy_to_hit(page)
    assert_fits_in_all_sizes(page)


@pytest.mark.parametrize("name", STAFF)
def test_a_page_of_the_staff_is_accessible_and_fits(people: People, name: str) -> None:
    account, opened = STAFF[name]
    page = people.staff(account, width=PHONE)
    opened(people, page)
    assert_quiet(people, page)
    if name in STILL:
        assert_still(page)
    assert_none(in_each_scheme(page))
    if name in EASY_TO_HIT:
        assert_easy_to_hit(page)
    assert_fits_in_all_sizes(page)


@pytest.mark.parametrize("theme", ["light", "sepia", "dim", "dark"])
@pytest.mark.parametrize("name", ["home", "article"])
def test_a_chosen_theme_is_accessible(people: People, name: str, theme: str) -> None:
    page = people.visitor(width=PHONE, reading=f"{theme}.normal.normal")
    PUBLIC[name](people, page)
    assert page.locator("html").get_attribute("data-theme") == theme
    assert_none(violations(page))
