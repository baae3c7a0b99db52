"""Every page: axe finds nothing to complain of in light and in dark, and a narrow screen is enough for it."""

import pytest

from .axe import assert_none, in_each_scheme, violations
from .fit import assert_easy_to_hit, assert_fits_in_all_sizes
from .pages import PUBLIC, STAFF
from .people import People

pytestmark = pytest.mark.look

PHONE = 375
EASY_TO_HIT = {"queue", "decline", "several", "one card", "sender", "pause", "desk mail"}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_accessible_fits_and_is_easy_to_hit(people: People, name: str) -> None:
    page = people.visitor(width=PHONE)
    PUBLIC[name](people, page)
    assert_none(in_each_scheme(page))
    assert_easy_to_hit(page)
    assert_fits_in_all_sizes(page)


@pytest.mark.parametrize("name", STAFF)
def test_a_page_of_the_staff_is_accessible_and_fits(people: People, name: str) -> None:
    account, opened = STAFF[name]
    page = people.staff(account, width=PHONE)
    opened(people, page)
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
