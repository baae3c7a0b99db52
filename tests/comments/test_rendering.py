"""A comment's text becomes safe HTML, and nothing else does."""

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.rendering import render
from fibroblog import limits

REL = 'rel="nofollow ugc noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain words", "<p>Plain words</p>"),
        ("Two\nlines", "<p>Two<br>\nlines</p>"),
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("[x](https://a.example/?b=1&c=2)", f'<p><a href="https://a.example/?b=1&amp;c=2" {REL}>x</a></p>'),
        (
            "see https://a.example/x.",
            f'<p>see <a href="https://a.example/x" {REL}>https://a.example/x</a>.</p>',
        ),
        ("end.Next sentence", "<p>end.Next sentence</p>"),
        ("# not a heading", "<p># not a heading</p>"),
        ("---", "<p>---</p>"),
        ("I take 5 < 6 & 7", "<p>I take 5 &lt; 6 &amp; 7</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
    ],
)
def test_the_subset(text: str, html: str) -> None:
    assert render(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,hi)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x](\\\\evil.example)",
        "![x](https://evil.example/p.png)",
        "<javascript:alert(1)>",
        '[x](https://a.example" onclick="alert(1))',
        "<svg/onload=alert(1)>",
        "`<script>`",
    ],
)
def test_nothing_that_runs_or_loads_gets_through(text: str) -> None:
    html = render(text)
    tags = re.findall(r"<(/?[a-z]+)([^>]*)>", html)
    assert {tag.strip("/") for tag, _ in tags} <= {"p", "a", "em", "strong", "code", "br"}
    for _, attributes in tags:
        assert not re.search(r"\bon\w+=|style=|src=", attributes)
        assert "javascript" not in attributes.lower()
        assert "data:" not in attributes
        assert 'href="//' not in attributes


@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u200b", "\u2066\u2069", "\x00"])
def test_nothing_to_read_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Write your comment"):
        render(text)


def test_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(ValidationError, match=r"10,001 characters; the most is 10,000") as refused:
        render("x" * (limits.COMMENT_MAX_LENGTH + 1))
    assert refused.value.code == "too_long"
    assert render("x" * limits.COMMENT_MAX_LENGTH)


def test_half_a_character_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="cannot be stored"):
        render("\ud800")


def test_direction_marks_do_not_reach_the_page() -> None:
    assert "\u202e" not in render("Hello \u202egnp.exe")


def test_an_emoji_of_several_parts_stays_whole() -> None:
    assert "👩\u200d👧" in render("👩\u200d👧")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab <>&\"'`*_[]()!#\n\r\t:/.-+=1\\~|\u200bé", max_size=300))
def test_only_the_few_tags_with_the_few_attributes_come_out(text: str) -> None:
    try:
        html = render(text)
    except ValidationError:
        return
    for tag, attributes in re.findall(r"<(/?[a-zA-Z][^\s/>]*)([^>]*)>", html):
        assert tag.strip("/") in {
            "p",
            "strong",
            "em",
            "ul",
            "ol",
            "li",
            "blockquote",
            "br",
            "code",
            "pre",
            "a",
        }
        assert re.fullmatch(r"""( (href|start|rel)="[^"]*")*""", attributes)


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads take turns so often that what they share is torn apart."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty_threads")
def test_texts_that_are_rendered_at_the_same_time_do_not_mix() -> None:
    texts = [f"{writer}-{number} " * 30 for writer in "abcdefgh" for number in range(20)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(render, texts)) == [f"<p>{text.strip()}</p>" for text in texts]
