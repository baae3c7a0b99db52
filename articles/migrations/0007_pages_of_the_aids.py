"""The privacy page says what stays in the browser since one can stop, continue and choose how much to read.

Only a page whose text nobody changed gets the new sentences; an editor's words are never touched.
"""

import importlib

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

BEFORE = importlib.import_module("articles.migrations.0004_pages_of_the_conversation")
OLD = "when you last read a discussion, and whom or what you chose to hide."
NEW = (
    "when you last read a discussion, and whom or what you chose to hide. It keeps how much of a post you like to "
    "read, how fast a voice reads it to you, and the places where you pressed “Stop here”. The voice is your "
    "device’s own."
)


def text_of_privacy() -> tuple[str, str]:
    """The page's text until now, and the one that follows it."""
    _, before = BEFORE.text_of("privacy")
    return before, before.replace(OLD, NEW)


def renew(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    before, now = text_of_privacy()
    pages.filter(slug="privacy", body=before).update(body=now, updated_at=timezone.now())


def go_back(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    before, now = text_of_privacy()
    pages.filter(slug="privacy", body=now).update(body=before, updated_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_editors_explain_words")]
    operations = [migrations.RunPython(renew, go_back)]
