"""Numbers from before carry the zeros of a column with four decimals, which nobody typed."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NUMBERS = {"Outcome": ["scale_low", "scale_high"], "Result": ["estimate", "sd", "low", "high"]}


def trim(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """How many of the zeros were typed is not known any more, so all go, as they went in print until now."""
    for model, fields in NUMBERS.items():
        rows = apps.get_model("articles", model)._base_manager.using(editor.connection.alias)
        for row in rows.all():
            for field in fields:
                number = getattr(row, field)
                setattr(row, field, None if number is None else number.normalize())
            row.save(update_fields=fields)


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_numbers_as_printed")]
    operations = [migrations.RunPython(trim, migrations.RunPython.noop)]
