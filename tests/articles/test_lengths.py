"""A post in three lengths at one address: key points, a short version where there is one, the full story."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import publishing
from articles.models import Article
from articles.templatetags.bodies import body
from tests.conftest import signed_in
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def page(client: Client, article: Article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


def test_without_a_script_all_three_are_there_the_short_ones_first(client: Client) -> None:
    text = page(client, make_article(short_version="In short.\n\nAnd this.", body="<p>At length.</p>"))
    order = [text.index(words) for words in ("First point.", "In short.", "And this.", "At length.")]
    assert order == sorted(order)
    assert "data-part" in text
    assert not re.search(r"<section[^>]* hidden", text)
    for anchor in re.findall(r'href="#([^"]+)" data-choose', text):
        assert f'id="{anchor}"' in text
    assert re.findall(r'data-choose="(\w+)"', text) == ["points", "short", "full"]


def test_a_post_without_a_short_version_offers_two(client: Client, article: Article) -> None:
    text = page(client, article)
    assert re.findall(r'data-choose="(\w+)"', text) == ["points", "full"]
    assert "The short version" not in text


def test_each_length_says_how_long_it_takes(client: Client) -> None:
    post = make_article(key_points="word " * 90, short_version="word " * 320, body=f"<p>{'word ' * 1400}</p>")
    assert (post.minutes_of_points, post.minutes_of_short, post.minutes) == (1, 2, 7)
    assert re.findall(r'<span class="meta">(\d+) min</span>', page(client, post)) == ["1", "2", "7"]


def test_the_short_version_is_plain_text(client: Client) -> None:
    post = make_article(short_version="It <b>may</b> help.\x07\n<script>alert(1)</script>")
    assert post.short_version == "It <b>may</b> help.\n<script>alert(1)</script>"
    text = page(client, post)
    assert '<p id="s-1">It &lt;b&gt;may&lt;/b&gt; help.<br>&lt;script&gt;alert(1)&lt;/script&gt;</p>' in text


def test_a_new_short_version_counts_as_an_update_and_is_found(client: Client, article: Article) -> None:
    article.short_version = "About lanterns."
    publishing.save_article(article)
    assert article.updated_at is not None
    assert article.title in client.get("/search/?q=lanterns").content.decode()


def test_editors_write_it_beside_the_key_points(editor: User, article: Article) -> None:
    text = signed_in(editor).get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    names = re.findall(r'name="(key_points|short_version|body)"', text)
    assert names == ["key_points", "short_version", "body"]


def test_each_paragraph_and_part_has_an_address_of_its_own() -> None:
    html = (
        "<p>One.</p><h2>A</h2><p>Two.</p><blockquote><p>Three.</p></blockquote><h2>B</h2><ul><li>x</li></ul>"
    )
    shown = body(html)
    assert re.findall(r'id="([^"]+)"', shown) == ["p-1", "part-1", "p-2", "p-3", "part-2"]
    assert shown == body(html)


@pytest.mark.parametrize("columns", [2, 3, 4, 7])
def test_only_a_wide_table_says_that_it_slides(columns: int) -> None:
    cells = '<th scope="col">x</th>' * columns
    row = f"<tr>{cells}</tr>"
    shown = body(f"<table><thead>{row}</thead><tbody>{row * 9}</tbody></table><p>After.</p>")
    assert shown.count('class="slide"') == (columns >= 4)
    assert shown.count('<div class="table-scroll"') == shown.count("</table></div>") == 1
    assert 'id="p-1">After.' in shown, "the hint takes no place of a paragraph"
