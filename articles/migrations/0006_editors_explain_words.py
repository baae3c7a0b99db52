"""Editors may keep the glossary."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

RIGHTS = [f"{verb}_glossaryterm" for verb in ("add", "change", "delete", "view")]


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    create_permissions(installed.get_app_config("articles"), verbosity=0, using=editor.connection.alias)
    rights = apps.get_model("auth", "Permission").objects.filter(
        codename__in=RIGHTS, content_type__app_label="articles"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Editors"):
        group.permissions.add(*rights)


def forbid(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for group in apps.get_model("auth", "Group").objects.filter(name="Editors"):
        group.permissions.remove(*group.permissions.filter(codename__in=RIGHTS))


class Migration(migrations.Migration):
    # The groups come with the comments.
    dependencies = [("articles", "0005_short_version_and_words"), ("comments", "0003_groups")]
    operations = [migrations.RunPython(allow, forbid)]
