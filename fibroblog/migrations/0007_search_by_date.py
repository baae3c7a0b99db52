"""A search within a year finds where it begins and ends in the index, and PostgreSQL looks for phrases in less time."""

from typing import Any

from django.db import migrations, models

from fibroblog.search import postgres


def forwards(apps: Any, schema: Any) -> None:
    if schema.connection.vendor == "postgresql":
        postgres.keep_inline(schema)


def backwards(apps: Any, schema: Any) -> None:
    if schema.connection.vendor == "postgresql":
        postgres.keep_anywhere(schema)


class Migration(migrations.Migration):
    dependencies = [("fibroblog", "0006_search_full_text")]

    operations = [
        migrations.AddIndex(
            model_name="indexeddocument",
            index=models.Index(fields=["kind", "at", "id"], name="indexed_by_date"),
        ),
        migrations.RunPython(forwards, backwards),
    ]
