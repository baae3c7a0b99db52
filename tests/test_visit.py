"""What a request tells about where it comes from."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from fibroblog import limits, visit


def asked(address: str = "192.0.2.1", **headers: Any) -> HttpRequest:
    return RequestFactory().get(
        "/", REMOTE_ADDR=address, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def test_without_proxies_of_ours_nobody_can_choose_their_address() -> None:
    assert visit.address_of(asked(x_forwarded_for="203.0.113.9")) == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, " , ,", "192.0.2.1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(
    monkeypatch: pytest.MonkeyPatch, proxies: int, forwarded: str, address: str
) -> None:
    monkeypatch.setattr(limits, "TRUSTED_PROXIES", proxies)
    assert visit.address_of(asked(x_forwarded_for=forwarded)) == address


def test_one_network_is_told_from_another_and_no_address_is_in_it() -> None:
    one = visit.network_of(asked("192.0.2.1"))
    assert one == visit.network_of(asked("192.0.2.1"))
    assert one != visit.network_of(asked("192.0.2.2"))
    assert len(one) == 64
    assert "192.0.2.1" not in one


def test_a_household_on_ipv6_is_one_network() -> None:
    one = visit.network_of(asked("2001:db8:1:2::1"))
    assert one == visit.network_of(asked("2001:db8:1:2:ffff::9"))
    assert one != visit.network_of(asked("2001:db8:1:3::1"))


@pytest.mark.parametrize("address", ["", "unix:", "not an address", "192.0.2.1:80"])
def test_an_unknown_address_is_one_unknown_network(address: str) -> None:
    assert visit.network_of(asked(address)) == visit.keyed_hash("network", "0.0.0.0")


def test_hashes_of_different_purposes_or_keys_cannot_be_compared(settings: Any) -> None:
    one = visit.keyed_hash("network", "a")
    assert one != visit.keyed_hash("digest", "a")
    settings.SECRET_KEY = "another key that is long enough to be one"
    assert one != visit.keyed_hash("network", "a")


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"sec_fetch_site": "same-origin"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "same-site"}, True),
        ({"sec_fetch_site": "cross-site"}, True),
        ({"sec_fetch_site": "nonsense"}, True),
        ({"sec_fetch_site": "same-origin", "origin": "https://evil.test"}, False),
        ({"origin": "http://testserver"}, False),
        ({"origin": "https://evil.test"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, False),
        ({"origin": "http://["}, True),
    ],
)
def test_the_browsers_word_about_the_sender_counts(headers: dict[str, str], foreign: bool) -> None:
    assert visit.is_foreign(asked(**headers)) is foreign


def test_a_browser_that_says_nothing_is_noticed() -> None:
    assert visit.says_nothing_of_origin(asked())
    assert not visit.says_nothing_of_origin(asked(origin="http://testserver"))
    assert not visit.says_nothing_of_origin(asked(sec_fetch_site="none"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1:1::1", "2001:db8:1:2::1", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("::ffff:192.0.2.1", "::ffff:198.51.100.1", False),
    ],
)
def test_the_wider_network(one: str, other: str, same: bool) -> None:
    from django.test import RequestFactory

    from fibroblog.visit import neighbourhood_of, network_of

    requests = [RequestFactory().get("/", REMOTE_ADDR=address) for address in (one, other)]
    assert (neighbourhood_of(requests[0]) == neighbourhood_of(requests[1])) is same
    assert network_of(requests[0]) != network_of(requests[1])
