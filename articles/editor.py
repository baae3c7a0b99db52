"""The body's editor in the admin: which marks it offers, and the field that stores what it makes.

The editor's list and the sanitiser's list say the same; tests/articles/test_editor.py holds them together.
"""

from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorField

from .rendering import sanitise

EXTENSIONS: dict[str, Any] = {
    "Heading": {"levels": [2, 3]},
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Image": True,
    "Figure": True,
    "Caption": True,
    # Rows and cells have to be named, or the editor throws at its start.
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}


class BodyField(ProseEditorField, models.TextField[str, str]):
    """HTML text. Cleaned by `rendering.sanitise`, never by the editor's own rules, so that there is one rule."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", sanitise)
        super().__init__(*args, **kwargs)
