"""The moderation log can be added to, never changed: the database refuses."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from comments import append_only


def protect(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.protect(editor)


def lift(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.lift(editor)


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]
    operations = [migrations.RunPython(protect, lift)]
