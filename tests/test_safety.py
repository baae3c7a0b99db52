"""The addresses that may be stored, and text without hidden characters."""

import re
import unicodedata
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fibroblog import safety

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=200)
HIDDEN = st.text(
    st.sampled_from("\x00\x01\x08\t\n\x0b\r\x1f\x7f\x85\xa0\u00ad\u200b\u200d\u200e\u2028\u202e\u2060\ufeff ")
)


@pytest.mark.parametrize(
    "hidden",
    ["\x00", "\t", "\n", "\r", "\x0b", "\x7f", "\u00ad", "\u200b", "\u202e", "\u2066", "\ufeff", " "],
)
@pytest.mark.parametrize(
    "scattered",
    [
        "{}javascript:1",
        "java{}script:1",
        "javascript{}:1",
        "{}//host",
        "/{}/host",
        "/{}\\host",
        "http:{}host",
    ],
)
def test_hidden_characters_do_not_smuggle_an_address_in(scattered: str, hidden: str) -> None:
    assert safety.safe_link(scattered.format(hidden)) is None


@pytest.mark.parametrize("hidden", ["\x00", "\t", "\n", "\u00ad", "\u200b", "\u202e", "\ufeff"])
def test_hidden_characters_are_taken_out_of_an_address_that_stays(hidden: str) -> None:
    assert safety.safe_link(f"https://exa{hidden}mple.org/") == "https://example.org/"


@pytest.mark.parametrize(
    "address", ["http://[", "https://[::1", "http://[x]/", "", "?q", "x", "http://", "mailto:x"]
)
def test_what_is_no_address_at_all_is_no_link(address: str) -> None:
    assert safety.safe_link(address) is None


@pytest.mark.parametrize("address", ["/media/a.png", "/static/a.svg"])
def test_pictures_of_this_site_are_allowed(address: str) -> None:
    assert safety.safe_image(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test/media/a.png",
        "//evil.test/media/a.png",
        "/\\evil.test/media/",
        "#/media/",
        "media/a",
        "",
    ],
)
def test_pictures_from_elsewhere_are_not(address: str) -> None:
    assert safety.safe_image(address) is None


@STEADY
@given(
    st.lists(
        st.one_of(
            HIDDEN, st.text(max_size=6), st.sampled_from(["javascript:", "//", "http:", "/", "\\", "#", "@"])
        )
    )
)
@example(["java", "\u200b", "script:alert(1)"])
@example(["/", "\t", "/evil.test"])
@example(["http://", "@", "/"])
def test_an_allowed_address_has_one_of_four_forms(parts: list[str]) -> None:
    link = safety.safe_link("".join(parts))
    if link is None:
        return
    assert not safety.INVISIBLE.search(link)
    assert not re.search(r"\s", link)
    assert "\\" not in link
    assert not link.startswith("//")
    if not link.startswith(("/", "#")):
        split = urlsplit(link)
        assert split.scheme in {"http", "https", "mailto"}
        assert split.hostname or "@" in split.path
    # What is stored is judged again at the next save and has to be the same.
    assert safety.safe_link(link) == link


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x1bc", "abc"),
        ("\u202eabc\u202c", "abc"),
        ("\ufeffabc", "abc"),
        ("e\u0301", "é"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("a\tb", "a\tb"),
    ],
)
def test_typed_text_has_one_form_and_no_control_characters(typed: str, kept: str) -> None:
    assert safety.plain(typed) == kept


def test_half_a_character_is_refused_in_plain_text() -> None:
    with pytest.raises(ValidationError, match="cannot be stored"):
        safety.plain("\udfff")


@STEADY
@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("a\u202e\u0301")
def test_plain_text_stays_the_same_when_it_is_made_plain_again(text: str) -> None:
    once = safety.plain(text)
    assert safety.plain(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not safety.INVISIBLE_IN_TEXT.search(once)


@pytest.mark.parametrize(
    ("html", "depth"),
    [
        ("", 0),
        ("x", 0),
        ("<p>x</p><p>y</p>", 1),
        ("<ul><li>a<br>b<img><hr></li></ul>", 2),
        ("<h2><em>x</em></h2>", 2),
    ],
)
def test_depth_counts_elements_inside_each_other(html: str, depth: int) -> None:
    assert safety.depth_of(html) == depth


def test_links_of_comments_earn_nothing_and_tell_nothing() -> None:
    cleaned = safety.COMMENT.clean('<p><a href="https://example.org/" rel="dofollow">x</a></p>')
    assert cleaned == '<p><a href="https://example.org/" rel="nofollow ugc noreferrer">x</a></p>'


def test_only_what_is_written_out_becomes_a_link() -> None:
    assert "<a" not in safety.COMMENT.clean("<p>I was tired.So I slept, see example.org</p>")
    assert 'href="https://example.org"' in safety.COMMENT.clean("<p>see https://example.org</p>")
    assert "<a" not in safety.COMMENT.clean("<pre>https://example.org</pre>")
    assert "<a" not in safety.ARTICLE.clean("<p>https://example.org</p>")
