"""Moderators may write the rules that comments are screened by."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

RIGHTS = ["add_rule", "change_rule", "delete_rule", "view_rule", "view_historicalrule"]


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    create_permissions(installed.get_app_config("comments"), verbosity=0, using=editor.connection.alias)
    rights = apps.get_model("auth", "Permission").objects.filter(
        codename__in=RIGHTS, content_type__app_label="comments"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        group.permissions.add(*rights)


def forbid(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for group in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        group.permissions.remove(*group.permissions.filter(codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [("comments", "0005_shown_at"), ("comments", "0003_groups")]
    operations = [migrations.RunPython(allow, forbid)]
