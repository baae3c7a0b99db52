"""The full-text side of the index, which Django's models do not know. `prepare` and `reindex` fill it."""

from typing import Any

from django.db import migrations

from fibroblog.search import postgres, sqlite


def backend(schema: Any) -> Any:
    return postgres if schema.connection.vendor == "postgresql" else sqlite


def create(apps: Any, schema: Any) -> None:
    backend(schema).create(schema)


def remove(apps: Any, schema: Any) -> None:
    backend(schema).remove(schema)


class Migration(migrations.Migration):
    dependencies = [("fibroblog", "0005_search_tables")]

    operations = [migrations.RunPython(create, remove)]
