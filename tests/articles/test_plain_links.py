"""Addresses that readers are sent to from a list of resources."""

import pytest
from django.core.exceptions import ValidationError

from articles.plain_links import plain_link


@pytest.mark.parametrize(
    "address",
    [
        "https://openlibrary.org/search?q=Liptan",
        "https://www.nhs.uk/conditions/fibromyalgia/#treatment",
        "https://example.org/page?tags=pain&reference=3",
    ],
)
def test_a_plain_address_is_kept_as_it_is(address: str) -> None:
    assert plain_link(f" {address}\n") == address


def test_none_is_none() -> None:
    assert plain_link("  ") == ""


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://example.org/", "beginning with https"),
        ("javascript:alert(1)", "beginning with https"),
        ("data:text/html,x", "beginning with https"),
        ("/articles/x/", "beginning with https"),
        ("https://localhost/", "beginning with https"),
        ("https:example.org", "beginning with https"),
        ("https://[::1", "beginning with https"),
        ("mailto:a@example.org", "beginning with https"),
        ("https://bank.example@evil.example/", "holds a user name"),
        ("https://shop.example/book?tag=fibro-21", "“tag=”"),
        ("https://shop.example/book?x=1&TAG=fibro-21", "“TAG=”"),
        ("https://shop.example/book?utm_source=blog", "“utm_source=”"),
        ("https://shop.example/book?ref=", "“ref=”"),
        ("https://amzn.to/3abc", "shortened address"),
        ("https://www.bit.ly/3abc", "shortened address"),
    ],
)
def test_an_address_that_hides_pays_or_harms_is_refused_with_a_sentence(address: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        plain_link(address)
