"""The editor in the admin and the sanitiser say the same about what a post may hold."""

from django_prose_editor.config import allowlist_from_extensions

from articles import editor
from articles.models import Article, Page
from articles.rendering import sanitise
from fibroblog import safety

# What the library adds of its own accord and we do not store: no page shows it, or a link would gain powers.
NOT_STORED = {"rel", "title", "type", "data-type", "data-file", "class"}
# What the editor never writes, but older posts and the demo may hold.
NOT_WRITTEN = {"scope"}


def test_the_editor_and_the_sanitiser_know_the_same_elements() -> None:
    assert allowlist_from_extensions(editor.EXTENSIONS)["tags"] == set(safety.ARTICLE.attributes)


def test_the_editor_and_the_sanitiser_know_the_same_attributes() -> None:
    offered = {
        tag: set(names) - NOT_STORED
        for tag, names in allowlist_from_extensions(editor.EXTENSIONS)["attributes"].items()
    }
    stored = {tag: set(names) - NOT_WRITTEN for tag, names in safety.ARTICLE.attributes.items()}
    assert {tag: names for tag, names in offered.items() if names} == {
        tag: names for tag, names in stored.items() if names
    }


def test_the_editor_and_the_sanitiser_know_the_same_schemes() -> None:
    assert allowlist_from_extensions(editor.EXTENSIONS)["url_schemes"] == safety.SCHEMES


def test_rows_and_cells_are_named_or_the_editor_would_not_start() -> None:
    assert {"Table", "TableRow", "TableHeader", "TableCell"} <= set(editor.EXTENSIONS)


def test_every_body_is_cleaned_by_the_one_sanitiser() -> None:
    for model in (Article, Page):
        field = model._meta.get_field("body")
        assert isinstance(field, editor.BodyField)
        assert field.sanitize is sanitise
        assert field.clean("<p onclick='x'>a</p><script>x</script>", None) == "<p>a</p>"
