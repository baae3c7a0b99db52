"""No page complains in the console, breaks its own policy, or asks another host for anything."""

import pytest

from .pages import PUBLIC, STAFF
from .people import People

pytestmark = pytest.mark.look


def is_known(noise: str) -> bool:
    """The editor's library writes one inline style; the policy blocks it and nothing is missing."""
    return "Applying inline style violates" in noise and " on /static/django_prose_editor/" in noise


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_quiet_and_stays_at_home(people: People, name: str) -> None:
    page = people.visitor()
    PUBLIC[name](people, page)
    page.wait_for_load_state("load")
    assert people.watch.noise == []
    assert people.watch.foreign == []


@pytest.mark.parametrize("name", STAFF)
def test_a_page_of_the_staff_is_quiet_and_stays_at_home(people: People, name: str) -> None:
    account, opened = STAFF[name]
    page = people.staff(account)
    opened(people, page)
    page.wait_for_load_state("load")
    assert [noise for noise in people.watch.noise if not is_known(noise)] == []
    assert people.watch.foreign == []
