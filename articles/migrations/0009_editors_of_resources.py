"""Editors look after corrections, resources and series."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MODELS = ["correction", "part", "recommendation", "resource", "series"]
RIGHTS = [f"{verb}_{model}" for model in MODELS for verb in ("add", "change", "delete", "view")]


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    create_permissions(installed.get_app_config("articles"), verbosity=0, using=editor.connection.alias)
    rights = apps.get_model("auth", "Permission").objects.filter(
        codename__in=RIGHTS, content_type__app_label="articles"
    )
    # The group itself is made by a migration of the comments, which may come later.
    editors, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Editors")
    editors.permissions.add(*rights)


def forbid(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for group in apps.get_model("auth", "Group").objects.filter(name="Editors"):
        group.permissions.remove(*group.permissions.filter(codename__in=RIGHTS))
    # Addresses of a kind that the older table does not know.
    apps.get_model("articles", "FormerSlug").objects.filter(article=None, tag=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_the_article_in_order"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(allow, forbid)]
