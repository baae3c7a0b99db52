"""What the editor does to tables and lists is put right when a text is saved."""

import pytest

from articles.rendering import sanitise


@pytest.mark.parametrize(
    ("made", "stored"),
    [
        ("<ul><li><p>a</p></li></ul>", "<ul><li>a</li></ul>"),
        ("<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        (
            "<table><tbody><tr><th><p>A</p></th><th>B</th></tr><tr><th>r</th><td><p>1</p><p>2</p></td></tr></tbody></table>",
            '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
            '<tbody><tr><th scope="row">r</th><td><p>1</p><p>2</p></td></tr></tbody></table>',
        ),
        (
            "<table><tbody><tr><th>only a head</th></tr></tbody></table>",
            '<table><thead><tr><th scope="col">only a head</th></tr></thead></table>',
        ),
        (
            "<table><tbody><tr><th>r</th><td>1</td></tr></tbody></table>",
            '<table><tbody><tr><th scope="row">r</th><td>1</td></tr></tbody></table>',
        ),
        ("<p>a</p><blockquote><p>b</p></blockquote>", "<p>a</p><blockquote><p>b</p></blockquote>"),
    ],
)
def test_structure(made: str, stored: str) -> None:
    assert sanitise(made) == stored
    assert sanitise(stored) == stored
