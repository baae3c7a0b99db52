"""The groups Editors and Moderators with their permissions."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ALL = ("add", "change", "delete", "view")
GROUPS = {
    "Editors": {
        "article": ALL,
        "historicalarticle": ("view",),
        "author": ALL,
        "tag": ALL,
        "picture": ALL,
        "page": ("change", "view"),
        "historicalpage": ("view",),
        "discussion": ("add", "change", "view"),
    },
    "Moderators": {
        "comment": ("moderate", "view"),
        "decision": ("view",),
        "discussion": ("add", "change", "view"),
    },
}


def create_groups(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    # Django makes permissions only after all migrations ran; the groups need them now.
    for label in ("articles", "comments"):
        create_permissions(installed.get_app_config(label), verbosity=0, using=editor.connection.alias)
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for name, rights in GROUPS.items():
        group, _ = group_model.objects.get_or_create(name=name)
        for model, verbs in rights.items():
            codenames = [f"{verb}_{model}" for verb in verbs]
            found = permission_model.objects.filter(
                codename__in=codenames, content_type__app_label__in=("articles", "comments")
            )
            group.permissions.add(*found)


def delete_groups(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0002_append_only_log"),
        ("articles", "0002_site_pages"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_groups, delete_groups)]
